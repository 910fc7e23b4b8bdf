"""The words for the state of the house and for a refused wish, as tables: banners, refusals, error pages."""

from typing import Literal, NamedTuple

from wabridge.errors import (
    ConversationReadOnly,
    KeyReused,
    NotAllowed,
    NotPending,
    PasswordTooShort,
    StorageUnavailable,
    TextEmpty,
    TextTooLong,
    TooManyTries,
    WabridgeError,
    WindowClosed,
)
from wabridge.web.language import Msgid


class BannerWords(NamedTuple):
    """A standing remark. many: the plural, if the sentence counts; button: which form stands beside it."""

    sentence: Msgid
    advice: Msgid
    many: Msgid | None = None
    button: Literal["", "seen", "resume"] = ""


BANNERS: dict[str, BannerWords] = {
    "sandbox": BannerWords(
        Msgid("Trial mode: no message leaves this machine."),
        Msgid("Clients and Meta are pretended here."),
    ),
    "signatures_refused": BannerWords(
        Msgid("Meta is knocking with another secret: {number} delivery was refused."),
        Msgid("Messages from clients may be waiting at Meta. The operator must compare the app secret at once."),
        many=Msgid("Meta is knocking with another secret: {number} deliveries were refused."),
    ),
    "sending_paused": BannerWords(
        Msgid("Sending is paused. Messages are kept and will wait."),
        Msgid("Messages from clients still come in. When the cause is mended, resume sending."),
        button="resume",
    ),
    "quarantined": BannerWords(
        Msgid("{number} delivery from WhatsApp could not be understood."),
        Msgid("The originals are kept. A message may be among them: tell the operator."),
        many=Msgid("{number} deliveries from WhatsApp could not be understood."),
        button="seen",
    ),
    "storage_failing": BannerWords(
        Msgid("The disk is not accepting data at present."),
        Msgid("Messages from clients wait at Meta and come again. The operator must look at the disk now."),
    ),
    "held_messages": BannerWords(
        Msgid("{number} message is held back until somebody decides."),
        Msgid("Open the conversation and decide: send now, or cancel."),
        many=Msgid("{number} messages are held back until somebody decides."),
    ),
    "overdue_messages": BannerWords(
        Msgid("{number} message has waited longer than the office allows."),
        Msgid("Its conversation says what it waits for. It is not sent late without a decision."),
        many=Msgid("{number} messages have waited longer than the office allows."),
    ),
    "unknown_messages": BannerWords(
        Msgid("{number} message may or may not have reached Meta."),
        Msgid("No report has come in time. Ask the person whether it arrived before anything is sent again."),
        many=Msgid("{number} messages may or may not have reached Meta."),
    ),
    "possible_match": BannerWords(
        Msgid("Meta reported a failure that may belong to {number} message without a definite answer."),
        Msgid("Look at the conversation; if in doubt, ask the person whether it arrived."),
        many=Msgid("Meta reported failures that may belong to {number} messages without a definite answer."),
        button="seen",
    ),
    "identity_changed": BannerWords(
        Msgid("The number of {number} contact now shows another WhatsApp identity."),
        Msgid("The number may have a new owner. Make sure who is writing before you answer anything confidential."),
        many=Msgid("The numbers of {number} contacts now show another WhatsApp identity."),
        button="seen",
    ),
    "failed": BannerWords(
        Msgid("{number} message could not be delivered."),
        Msgid("The conversation says why, and what to do."),
        many=Msgid("{number} messages could not be delivered."),
        button="seen",
    ),
    "webhooks_late": BannerWords(
        Msgid("Deliveries from Meta wait to be worked off."),
        Msgid("New messages show up with a delay. If this does not pass within minutes, the operator must look."),
    ),
}
REMARK = BannerWords(Msgid("Something needs attention."), Msgid("Tell the operator."), button="seen")
"""For a kind of banner that this page does not know."""

REFUSALS: dict[type[WabridgeError], Msgid] = {
    WindowClosed: Msgid("Not sent: the 24 hours since this person last wrote are over."),
    ConversationReadOnly: Msgid("Not sent: this conversation cannot be answered from here."),
    TextEmpty: Msgid("Nothing to send: the message is empty."),
    TextTooLong: Msgid("Not sent: the text is longer than 4096 characters. Send it in parts."),
    KeyReused: Msgid("Not sent: this form had already sent another text. Look above, then send this one if needed."),
    StorageUnavailable: Msgid("Not sent: the disk did not take the message. Try again soon."),
    NotAllowed: Msgid("You have no right to do this."),
    NotPending: Msgid("Too late: the message has already been handed over, or was already decided."),
    PasswordTooShort: Msgid("Not changed: the password is too short. Take at least 12 characters."),
    TooManyTries: Msgid("Too many tries. Wait a while, then try again."),
}
REFUSED = Msgid("This was refused: it does not fit the present state.")


def refusal(error: WabridgeError) -> Msgid:
    """Return why a wish was refused, for whoever had it."""
    return next((REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS), REFUSED)


class ErrorWords(NamedTuple):
    """An error page: what happened, and what to do."""

    title: Msgid
    advice: Msgid


ERROR_PAGES: dict[int, ErrorWords] = {
    400: ErrorWords(
        Msgid("The request could not be understood"),
        Msgid("Go back, load the page anew and try once more."),
    ),
    403: ErrorWords(
        Msgid("This is not allowed"),
        Msgid("You have no right to it, or the page had been open too long. Load it anew and try once more."),
    ),
    404: ErrorWords(Msgid("There is no such page"), Msgid("The address may be mistyped or out of date.")),
    405: ErrorWords(Msgid("This address does not work that way"), Msgid("Go back to the conversations.")),
    409: ErrorWords(
        Msgid("That is not possible any more"),
        Msgid("Something has changed in the meantime. Load the page anew and look."),
    ),
    413: ErrorWords(Msgid("That was too much at once"), Msgid("Send it in smaller parts.")),
    422: ErrorWords(Msgid("That does not fit"), Msgid("Go back and check what you entered.")),
    429: ErrorWords(Msgid("Too many tries"), Msgid("Wait a while, then try again.")),
    500: ErrorWords(
        Msgid("Something went wrong here"),
        Msgid("The fault is recorded. If you were sending, look in the conversation before you send again."),
    ),
    503: ErrorWords(
        Msgid("The disk does not answer at present"),
        Msgid("Nothing was changed. Wait a moment and load the page anew; if it lasts, tell the operator."),
    ),
}

SIGN_IN_REFUSED = Msgid("Login name or password is wrong.")


def sign_in_refusal(error: WabridgeError) -> Msgid:
    """Return why nobody was signed in, without saying which of the two was wrong."""
    return REFUSALS[TooManyTries] if isinstance(error, TooManyTries) else SIGN_IN_REFUSED
