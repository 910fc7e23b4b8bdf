"""The words for what stands between messages in a conversation: calls, words about advertising, changes of a group."""

from wabridge.model.content import Body, Call, GroupChange, Preference
from wabridge.web.language import Msgid

KINDS = frozenset({"call", "preference", "group_change"})
"""Kinds of messages that are a line of their own, not a bubble."""

_CALL = Msgid("Call")
_INCOMING = Msgid("Incoming call")
_OUTGOING = Msgid("Outgoing call")
_CALLS: dict[tuple[str | None, str | None], Msgid] = {
    ("incoming", "missed"): Msgid("Missed call"),
    ("incoming", "rejected"): Msgid("Incoming call, rejected"),
    ("outgoing", "missed"): Msgid("Outgoing call, not answered"),
    ("outgoing", "rejected"): Msgid("Outgoing call, rejected"),
}
_BY_DIRECTION: dict[str | None, Msgid] = {"incoming": _INCOMING, "outgoing": _OUTGOING}

PREFERENCES: dict[str, Msgid] = {
    "stop": Msgid("This person wants no advertising from the office"),
    "resume": Msgid("This person allows advertising from the office again"),
    "signup": Msgid("This person signed up for advertising from the office"),
}
_PREFERENCE = Msgid("This person said something about advertising from the office")

GROUPS: dict[str, Msgid] = {
    "group_create": Msgid("The group was created"),
    "group_delete": Msgid("The group was deleted"),
    "group_join_request_created": Msgid("Somebody asks to join the group"),
    "group_join_request_revoked": Msgid("Somebody no longer asks to join the group"),
    "group_participants_add": Msgid("People joined the group"),
    "group_participants_remove": Msgid("People left the group"),
    "group_settings_update": Msgid("The group's name or settings were changed"),
    "group_suspend": Msgid("Meta has suspended the group"),
    "group_suspend_cleared": Msgid("Meta no longer suspends the group"),
}
_GROUP = Msgid("Something in the group has changed")


def label(body: Body | None) -> Msgid | None:
    """Return a happening in words, None if it is none."""
    match body:
        case Call():
            return _CALLS.get((body.direction, body.outcome)) or _BY_DIRECTION.get(body.direction, _CALL)
        case Preference():
            return PREFERENCES.get(body.word, _PREFERENCE)
        case GroupChange():
            return GROUPS.get(body.word or "", _GROUP)
    return None


def own_word(body: Body | None) -> str | None:
    """Return Meta's word where ours does not say as much."""
    match body:
        case Call():
            return body.word
        case Preference() if body.word not in PREFERENCES:
            return body.word
        case GroupChange() if body.word not in GROUPS:
            return body.word
    return None


def needs_attention(body: Body | None) -> bool:
    """Say whether somebody should call back, or heed it."""
    if isinstance(body, Call):
        return body.direction == "incoming" and body.outcome in ("missed", "rejected", "ringing", "ended", None)
    return isinstance(body, Preference) and body.word == "stop"
