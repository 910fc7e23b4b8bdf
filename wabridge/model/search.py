"""What somebody looks for, and what was found."""

import re
import string

import msgspec

from wabridge.model.contact import Contact
from wabridge.model.conversation import Group
from wabridge.model.ids import ConversationId
from wabridge.model.message import Message
from wabridge.model.page import Page

CHARACTERS = 200
"""A question may be this long; what stands behind it is not looked for."""

_NUMBER = re.compile(r"[+(]?[0-9][0-9 ().\-/]{3,}")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Match(msgspec.Struct, frozen=True):
    """A person or a group. contact: None for a group. conversation_id: None if there is no thread with this person."""

    conversation_id: ConversationId | None
    contact: Contact | None = None
    group: Group | None = None


class Hit(msgspec.Struct, frozen=True):
    """A message, and where it stands. whole: the thread as it is read."""

    message: Message
    whole: ConversationId
    contact: Contact | None = None
    group: Group | None = None


class Found(msgspec.Struct, frozen=True):
    """What was found. has_more: there are more people or groups than these."""

    matches: tuple[Match, ...]
    has_more: bool
    messages: Page[Hit]


def person_words(question: str) -> tuple[str, ...]:
    """Return what must stand in a name, a number or an id: the digits of a number, else each word in small letters."""
    asked = " ".join(question[:CHARACTERS].split())
    if _NUMBER.fullmatch(asked):
        return ("".join(filter(str.isdigit, asked)).lstrip("0"),)
    return tuple(filter(None, (word.lstrip("@").translate(_SMALL) for word in asked.split())))


def message_words(question: str) -> tuple[str, ...]:
    """Return the beginnings of words that must stand in a message; signs alone are none."""
    return tuple(word for word in question[:CHARACTERS].split() if any(map(str.isalnum, word)))


def excerpt(text: str, question: str, *, characters: int = 200) -> str:
    """Return the part of a text around the first word that was looked for, as one line."""
    line = " ".join(text.split())
    small = line.lower()
    places = (small.find(word.lower()) for word in message_words(question))
    first = min((place for place in places if place >= 0), default=0)
    start = 0 if first < characters // 2 else line.rfind(" ", 0, first - characters // 4) + 1
    shown = line[start : start + characters]
    return ("…" if start else "") + shown.strip() + ("…" if start + characters < len(line) else "")
