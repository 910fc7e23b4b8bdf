"""Answers to legal notices, judged in the transaction that files the message; and what people make of them.

What the answer is worth says `model.confirmation`; here is only found which notice it belongs to, and the doubt is
raised that "this is not me" is about the recipient. What else follows (the receipt, telling people) is the follow-up's,
which finds the mark that is set here.
"""

from datetime import datetime

from wabridge.core import notice_log
from wabridge.errors import NotFound
from wabridge.model import confirmation
from wabridge.model.confirmation import Answer, Button
from wabridge.model.content import Choice
from wabridge.model.event import Echo, InboundMessage
from wabridge.model.ids import ContactId, MessageId
from wabridge.model.notice import CHOICES, TITLES, Notice, NoticeEvent
from wabridge.model.notice import Choice as Pressed
from wabridge.storage import alerts, contacts, notice_events, notices
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction
from wabridge.storage.messages import InboundRow


def judge_within(
    tx: Transaction, message: InboundMessage | Echo, row: InboundRow, message_id: MessageId, *, now: datetime
) -> bool:
    """Record what a filed message is to a legal notice, if it answers one; say whether it did.

    A group confirms nothing, nor does what the office wrote itself or what a phone hands over of the past.
    """
    if isinstance(message, Echo) or message.group_id is not None or message.source == "history":
        return False
    choice = _find_choice(message)
    button = confirmation.parse_button(choice.choice_id if choice else None)
    notice = _find_notice(tx, row, button)
    if notice is None or notice_events.was_judged(tx, message_id):
        return False
    recipient, whole = notice_log.find_recipient(tx, notice), contacts.find_whole(tx, notice.contact_id)
    answer = Answer(
        choice=button.choice if button else _by_title(notice, choice),
        nonce=button.nonce if button else None,
        quoted_wamid=row.quoted_wamid,
        quotes_ours=row.quoted_wamid is not None and notice_events.is_known(tx, row.number_id, row.quoted_wamid),
        sender=message.sender,
        at=row.time.at,
        key_hash=message.sender.key_hash,
        in_doubt=alerts.find_newest_open(tx, whole) is not None,
    )
    judgement = confirmation.judge(notice, answer, recipient=recipient)
    happened = NoticeEvent(
        id=0,
        kind="answered",
        at=now,
        happened_at=row.time.at,
        by=notice_log.who(notice_log.PROGRAM),
        message_id=message_id,
        version_id=notice.version.id,
        word=judgement.verdict,
        objection=judgement.objection,
        note=(choice.title or "") if choice else "",
    )
    noted = notice_log.note(tx, notice.id, happened) is not None
    if noted and confirmation.disowns(notice, answer, recipient=recipient):
        _doubt(tx, whole, Occasion(row.time.at, "message", row.event_id, now))
    return noted


def _doubt(tx: Transaction, contact_id: ContactId, occasion: Occasion) -> None:
    """Raise an alert: the account says that it is not the person. Said again, it is the same doubt."""
    if not alerts.is_known(tx, contact_id, "disowned", occasion.at):
        alerts.add(tx, contact_id, "disowned", occasion)


def _find_choice(message: InboundMessage) -> Choice | None:
    body = message.content.body if message.content is not None else None
    return body if isinstance(body, Choice) else None


def _find_notice(tx: Transaction, row: InboundRow, button: Button | None) -> Notice | None:
    """Return the notice that a button names, or else the one whose message is quoted; a receipt asks for no answer."""
    if button is not None:
        try:
            return notices.get(tx, button.notice_id)
        except NotFound:
            return None
    quoted = row.quoted_wamid
    notice_id = notice_events.find_by_wamid(tx, row.number_id, quoted) if quoted else None
    if notice_id is None:
        return None
    found = notices.get(tx, notice_id)
    asks = (carrier for carrier in found.carriers if carrier.purpose != "receipt")
    return found if any(quoted in carrier.wamids for carrier in asks) else None


def _by_title(notice: Notice, choice: Choice | None) -> Pressed | None:
    """Return which button was pressed, where its id did not come back: Meta gives the words in its place."""
    if choice is None:
        return None
    titles = TITLES[notice.version.language]
    return next((pressed for pressed in CHOICES if choice.title == titles[pressed]), None)
