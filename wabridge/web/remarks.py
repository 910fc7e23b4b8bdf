"""The words for the state of the house and for a refused wish, as tables: banners, refusals, error pages."""

from typing import Literal, NamedTuple

from wabridge.errors import (
    AdvertisingRefused,
    AlreadyAnswered,
    ConversationReadOnly,
    DraftUnfit,
    EnclosureGone,
    FileNotHere,
    FileUnfit,
    FormExpired,
    IdentityUnverified,
    KeyReused,
    MessagesWaiting,
    NameTooLong,
    NewerMessage,
    NotAllowed,
    NoteUnfit,
    NotPending,
    NotReferable,
    OtherChat,
    PasswordTooShort,
    PhoneTaken,
    PhoneUnreadable,
    Pointless,
    ReasonMissing,
    StorageUnavailable,
    TemplateChanged,
    TemplateUnfit,
    TemplateWithdrawn,
    TextEmpty,
    TextTooLong,
    TooEarly,
    TooManyTries,
    TooMuchToExport,
    WabridgeError,
    WindowClosed,
)
from wabridge.model import failures
from wabridge.web import notice_words, words
from wabridge.web.language import Msgid


class BannerWords(NamedTuple):
    """A standing remark. many: the plural, if the sentence counts; button: which form stands beside it.

    page: where there is more about it, a key of PAGES.
    """

    sentence: Msgid
    advice: Msgid
    many: Msgid | None = None
    button: Literal["", "seen", "resume"] = ""
    page: str = ""


_ACCOUNT = "/whatsapp"
PAGES: dict[str, Msgid] = {_ACCOUNT: Msgid("Open the WhatsApp account"), "/notices": Msgid("Open the notices")}
"""What a link to a page says."""

_REVIEW = Msgid("The operator should open the account in Meta's Business Manager and ask for a review.")

