"""The words for legal notices, as tables.

Rule: nothing here claims more than was reported. What each rung does not show stands beside it, a missing report is
said to be missing, and silence is called silence (evidence wording).
"""

from typing import NamedTuple

from wabridge.errors import (
    DeadlinePassed,
    NoNoticeTemplate,
    NotAPdf,
    NotAScan,
    NoticeChanged,
    NoticeDocumentLost,
    NoticeNotApproved,
    NoticeTooLong,
    NoticeUnderway,
    NoticeUnfit,
    RecipientChanged,
    RecipientInDoubt,
    RecordUnfit,
    SelfApproval,
    WabridgeError,
)
from wabridge.model.confirmation import Objection, Verdict
from wabridge.model.followup import NextStep, Worry
from wabridge.model.notice import Means, Outcome, Purpose, Wanted
from wabridge.model.notice_level import Bucket, Level
from wabridge.web import ladder, words
from wabridge.web.language import Msgid
from wabridge.web.words import Tone

REFUSALS: dict[type[WabridgeError], Msgid] = {
    NoticeChanged: Msgid("Not done: the notice was changed in the meantime. Read it once more."),
    NoticeNotApproved: Msgid("Not sent: nobody has approved the notice as it stands."),
    NoticeUnderway: Msgid("Not done: the notice has gone out already, or nothing more is awaited of it."),
    RecipientChanged: Msgid("Not sent: it was approved for another WhatsApp account. Have it approved anew."),
    DeadlinePassed: Msgid("Not done: the deadline lies in the past. Set another one."),
    NoNoticeTemplate: Msgid("Not sent: the 24 hours are over, and no approved template can carry the notice."),
    RecipientInDoubt: Msgid("Not approved: it is not sure who this person is now. Make sure first, then approve."),
    SelfApproval: Msgid("Not approved: in this office somebody else than the author approves a notice."),
    NoticeTooLong: Msgid(
        "Not approved: the text has over 1,024 characters. Shorten it, or put it into a document (PDF) and say in a few"
        " words what the document is."
    ),
    NoticeDocumentLost: Msgid(
        "Not done: the file is damaged here, or is not the one that was handed in. Hand it in again under “Change”, and"
        " have it approved anew."
    ),
    NotAPdf: Msgid("Not saved: the document of a notice is a PDF, which looks the same to everybody. Save it as PDF."),
    NotAScan: Msgid("Not recorded: a scan is a PDF or a picture as JPEG or PNG."),
    NoticeUnfit: Msgid("Not saved: a notice needs a title and a text, and notes and titles have limits."),
    RecordUnfit: Msgid("Not recorded: say when it happened (not in the future) and how it came about."),
}


NO_DISK = Msgid("Not saved: the disk is full or does not answer. Try again soon; what you typed stands below.")


class LevelWords(NamedTuple):
    """A rung: its word, what it shows and what it does not, how it looks."""

    name: Msgid
    meaning: Msgid
    tone: Tone = "plain"


_EXPLAINED = dict(words.EXPLAINED)

LEVELS: dict[Level, LevelWords] = {
    "draft": LevelWords(Msgid("Draft"), Msgid("Nobody has approved it as it stands. Nothing has been sent.")),
    "approved": LevelWords(
        Msgid("Approved, not sent"),
        Msgid("Content and recipient are frozen. Any change makes a draft of it again. Nothing has been sent."),
        "waiting",
    ),
    "withdrawn": LevelWords(Msgid("Withdrawn"), Msgid("It was given up before it was sent.")),
    "queued": LevelWords(
        Msgid("Prepared for sending"),
        Msgid("Somebody pressed send. This does not yet show that it left the office."),
        "waiting",
    ),
    "failed": LevelWords(
        words.FAILED, Msgid("Meta reports that it did not arrive, or refused to take it over."), "bad"
    ),
    "sent": LevelWords(words.ACCEPTED, _EXPLAINED[words.ACCEPTED], "waiting"),
    "delivered": LevelWords(words.DELIVERED, _EXPLAINED[words.DELIVERED], "waiting"),
    "displayed": LevelWords(words.READ, _EXPLAINED[words.READ], "waiting"),
    "overdue": LevelWords(
        Msgid("Not confirmed, needs follow-up"),
        Msgid("No confirmation came before the deadline. Silence is recorded as silence, not as consent."),
        "bad",
    ),
    "responded": LevelWords(
        Msgid("Response, not a confirmation"),
        Msgid("A reply quotes this notice. It is no confirmation until somebody of the office reads it as one."),
        "waiting",
    ),
    "unclear": LevelWords(
        Msgid("Button pressed, not counted"),
        Msgid("The button was pressed, but something speaks against counting it. Nothing is confirmed by it."),
        "bad",
    ),
    "question": LevelWords(
        Msgid("Has a question"),
        Msgid("The account answered that there is a question. Nothing is confirmed by it."),
        "waiting",
    ),
    "refused": LevelWords(Msgid("Refused"), Msgid("The recipient refused to take note of it, as recorded."), "bad"),
    "not_me": LevelWords(
        Msgid("Not the recipient, says the account"),
        Msgid("The account answered that it is not the recipient. Nothing is confirmed by it."),
        "bad",
    ),
    "confirmed_late": LevelWords(
        Msgid("Confirmed after the deadline"),
        Msgid("There is a confirmation, and it came after the deadline. It does not show whose hand it was."),
        "good",
    ),
    "confirmed": LevelWords(
        Msgid("Confirmed"),
        Msgid("There is a confirmation bound to this notice. It does not show whose hand it was."),
        "good",
    ),
}
"""What each level of a notice is called and what it means."""

