"""The words for legal notices, as tables.

Rule: nothing here claims more than was reported. What each rung does not show stands beside it, a missing report is
said to be missing, and silence is called silence (evidence wording).
"""

from wabridge.errors import (
    DeadlinePassed,
    NoNoticeTemplate,
    NoticeChanged,
    NoticeNotApproved,
    NoticeTooLong,
    NoticeUnderway,
    NoticeUnfit,
    RecipientChanged,
    RecordUnfit,
    SelfApproval,
    WabridgeError,
)
from wabridge.web.language import Msgid

REFUSALS: dict[type[WabridgeError], Msgid] = {
    NoticeChanged: Msgid("Not done: the notice was changed in the meantime. Read it once more."),
    NoticeNotApproved: Msgid("Not sent: nobody has approved the notice as it stands."),
    NoticeUnderway: Msgid("Not done: the notice has gone out already, or nothing more is awaited of it."),
    RecipientChanged: Msgid("Not sent: it was approved for another WhatsApp account. Have it approved anew."),
    DeadlinePassed: Msgid("Not done: the deadline lies in the past. Set another one."),
    NoNoticeTemplate: Msgid("Not sent: the 24 hours are over, and no approved template can carry the notice."),
    SelfApproval: Msgid("Not approved: in this office somebody else than the author approves a notice."),
    NoticeTooLong: Msgid("Not approved: the text has over 1,024 characters. Shorten it, or send it as a document."),
    NoticeUnfit: Msgid("Not saved: a notice needs a title and a text, and notes and titles have limits."),
    RecordUnfit: Msgid("Not recorded: say when it happened (not in the future) and how it came about."),
}