BANNERS: dict[str, BannerWords] = {
    "sandbox": BannerWords(
        Msgid("Trial mode: no message leaves this machine."),
        Msgid("Clients and Meta are pretended here."),
    ),
    "signatures_refused": BannerWords(
        Msgid("Meta signs with another app secret: {number} delivery was refused."),
        Msgid("Messages from clients may be waiting at Meta. The operator must compare the app secret at once."),
        many=Msgid("Meta signs with another app secret: {number} deliveries were refused."),
    ),
    "sending_paused": BannerWords(
        Msgid("Sending is paused. Messages are kept and will wait."),
        Msgid("Messages from clients still come in. When the cause is mended, resume sending."),
        button="resume",
    ),
    "sending_stopped": BannerWords(
        Msgid("{name} has stopped all sending. Messages are kept and will wait."),
        Msgid("Messages from clients still come in. Whoever may do so can let sending go on."),
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
    "possible_match": BannerWords(
        Msgid("Meta reported a failure that may belong to {number} message without a definite answer."),
        Msgid("Look at the conversation; if in doubt, ask the person whether it arrived."),
        many=Msgid("Meta reported failures that may belong to {number} messages without a definite answer."),
        button="seen",
    ),
    "identity_changed": BannerWords(
        Msgid("It is no longer certain who {number} contact is."),
        Msgid(
            "Number, account or security code changed, or the account says that it is not that person. Make sure who is"
            " writing before you send anything confidential."
        ),
        many=Msgid("It is no longer certain who {number} contacts are."),
    ),
    "failed": BannerWords(
        Msgid("{number} message could not be delivered."),
        Msgid("The conversation says why, and what to do."),
        many=Msgid("{number} messages could not be delivered."),
        button="seen",
    ),
    "notice_worry": BannerWords(
        Msgid("Legal notices need you: {number} client concerned."),
        Msgid("A deadline, a question or a dispute: each notice says the next step."),
        many=Msgid("Legal notices need you: {number} clients concerned."),
        button="seen",
        page="/notices",
    ),
    "own_failed": BannerWords(
        Msgid("Your message to {name} could not be delivered."),
        Msgid("The conversation says why, and what to do."),
        button="seen",
    ),
    "history_declined": BannerWords(
        Msgid("The phone app does not hand over its earlier messages."),
        Msgid("The office chose so when the number was connected. What is written from now on comes in as always."),
        button="seen",
        page=_ACCOUNT,
    ),
    "foreign_messages": BannerWords(
        Msgid("Messages come for a WhatsApp number that is not set up here."),
        Msgid(
            "They are kept, and nobody reads them. If the number is the office's, phone_number_id in config.toml is"
            " wrong: the operator corrects it and starts again, and they are filed."
        ),
        button="seen",
    ),
    "webhooks_late": BannerWords(
        Msgid("Deliveries from Meta wait to be worked off."),
        Msgid("New messages show up with a delay. If this does not pass within minutes, the operator must look."),
    ),
    "account_restricted": BannerWords(
        Msgid("Meta has restricted the office's WhatsApp account."),
        Msgid("Some messages will not go out. The operator should ask for a review in Meta's Business Manager."),
        page=_ACCOUNT,
    ),
    "account_disabled": BannerWords(
        Msgid("Meta has switched the office's WhatsApp account off, or will do so."),
        Msgid("Use the telephone for what is urgent. The operator should ask for a review in Meta's Business Manager."),
        page=_ACCOUNT,
    ),
    "account_deleted": BannerWords(
        Msgid("The office's WhatsApp account was deleted at Meta."),
        Msgid("Nothing comes in or goes out any more. The operator must act at once; what is here stays."),
        page=_ACCOUNT,
    ),
    "account_disconnected": BannerWords(
        Msgid("The office's WhatsApp number is disconnected from this program."),
        Msgid("Messages may no longer come in. The operator must connect it again in Meta's Business Manager."),
        page=_ACCOUNT,
    ),
    "account_not_approved": BannerWords(
        Msgid("Meta has not approved the office's WhatsApp account."), _REVIEW, page=_ACCOUNT
    ),
    "quality_low": BannerWords(
        Msgid("Meta rates the quality of the office's number as low."),
        Msgid("Send only what people expect. If it stays like this, Meta restricts the number."),
        page=_ACCOUNT,
    ),
    "name_rejected": BannerWords(
        Msgid("Meta has rejected the name that people see in WhatsApp."),
        Msgid("The operator should ask for another name in WhatsApp Manager."),
        page=_ACCOUNT,
    ),
    "payment_problem": BannerWords(
        Msgid("Meta reports a payment problem: messages may be accepted and still not arrive."),
        Msgid("The operator must check the payment method in Meta's Business Manager."),
        button="seen",
        page=_ACCOUNT,
    ),
    "security_event": BannerWords(
        Msgid("The PIN of the office's number was changed, or somebody tried to."),
        Msgid("Ask the operator whether this was the office. If not, secure the account at Meta at once."),
        button="seen",
        page=_ACCOUNT,
    ),
    "delivery_lost": BannerWords(
        Msgid("Meta has dropped something that was meant for the office."),
        Msgid("A message may be missing here. Ask the people you expect to hear from."),
        button="seen",
        page=_ACCOUNT,
    ),
    "account_error": BannerWords(
        Msgid("Meta reports a trouble of the whole account."),
        Msgid("Messages may not go out. The operator should look at the account's page."),
        button="seen",
        page=_ACCOUNT,
    ),
    "account_violation": BannerWords(
        Msgid("Meta reports that the account broke one of its rules."), _REVIEW, button="seen", page=_ACCOUNT
    ),
    "account_alert_grave": BannerWords(
        Msgid("Meta warns the office about its WhatsApp account."),
        Msgid("The account's page shows what Meta says."),
        button="seen",
        page=_ACCOUNT,
    ),
    "account_alert": BannerWords(
        Msgid("There is news from Meta about the office's WhatsApp account."),
        Msgid("The account's page shows what Meta says."),
        button="seen",
        page=_ACCOUNT,
    ),
    "limit_lowered": BannerWords(
        Msgid("The office may begin conversations with fewer people than before."),
        Msgid("Answers within 24 hours are not concerned."),
        button="seen",
        page=_ACCOUNT,
    ),
    "template_rejected": BannerWords(
        Msgid("Meta has rejected {number} template."),
        Msgid("Messages with it are not sent. The account's page says why."),
        many=Msgid("Meta has rejected {number} templates."),
        button="seen",
        page=_ACCOUNT,
    ),
    "template_paused": BannerWords(
        Msgid("Meta has paused {number} template."),
        Msgid("Messages with it are not sent for some hours. Use another one meanwhile."),
        many=Msgid("Meta has paused {number} templates."),
        button="seen",
        page=_ACCOUNT,
    ),
    "template_disabled": BannerWords(
        Msgid("Meta has switched {number} template off for good."),
        Msgid("Messages with it are not sent any more. Make another one in WhatsApp Manager."),
        many=Msgid("Meta has switched {number} templates off for good."),
        button="seen",
        page=_ACCOUNT,
    ),
    "template_trouble": BannerWords(
        Msgid("{number} template needs attention."),
        Msgid("The account's page says what Meta finds wrong, and what to do."),
        many=Msgid("{number} templates need attention."),
        button="seen",
        page=_ACCOUNT,
    ),
    "disk_nearly_full": BannerWords(
        Msgid("The disk is nearly full: files are not fetched from WhatsApp any more."),
        Msgid("Messages still come in. The operator must make room within days, or the files are lost."),
    ),
    "media_expiring": BannerWords(
        Msgid("{number} file could not be fetched from WhatsApp yet, and will soon be deleted there."),
        Msgid("Open the conversation and try again. If it stays away, ask for the file to be sent once more."),
        many=Msgid("{number} files could not be fetched from WhatsApp yet, and will soon be deleted there."),
        button="seen",
    ),
    "media_failed": BannerWords(
        Msgid("{number} file could not be fetched from WhatsApp."),
        Msgid("The conversation says why. Ask for the file to be sent once more."),
        many=Msgid("{number} files could not be fetched from WhatsApp."),
        button="seen",
    ),
}
_NEW_TOKEN = Msgid(
    "The operator must put a new access token into its file (secrets/access_token); sending then goes on by itself."
)
_UNREADABLE_TOKEN = Msgid(
    "The access token cannot be read on this machine. "
    "The operator must put it back into its file (secrets/access_token); sending then goes on by itself."
)


def pause_advice(detail: str) -> Msgid:
    """Return what to do about a pause. detail: Meta's code, or our own reason."""
    if not detail.isdecimal():
        return _UNREADABLE_TOKEN
    reason = failures.reason(int(detail)) if int(detail) else "token"
    return _NEW_TOKEN if reason == "token" else words.FAILURES[reason].advice


REMARK = BannerWords(Msgid("Something needs attention."), Msgid("Tell the operator."), button="seen")
"""For a kind of banner that this page does not know."""

REFUSALS: dict[type[WabridgeError], Msgid] = {
    WindowClosed: Msgid("Not sent: the 24 hours since this person last wrote are over."),
    TemplateWithdrawn: Msgid("Not sent: Meta does not let this template be sent at present. Choose another one."),
    TemplateChanged: Msgid("Not sent yet: the wording of the template has changed. Look at the new one first."),
    TemplateUnfit: Msgid("Not sent: something does not fit yet. It stands beside the slot."),
    AdvertisingRefused: Msgid("Not sent: this person wants no advertising, and Meta counts this template as that."),
    ConversationReadOnly: Msgid("Not sent: this conversation cannot be answered from here."),
    FileNotHere: Msgid("The file is not here. Its conversation says why."),
    OtherChat: Msgid(
        "Not sent: that message stands in the chat with another number of this person. It can be neither quoted nor "
        "reacted to in this one; an answer can be sent without quoting it."
    ),
    NotReferable: Msgid("Not sent: WhatsApp does not know the message that it answers, or not yet."),
    TextEmpty: Msgid("Nothing to send: the message is empty."),
    TextTooLong: Msgid("Not sent yet: the text is longer than 4096 characters, more than one WhatsApp message takes."),
    DraftUnfit: Msgid("Not sent: something about it does not fit."),
    FileUnfit: Msgid("Not sent: WhatsApp does not take this file."),
    EnclosureGone: Msgid("Not sent: an attached file is no longer here. Attach it again."),
    NewerMessage: Msgid(
        "Not sent yet: this person wrote again while you were writing. Read it, then send if it still fits."
    ),
    AlreadyAnswered: Msgid("Not done: something has happened in the meantime. Look at the message."),
    TooEarly: Msgid("Not yet: Meta may still report by itself what came of it."),
    Pointless: Msgid("Not sent again: the very same message would fail again."),
    NoteUnfit: Msgid("Not done: write a note of at most 1000 characters."),
    ReasonMissing: Msgid("Not exported: say why. The reason stands in the report and in the ledger."),
    TooMuchToExport: Msgid("Not exported: more than 5000 messages do not fit into one report. Take a shorter period."),
    FormExpired: Msgid("Not sent: the page was from an earlier session. Look at it once more, then send."),
    KeyReused: Msgid("Not sent: this form had already sent another text. Look above, then send this one if needed."),
    StorageUnavailable: Msgid("Not sent: the disk did not take the message. Try again soon."),
    NotAllowed: Msgid("You have no right to do this."),
    MessagesWaiting: Msgid("Not separated: messages to this person still wait to be sent. Cancel them, or try later."),
    IdentityUnverified: Msgid("Not sent: it is not sure who this person is now. Say how you have made sure."),
    PhoneUnreadable: Msgid("This is not a phone number. Write it like 0812-3456-7890 or +62 812-3456-7890."),
    PhoneTaken: Msgid("Not added: another contact has this number."),
    NameTooLong: Msgid("Not changed: the name is longer than 100 characters."),
    NotPending: Msgid("Too late: the message has already been handed over, or was already decided."),
    PasswordTooShort: Msgid("Not changed: the password is too short. Take at least 12 characters."),
    TooManyTries: Msgid("Too many tries. Wait a while, then try again."),
    **notice_words.REFUSALS,
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