CONTRADICTED = Msgid("There is a confirmation beside a dispute. Both are shown; somebody has to make sure.")
LATE = Msgid("The deadline passed without a confirmation.")
NOT_DISPLAYED = ladder.REMARKS["not_displayed"]


TOO_LONG = Msgid(
    "The text has {number} characters; above the buttons there is room for 1,024. Shorten it, or put it into a document"
    " (PDF)."
)
ANOTHER = Msgid("In this office somebody else than the author approves a notice: ask a lawyer who has not written it.")


class PlaceWords(NamedTuple):
    """A place on the list and what stands there."""

    name: Msgid
    meaning: Msgid
    tone: Tone = "plain"


PLACES: dict[Bucket, PlaceWords] = {
    "overdue": PlaceWords(
        Msgid("Overdue"), Msgid("The deadline has passed without a confirmation. Silence is no consent."), "bad"
    ),
    "failed": PlaceWords(
        Msgid("Not delivered"),
        Msgid("Meta reports that it did not arrive, or refused to take it over: somebody has to look."),
        "bad",
    ),
    "disputed": PlaceWords(
        Msgid("Answered, not confirmed"),
        Msgid("A question, a dispute, or an answer that does not count: somebody has to look."),
        "bad",
    ),
    "displayed": PlaceWords(
        Msgid("Displayed, not confirmed"),
        Msgid("Displayed in the client's WhatsApp; no button was pressed."),
        "waiting",
    ),
    "delivered": PlaceWords(
        Msgid("Arrived, not displayed"),
        Msgid("Arrived on a device (not necessarily read); nothing reports that it was displayed."),
        "waiting",
    ),
    "waiting": PlaceWords(Msgid("On its way"), Msgid("No report from a device yet."), "waiting"),
    "draft": PlaceWords(Msgid("In preparation"), Msgid("Not sent yet.")),
    "done": PlaceWords(Msgid("Finished"), Msgid("Confirmed, withdrawn, or closed by the office."), "good"),
}
"""In the order of urgency."""

STEPS: dict[NextStep, Msgid] = {
    "approve": Msgid("Read it once more, then let it be approved."),
    "send": Msgid("Send it."),
    "wait": Msgid("Wait until it has left."),
    "send_again": Msgid(
        "See in the conversation why it failed; then send the notice again, or call the client and record the call."
    ),
    "call": Msgid("Call the client and record the call here."),
    "call_then_letter": Msgid("Call the client; if nobody answers, send a registered letter or visit. Record it here."),
    "letter": Msgid("Send a registered letter, or visit the client, and have the receipt signed. Record it here."),
    "read_reply": Msgid("Read the reply in the conversation, and record what it means."),
    "make_sure": Msgid("Make sure by phone who it was; then record what you learn, or send a registered letter."),
    "answer": Msgid("Answer the question in the conversation or by phone; then record what the client says."),
    "nothing": Msgid("Nothing more is awaited."),
}
"""What somebody should do next."""

