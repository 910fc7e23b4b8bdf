"""The words for what is in quarantine, as tables: why an item lies there, and what it is.

The reasons themselves are short English words that the rooms behind the web write down with the item. One that no table
knows is explained in general words; its own words always stand beside.
"""

from wabridge.web.language import Msgid

KINDS: dict[str, Msgid] = {
    "message": Msgid("A message to the office"),
    "status": Msgid("A delivery report"),
    "account": Msgid("Something about the office's account at WhatsApp"),
    "unreadable": Msgid("Of unknown kind"),
}

_ODD_SHAPE = Msgid("It has a shape that this program does not know.")
_NOT_JSON = Msgid("The whole delivery is not in the form that Meta uses.")
_NO_NUMBER = Msgid("It does not say which of the office's numbers it is about.")
_NO_ID = Msgid("It does not carry the id that every message and report must have.")

REASONS: dict[str, Msgid] = {
    "not JSON": _NOT_JSON,
    "nested without end": _NOT_JSON,
    "the body could not be cut": _NOT_JSON,
    "not a webhook": _NOT_JSON,
    "an entry without changes": _ODD_SHAPE,
    "a change that is no object": _ODD_SHAPE,
    "a change without a field": _ODD_SHAPE,
    "a change with nothing known in it": _ODD_SHAPE,
    "a message that is no object": _ODD_SHAPE,
    "a status that is no object": _ODD_SHAPE,
    "a message without our number": _NO_NUMBER,
    "a status without our number": _NO_NUMBER,
    "a message without an id": _NO_ID,
    "a status without an id": _NO_ID,
    "a message without a type": Msgid("It does not say what kind of message it is."),
    "a message without a sender": Msgid("It does not say who wrote it."),
    "a text message without text": Msgid("It is said to be a text, but there is no text in it."),
    "a status without its word": Msgid("It does not say what it reports."),
    "account news with nothing in it": Msgid("It is news about the account, but there is nothing in it."),
    "a call that is no object": _ODD_SHAPE,
    "a preference that is no object": _ODD_SHAPE,
    "a group that is no object": _ODD_SHAPE,
    "a changed user id that is no object": _ODD_SHAPE,
    "a call without an id": _NO_ID,
    "a group without an id": _NO_ID,
    "a call without a person": Msgid("It does not say whom it is about."),
    "a preference without a person": Msgid("It does not say whom it is about."),
    "a changed user id of nobody knows whom": Msgid("It does not say whom it is about."),
    "a handover of nobody knows whose conversation": Msgid("It does not say whom it is about."),
    "an echo to nobody knows whom": Msgid("It does not say whom it is about."),
    "a preference without its word": Msgid("It does not say what it reports."),
    "the item could not be stored as it is": Msgid("It holds something that could not be stored."),
    "not readable any more": Msgid("What was kept of it cannot be read any more; the original is kept."),
}
_FAMILIES: tuple[tuple[str, Msgid], ...] = (
    (
        "cannot be filed:",
        Msgid("It was read, but a fault in this program kept it from being put into its conversation."),
    ),
    ("cannot be applied:", Msgid("It was read, but a fault in this program kept it from taking effect.")),
    ("no reader yet:", Msgid("It is about a subject that this program does not work with yet.")),
)
_OTHER = Msgid("This program could not understand or apply it.")


def reason(said: str) -> Msgid:
    """Return why an item is in quarantine, in words for people."""
    if said in REASONS:
        return REASONS[said]
    return next((words for beginning, words in _FAMILIES if said.startswith(beginning)), _OTHER)


def kind(said: str) -> Msgid:
    """Return what kind of item it is."""
    return KINDS.get(said, KINDS["unreadable"])
