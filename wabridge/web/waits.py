"""The words for what waits, and for what Meta's errors say about a person, as tables.

Each says until when and why; a time that nobody knows is not invented.
"""

from wabridge.model.pacing import ContactMark, Wait
from wabridge.web.language import Msgid

WAITS: dict[str, Msgid] = {
    "paused": Msgid("Sending is paused; this message goes when sending is resumed."),
    "resting": Msgid("Meta asks the office's number to slow down. Next try at {when}."),
    "behind_unknown": Msgid("It waits for the definite answer about an earlier message, at most until {when}."),
    "too_fast": Msgid("Too many messages to this person in a short time, says WhatsApp. Next try at {when}."),
    "pace": Msgid("WhatsApp takes one message in six seconds to the same person. This one goes at {when}."),
    "refused": Msgid("Meta did not take it at the last try. Next try at {when}."),
    "not_sent": Msgid("Meta could not be reached at the last try. Next try at {when}."),
    "uploading": Msgid("The file is being uploaded to WhatsApp; the message goes when it is there."),
    "upload_failed": Msgid("The file could not be uploaded to WhatsApp at the last try. Next try at {when}."),
    "other_number": Msgid(
        "It was written for a number from which the office no longer sends, so it will not leave. Cancel it; it can be "
        "written again to this person from the present number."
    ),
    "turn": Msgid("It waits for the message before it."),
    "second_try": Msgid(
        "Meta was not sure itself whether it took the message. If no report comes, it is tried once more at {when}."
    ),
}

MARKS: dict[str, Msgid] = {
    "unreachable": Msgid("WhatsApp could not reach this person (last reported {when}). Call them if it is urgent."),
    "opted_out": Msgid("This person has stopped marketing messages from the office (reported {when})."),
    "blocked_by_us": Msgid("The office has blocked this person on WhatsApp (reported {when})."),
    "not_listed": Msgid("This person is not in the list of recipients of the office's test number (reported {when})."),
    "country": Msgid("The office's number may not send messages to this person's country (reported {when})."),
    "identity_changed": Msgid(
        "This person's WhatsApp identity changed (reported {when}). Make sure by phone who it is."
    ),
}


def wait(known: Wait | None) -> Msgid | None:
    """Return why a message waits, None if there is nothing to say."""
    return None if known is None else WAITS.get(known.reason)


def mark(known: ContactMark) -> Msgid | None:
    """Return what Meta's errors say about a person."""
    return MARKS.get(known.kind)