VERDICTS: dict[Verdict, Msgid] = {
    "confirmed": Msgid("The recipient's account pressed the button “{button}”. This confirms this notice."),
    "confirmed_late": Msgid(
        "The recipient's account pressed the button “{button}” after the deadline. This confirms this notice, late."
    ),
    "repeated": Msgid("The button “{button}” was pressed once more; it was confirmed already."),
    "question": Msgid("The button “{button}” was pressed: there is a question."),
    "not_me": Msgid("The button “{button}” was pressed: this account is not the recipient, it says."),
    "responded": Msgid("A reply quotes this notice. It is a response, and no confirmation."),
    "not_counted": Msgid("The button “{button}” was pressed. It does not count as a confirmation."),
}
OBJECTIONS: dict[Objection, Msgid] = {
    "not_sent": Msgid("No message carries this notice, or nobody approved it."),
    "wrong_context": Msgid("The button stands under another message than those of this notice."),
    "old_nonce": Msgid("It is a button of an earlier sending that was replaced."),
    "unknown_nonce": Msgid("No button like this was ever sent."),
    "other_identity": Msgid("It came from another WhatsApp account than the one that was approved."),
    "identity_key_changed": Msgid("The keys of the account are not those that were pinned when it was approved."),
    "identity_in_doubt": Msgid("At that time it was not certain who this person is."),
}

OUTCOMES: dict[Outcome, Msgid] = {
    "confirmed": Msgid("The client confirmed that they have read it"),
    "question": Msgid("The client has a question"),
    "refused": Msgid("The client refused to take it"),
    "not_me": Msgid("It was not the client"),
}
MEANS: dict[Means, Msgid] = {
    "call": Msgid("by phone"),
    "visit": Msgid("face to face"),
    "letter": Msgid("by registered letter with a signed receipt"),
    "reply": Msgid("by a written reply in the conversation"),
    "other": Msgid("in another way"),
}
WANTED: dict[Wanted, Msgid] = {
    "confirmed": Msgid("confirmed by the client"),
    "displayed": Msgid("displayed in the client's WhatsApp"),
    "delivered": Msgid("arrived on a device (not necessarily read)"),
}
ENOUGH: dict[Wanted, Msgid] = {
    "displayed": Msgid(
        "The office asked that it be displayed in the client's WhatsApp, and Meta reports that. Nothing more is"
        " awaited; it is no confirmation."
    ),
    "delivered": Msgid(
        "The office asked that it arrive on a device (not necessarily read), and Meta reports that. Nothing more is"
        " awaited; it is no confirmation."
    ),
}
"""Why nothing more is awaited of a notice that nobody has confirmed."""
LANGUAGES: dict[str, Msgid] = {"id": Msgid("Indonesian"), "en": Msgid("English")}
ROLES: dict[Purpose | str, Msgid] = {
    "notice": Msgid("This message carries the notice {number}"),
    "reminder": Msgid("Reminder of the notice {number}"),
    "receipt": Msgid("Receipt for the confirmation of the notice {number}"),
    "answer": Msgid("Answer to the notice {number}"),
}
"""What a message in a conversation has to do with a notice."""

ANSWERS: dict[str, Msgid] = {
    "confirmed": Msgid("confirms it"),
    "confirmed_late": Msgid("confirms it, after the deadline"),
    "repeated": Msgid("pressed once more"),
    "question": Msgid("there is a question"),
    "not_me": Msgid("not the recipient, it says"),
    "responded": Msgid("a response, no confirmation"),
    "not_counted": Msgid("does not count as a confirmation"),
}

WORRIES: dict[Worry, Msgid] = {
    "deadline_near": Msgid("the deadline is near and nothing is confirmed"),
    "overdue": Msgid("the deadline has passed"),
    "not_me": Msgid("the account says that it is not the recipient"),
    "question": Msgid("there is a question"),
    "unclear": Msgid("a button was pressed that does not count"),
    "responded": Msgid("a reply quotes the notice"),
    "not_reminded": Msgid("a reminder could not be sent"),
}
NOT_SENT: dict[str, Msgid] = {
    "WindowClosed": Msgid("the 24 hours since this person last wrote were over"),
    "NoNoticeTemplate": Msgid("the 24 hours were over, and no approved template could carry it"),
    "IdentityUnverified": Msgid("it was not sure who this person is"),
    "ConversationReadOnly": Msgid("this conversation can no longer be answered from here"),
}
NOT_SENT_OTHERWISE = Msgid("the rules did not allow it then")
"""Why the program could not send a reminder or a receipt."""
