"""A legal notice's ladder as lines of a timeline: what happened, who says so, by which clock, what it does not show."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple, cast

from wabridge.model.confirmation import Objection, Verdict
from wabridge.model.followup import Worry
from wabridge.model.notice import Carrier, Notice, NoticeEvent, Outcome
from wabridge.model.notice_level import CONFIRMED, DISPUTED, level_of
from wabridge.web import notice_words, words
from wabridge.web.language import Msgid
from wabridge.web.words import Tone

Clock = Literal["office", "meta", "said"]
"""Whose clock gave the time: this machine's, Meta's, or that of the person who recorded it."""

CLOCKS: dict[Clock, Msgid] = {
    "office": Msgid("by the office's clock"),
    "meta": Msgid("as Meta reports"),
    "said": Msgid("as recorded"),
}


class Line(NamedTuple):
    """One line. at: None if nobody gave a time. values: what fills the sentence in; note: what somebody wrote.

    meaning: what it shows and what it does not. event: what it was made of, if somebody may correct it.
    """

    at: datetime | None
    clock: Clock
    sentence: Msgid
    values: dict[str, str]
    by: str = ""
    meaning: Msgid | None = None
    tone: Tone = "plain"
    note: str = ""
    recorded_at: datetime | None = None
    message_id: int | None = None
    event: NoticeEvent | None = None
    is_wrong: bool = False


_KINDS: dict[str, Msgid] = {
    "drafted": Msgid("Drafted"),
    "edited": Msgid("Changed"),
    "approved": Msgid("Approved as it stood"),
    "approval_voided": Msgid("The approval is void, because the notice was changed"),
    "queued": Msgid("Prepared for sending"),
    "withdrawn": Msgid("Withdrawn"),
    "overdue": notice_words.LEVELS["overdue"].meaning,
    "closed": Msgid("Closed by the office; what is known of it stays"),
    "corrected": Msgid("An earlier record was wrong"),
}
_REMINDED, _NOT_REMINDED = Msgid("Reminder {count} sent"), Msgid("Reminder {count} could not be sent")
_THANKED, _NOT_THANKED = Msgid("Receipt sent to the client"), Msgid("The receipt could not be sent")
_TOLD = Msgid("Told {names}:")
_TOLD_NOBODY = Msgid("Nobody could be told:")
_RECORDED = Msgid("Recorded by the office")
_IMPLIED = Msgid(
    "No report of the arrival itself has come; it is implied by the report that the message was displayed. When it "
    "arrived is not known."
)
_BUTTON_SHOWS = Msgid("It shows an act of the account. It does not show whose hand it was.")
_RECORD_SHOWS = Msgid("It shows what somebody of the office has recorded, with their name.")


def lines(notice: Notice) -> list[Line]:
    """Return everything that is known of a notice, in the order of the times given.

    Meta tells whole seconds, this machine fractions: within one second things stand in the order in which they follow.
    """
    carriers = {carrier.message_id: carrier for carrier in notice.sent}
    found = []
    for event in notice.events:
        found.append(_event(notice, event))
        if event.kind == "queued" and event.message_id in carriers:
            found += _carried(carriers.pop(event.message_id))
    found += [line for carrier in carriers.values() for line in _carried(carrier)]
    return sorted(found, key=lambda line: int((line.at or notice.created_at).timestamp()))


def misses_display(notice: Notice) -> bool:
    """Say whether it arrived and nothing reports that it was displayed."""
    return bool(notice.sent) and notice.sent[-1].delivery.status == "delivered"


def _carried(carrier: Carrier) -> Iterator[Line]:
    known = carrier.delivery

    def line(at: datetime | None, clock: Clock, sentence: Msgid, meaning: Msgid, tone: Tone = "plain") -> Line:
        return Line(at, clock, sentence, {}, meaning=meaning, tone=tone, message_id=carrier.message_id)

    explained = dict(words.EXPLAINED)
    if known.accepted_at:
        yield line(known.accepted_at, "office", words.ACCEPTED, explained[words.ACCEPTED])
    if known.sent_at:
        yield line(known.sent_at, "meta", words.SENT, explained[words.SENT])
    if known.delivered_at:
        yield line(known.delivered_at, "meta", words.DELIVERED, explained[words.DELIVERED], "good")
    if known.delivered_is_implied:
        yield line(known.read_at, "meta", words.DELIVERED_IMPLIED, _IMPLIED)
    if known.read_at:
        yield line(known.read_at, "meta", words.READ, explained[words.READ], "good")
    if known.status == "failed" or known.conflict:
        sentence = words.CONFLICT if known.conflict else words.FAILED
        yield line(known.failed_at, "meta", sentence, words.failure(known.failure_code).sentence, "bad")


def _event(notice: Notice, event: NoticeEvent) -> Line:
    is_wrong = event not in notice.counting
    plain = Line(event.at, "office", _KINDS.get(event.kind, words.FAILED), {}, by=_by(event), note=event.note)
    match event.kind:
        case "answered":
            return _answer(notice, event)
        case "recorded":
            return _record(notice, event)._replace(is_wrong=is_wrong)
        case "reminded":
            return _own(plain, event, _REMINDED, _NOT_REMINDED)
        case "receipt":
            return _own(plain, event, _THANKED, _NOT_THANKED)
        case "escalated":
            worry = notice_words.WORRIES[cast(Worry, event.word)]
            sentence = _TOLD if event.note else _TOLD_NOBODY
            return plain._replace(sentence=sentence, values={"names": event.note}, meaning=worry, note="")
        case "overdue":
            return plain._replace(tone="bad")
        case "closed":
            return plain._replace(event=event, is_wrong=is_wrong)
    return plain._replace(message_id=event.message_id)


def _answer(notice: Notice, event: NoticeEvent) -> Line:
    verdict = cast(Verdict, event.word)
    objection = notice_words.OBJECTIONS[cast(Objection, event.objection)] if event.objection else None
    return Line(
        event.happened_at,
        "meta",
        notice_words.VERDICTS[verdict],
        {"button": event.note},
        meaning=objection or (None if verdict == "responded" else _BUTTON_SHOWS),
        tone=_tone(notice, event),
        recorded_at=event.at,
        message_id=event.message_id,
    )


def _record(notice: Notice, event: NoticeEvent) -> Line:
    return Line(
        event.happened_at,
        "said",
        _RECORDED,
        {},
        by=_by(event),
        meaning=_RECORD_SHOWS,
        tone=_tone(notice, event),
        note=event.note,
        recorded_at=event.at,
        message_id=event.message_id,
        event=event,
    )


def parts(event: NoticeEvent) -> tuple[Msgid, Msgid]:
    """Return what a record says came of it, and by what means."""
    means = event.means or "other"
    return notice_words.OUTCOMES[cast(Outcome, event.word)], notice_words.MEANS[means]


def _own(plain: Line, event: NoticeEvent, done: Msgid, failed: Msgid) -> Line:
    values = {"count": event.word or ""}
    if event.objection is None:
        return plain._replace(sentence=done, values=values, message_id=event.message_id)
    reason = notice_words.NOT_SENT.get(event.objection, notice_words.NOT_SENT_OTHERWISE)
    return plain._replace(sentence=failed, values=values, meaning=reason, tone="bad")


def _tone(notice: Notice, event: NoticeEvent) -> Tone:
    level = level_of(notice, event)
    if level in CONFIRMED:
        return "good"
    return "bad" if level in DISPUTED or event.objection else "waiting"


def _by(event: NoticeEvent) -> str:
    return "" if event.by.kind == "rule" else event.by.name
