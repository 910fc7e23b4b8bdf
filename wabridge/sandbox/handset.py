"""One pretend client's phone: who holds it, what it shows, and when the client last wrote."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from wabridge.sandbox.files import File
from wabridge.sandbox.interactive import Choice
from wabridge.sandbox.payloads import Json, Person

WINDOW = timedelta(hours=24)
REACTION_LIFETIME = timedelta(days=30)


class Progress(IntEnum):
    """How far a message has come, in either direction."""

    WAITING = 0
    SENT = 1
    DELIVERED = 2
    READ = 3


@dataclass(slots=True, kw_only=True, eq=False)
class Bubble:
    """One message in the chat on the phone."""

    wamid: str
    text: str
    at: datetime
    is_from_office: bool
    quoted_text: str | None = None
    progress: Progress = Progress.WAITING
    was_displayed: bool = False
    """Whether a page has shown it to whoever plays the client."""
    kind: str = "text"
    parts: Json = field(default_factory=dict)
    """Its type and that type's object, of what the client sent."""
    choices: tuple[Choice, ...] = ()
    """The buttons and rows of a message of the office."""
    file: File | None = None
    """The file of a message of the office."""
    reaction: str = ""
    office_reaction: str = ""
    is_edited: bool = False
    is_revoked: bool = False
    key: str = field(default_factory=lambda: secrets.token_hex(6))
    """Its name in the addresses of the page."""


@dataclass(slots=True, kw_only=True, eq=False)
class Handset:
    """A phone with WhatsApp; `is_played` ones obey their own switches."""

    person: Person
    is_played: bool = False
    is_on: bool = True
    is_chat_open: bool = True
    """Whether what the page shows counts as read (blue ticks)."""
    last_inbound_at: datetime | None = None
    bubbles: list[Bubble] = field(default_factory=list)

    def has_open_window(self, now: datetime) -> bool:
        """Say whether free text may be sent to this client now."""
        return self.last_inbound_at is not None and now < self.last_inbound_at + WINDOW

    def note_inbound(self, at: datetime) -> None:
        """Open the customer service window from this time on."""
        self.last_inbound_at = max(at, self.last_inbound_at or at)

    def find(self, wamid: str | None) -> Bubble | None:
        """Return the message with this wamid, if it is in this chat."""
        return next((bubble for bubble in reversed(self.bubbles) if bubble.wamid == wamid), None)

    def find_key(self, key: str) -> Bubble | None:
        """Return the message the page calls so, if it shows one."""
        return next((bubble for bubble in self.visible() if bubble.key == key), None)

    def takes_reaction(self, wamid: str, now: datetime) -> bool:
        """Say whether there is a message with this wamid that can be reacted to: no old, deleted or unknown one."""
        bubble = self.find(wamid)
        return bubble is not None and not bubble.is_revoked and now < bubble.at + REACTION_LIFETIME

    def take_reaction(self, wamid: str, emoji: str, now: datetime) -> None:
        """Show the office's emoji under a message, or no more if it is empty."""
        bubble = self.find(wamid)
        if bubble is not None and self.takes_reaction(wamid, now):
            bubble.office_reaction = emoji

    def mark_read_by_office(self, wamid: str) -> bool:
        """Give the client's message and all before it blue ticks."""
        if self.find(wamid) is None:
            return False
        for bubble in self.bubbles:
            if not bubble.is_from_office:
                bubble.progress = Progress.READ
            if bubble.wamid == wamid:
                break
        return True

    def move_to_end(self, bubble: Bubble) -> None:
        """Place a message that had to wait below what was there before it."""
        self.bubbles.remove(bubble)
        self.bubbles.append(bubble)

    def visible(self) -> list[Bubble]:
        """Return what the phone's screen holds, oldest first."""
        return [each for each in self.bubbles if not each.is_from_office or each.progress >= Progress.DELIVERED]

    def unseen_count(self) -> int:
        """Return how many delivered messages nobody has looked at."""
        return sum(bubble.is_from_office and not bubble.was_displayed for bubble in self.visible())

    def display(self) -> bool:
        """Note that a page shows the chat; says whether that is news."""
        fresh = [bubble for bubble in self.visible() if not bubble.was_displayed]
        for bubble in fresh:
            bubble.was_displayed = True
        return any(bubble.is_from_office for bubble in fresh)
