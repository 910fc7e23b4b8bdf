"""Whether an answer to a legal notice counts as its confirmation.

Each button of a notice carries `n:<notice>:<nonce>:<choice>`; the nonce is 128 random bits, new with every sending, so
that a button of another notice or of a sending that was replaced counts for nothing. "I have read it" confirms only if
it comes from the account that was approved, bound to this notice. "This is not me" and "I have a question" are taken
at their word from whomever they come: a doubt needs no proof.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple

from wabridge.model.event import Person
from wabridge.model.ids import NoticeId
from wabridge.model.limits import BUTTON_ID_CHARACTERS
from wabridge.model.notice import CHOICES, Choice, Notice
from wabridge.model.notice_level import confirmed_at

_BUTTON = re.compile(r"n:([1-9][0-9]{0,17}):([0-9a-f]{32}):(yes|question|notme)")

Verdict = Literal["confirmed", "confirmed_late", "repeated", "question", "not_me", "responded", "not_counted"]
"""confirmed_late: after the deadline. repeated: it was confirmed already. responded: a reply that quotes the notice,
which only a person can take for a confirmation. not_counted: "I have read it", with an objection."""

Objection = Literal[
    "not_sent",
    "wrong_context",
    "old_nonce",
    "unknown_nonce",
    "other_identity",
    "identity_key_changed",
    "identity_in_doubt",
]
"""not_sent: no message carries this notice. wrong_context: the button stands under another message. old_nonce: of a
sending that was replaced. unknown_nonce: of no sending at all. other_identity: another account answered.
identity_key_changed: the account's keys are not those that were pinned. identity_in_doubt: since the approval something
about who the person is has changed, and nobody has made sure."""


class Button(NamedTuple):
    """What a button's id says."""

    notice_id: NoticeId
    nonce: str
    choice: Choice


class Answer(NamedTuple):
    """What came back to a notice.

    choice: None for a written reply that quotes it. nonce: what the button's id carries, None if it was bound by what
    it quotes alone. quoted_wamid: the message it answers; quotes_ours: that is a message known here. at: Meta's time.
    key_hash: WhatsApp's fingerprint of the writer's keys, if it came. in_doubt: an identity alert is open.
    """

    choice: Choice | None
    nonce: str | None
    quoted_wamid: str | None
    quotes_ours: bool
    sender: Person
    at: datetime
    key_hash: str | None = None
    in_doubt: bool = False


class Judgement(NamedTuple):
    """What an answer is worth. objection: what speaks against it, also where it is taken at its word."""

    verdict: Verdict
    objection: Objection | None = None


def build_button(notice_id: NoticeId, nonce: str, choice: Choice) -> str:
    """Return the id of a button."""
    built = f"n:{notice_id}:{nonce}:{choice}"
    assert len(built) <= BUTTON_ID_CHARACTERS, "an id and a nonce are short"
    return built


def parse_button(choice_id: str | None) -> Button | None:
    """Return what the id of a pressed button says, None if it belongs to no notice."""
    match = _BUTTON.fullmatch(choice_id or "")
    if match is None:
        return None
    choice = next(choice for choice in CHOICES if choice == match[3])
    return Button(NoticeId(int(match[1])), match[2], choice)


def judge(notice: Notice, answer: Answer, *, recipient: Person | None) -> Judgement:
    """Return what an answer to a notice is worth.

    recipient: whom it was approved for, with what WhatsApp has told of the same account since; None if never approved.
    """
    objection = next((word for word, applies in _OBJECTIONS if applies(notice, answer, recipient)), None)
    if answer.choice is None:
        return Judgement("responded", objection)
    if answer.choice != "yes":
        return Judgement("question" if answer.choice == "question" else "not_me", objection)
    if objection is not None:
        return Judgement("not_counted", objection)
    if confirmed_at(notice) is not None:
        return Judgement("repeated")
    deadline = notice.told.deadline_at
    return Judgement("confirmed" if deadline is None or answer.at <= deadline else "confirmed_late")


def disowns(notice: Notice, answer: Answer, *, recipient: Person | None) -> bool:
    """Say whether "this is not me" casts doubt on the recipient.

    It does if the account that was approved pressed a button of this notice, also an earlier sending's or under other
    keys; what is forged, or bound to something else, does not.
    """
    return answer.choice == "notme" and not any(applies(notice, answer, recipient) for applies in _UNBOUND)


def is_same(recipient: Person, sender: Person) -> bool:
    """Say whether an answer comes from the account that was approved: something agrees and nothing differs."""
    pairs = [
        (recipient.user_id, sender.user_id),
        (recipient.parent_user_id, sender.parent_user_id),
        (recipient.phone, sender.phone),
    ]
    known = [one == other for one, other in pairs if one and other]
    return bool(known) and all(known)


def _was_not_sent(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    return not notice.sent or recipient is None


def _has_wrong_context(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    """An attempt without an answer of Meta's may bear the quoted id, unless that is another message's."""
    if answer.quoted_wamid is None:
        return answer.nonce is None
    asking = [carrier for carrier in notice.carriers if carrier.purpose != "receipt"]
    if any(answer.quoted_wamid in carrier.wamids for carrier in asking):
        return False
    return answer.nonce is None or answer.quotes_ours or not any(carrier.is_open for carrier in asking)


def _has_old_nonce(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    if answer.nonce is not None:
        return answer.nonce != notice.nonce and any(answer.nonce == carrier.nonce for carrier in notice.carriers)
    return any(answer.quoted_wamid in carrier.wamids and carrier.nonce != notice.nonce for carrier in notice.carriers)


def _has_unknown_nonce(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    return answer.nonce is not None and all(answer.nonce != carrier.nonce for carrier in notice.carriers)


def _is_from_another(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    return recipient is None or not is_same(recipient, answer.sender)


def _has_other_keys(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    pinned = None if notice.approval is None else notice.approval.key_hash
    return pinned is not None and answer.key_hash is not None and pinned != answer.key_hash


def _is_in_doubt(notice: Notice, answer: Answer, recipient: Person | None) -> bool:
    return answer.in_doubt


_OBJECTIONS: tuple[tuple[Objection, Callable[[Notice, Answer, Person | None], bool]], ...] = (
    ("not_sent", _was_not_sent),
    ("other_identity", _is_from_another),
    ("identity_key_changed", _has_other_keys),
    ("identity_in_doubt", _is_in_doubt),
    ("unknown_nonce", _has_unknown_nonce),
    ("old_nonce", _has_old_nonce),
    ("wrong_context", _has_wrong_context),
)
"""Gravest first: the first that applies is the one that is recorded."""
_UNBOUND = (_was_not_sent, _is_from_another, _has_unknown_nonce, _has_wrong_context)
"""With these an answer says nothing about the person."""
