"""What a person or an API program asked for is refused: each by a name of its own."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from wabridge.errors.faults import WabridgeError


class RequestError(WabridgeError):
    """What was asked for is refused, for a reason the asker may read."""

    public = True


class BadRequest(RequestError):
    """The request itself is broken."""


class BodyTooLarge(BadRequest):
    """The body is larger than is accepted here."""


class NotSignedIn(RequestError):
    """Nobody is signed in."""


class SignatureRefused(RequestError):
    """The webhook's signature is missing or wrong."""


class NotAllowed(RequestError):
    """This person or token has no right to it."""


class FormExpired(NotAllowed):
    """The form belongs to a session that has ended."""


class SelfApproval(NotAllowed):
    """Somebody else than its author has to approve the notice."""


class NotFound(RequestError):
    """There is no such thing."""


class EnclosureGone(NotFound):
    """A file that waited to be sent was sent meanwhile, taken back, or handed in too long ago."""


class Conflict(RequestError):
    """The rules forbid it in the present state."""


class WindowClosed(Conflict):
    """The customer service window is closed: free text is not delivered."""


class TemplateWithdrawn(Conflict):
    """Meta does not let this template be sent at present, or this program cannot fill it in."""


class TemplateChanged(Conflict):
    """The template has another wording now than the one that was filled in."""


class AdvertisingRefused(Conflict):
    """The person wants no advertising, and Meta counts this template as that."""


class NotPending(Conflict):
    """The message has already been handed over or settled."""


class MessagesWaiting(Conflict):
    """Messages to joined contacts wait to be sent; taken apart now, they could reach the wrong one of the two."""


class AlreadyAnswered(Conflict):
    """Nothing is left to decide: something has happened meanwhile."""


class TooEarly(Conflict):
    """Meta may still say by itself what came of the message."""


class Pointless(Conflict):
    """The very same message would fail again."""


class NewerMessage(Conflict):
    """The person wrote something that the writer has not seen."""


class IdentityUnverified(Conflict):
    """Something about who the recipient is has changed, and nobody has made sure. alert_id: the newest alert."""

    def __init__(self, message: str, *, alert_id: int) -> None:
        super().__init__(message)
        self.alert_id = alert_id


class RecipientInDoubt(IdentityUnverified):
    """A notice is not approved for somebody about whom an identity alert is open."""


class NotReferable(Conflict):
    """WhatsApp does not know the message that is to be answered or reacted to."""


class OtherChat(NotReferable):
    """The message that is to be answered stands in the chat with another number of the same person."""


class FileNotHere(Conflict):
    """The file of this message is not here: not fetched yet, given up, or damaged since."""


class ConversationReadOnly(Conflict):
    """This conversation cannot be answered from here."""


class NoticeChanged(Conflict):
    """The notice is not what its reader saw."""


class NoticeNotApproved(Conflict):
    """Nobody has approved the notice as it stands."""


class NoticeUnderway(Conflict):
    """The notice has gone out, or was withdrawn."""


class RecipientChanged(Conflict):
    """The notice was approved for another account than the contact has now."""


class DeadlinePassed(Conflict):
    """The deadline of the notice lies in the past."""


class NoNoticeTemplate(Conflict):
    """The window is closed, and no approved template can carry the notice."""


class NoticeDocumentLost(Conflict):
    """The document of the notice is damaged here or gone, or it is another one."""


class Unprocessable(RequestError):
    """Well-formed, but it makes no sense."""


class TextEmpty(Unprocessable):
    """The text is empty."""


class TextTooLong(Unprocessable):
    """The text is longer than WhatsApp accepts. parts: in how many messages it could go."""

    def __init__(self, message: str, *, parts: int) -> None:
        super().__init__(message)
        self.parts = parts


class Flaw(NamedTuple):
    """One thing about a draft that does not fit. number: which button, row or card; actual, limit: by how much."""

    place: str
    problem: Literal[
        "missing",
        "too_long",
        "too_many",
        "doubled",
        "unwanted",
        "wrong_kind",
        "no_address",
        "no_email",
        "no_day",
        "no_emoji",
        "no_voice",
        "one_heading",
        "off_the_globe",
    ]
    number: int | None = None
    actual: int = 0
    limit: int = 0


class DraftUnfit(Unprocessable):
    """Something about a message is too long, missing, doubled or out of place. flaws: all of it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__("; ".join(f"{flaw.place} {flaw.number or ''}: {flaw.problem}" for flaw in flaws))
        self.flaws = flaws


class TemplateUnfit(Unprocessable):
    """What was filled in does not fit. problems: each slot's key with the reason, as `model.filling` names them."""

    def __init__(self, message: str, *, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class FileUnfit(Unprocessable):
    """WhatsApp does not take such a file. reason: a word of `model.sendable.Unfit`.

    limit_bytes: how large such a file may be, if it is too large; name: what its owner calls it, once that is known.
    """

    def __init__(self, reason: str, *, limit_bytes: int = 0, name: str = "") -> None:
        super().__init__(f"this file cannot be sent: {reason}")
        self.reason = reason
        self.limit_bytes = limit_bytes
        self.name = name


class FileTooLarge(FileUnfit):
    """A file is larger than WhatsApp takes of its kind; its reason is "too_large"."""


class NoteUnfit(Unprocessable):
    """There is no note, or it is too long."""


class NoticeUnfit(Unprocessable):
    """The notice has no title or no content, or one that is too long."""


class NoticeTooLong(Unprocessable):
    """The text of the notice does not fit above buttons."""


class NotAPdf(Unprocessable):
    """The document of a notice is no PDF."""


class NotAScan(Unprocessable):
    """What was handed in with a record is neither a PDF nor a picture."""


class RecordUnfit(Unprocessable):
    """The record does not say what happened when, or says it of the future."""


class ReasonMissing(Unprocessable):
    """Evidence is exported for a reason only, and there is none."""


class TooMuchToExport(Unprocessable):
    """This scope holds more messages than one report can carry."""


class PhoneUnreadable(Unprocessable):
    """This is not a phone number."""


class PhoneTaken(Unprocessable):
    """Another contact has this phone number. contact_id: which."""

    def __init__(self, message: str, *, contact_id: int) -> None:
        super().__init__(message)
        self.contact_id = contact_id


class NameTooLong(Unprocessable):
    """The name is longer than a page can show."""


class PasswordTooShort(Unprocessable):
    """The password is too short."""


class KeyReused(Unprocessable):
    """The same Idempotency-Key was used with another body."""


class TooManyTries(RequestError):
    """Too many failed sign-ins; wait and try again."""

    retryable = True

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
