"""A file that somebody in the office handed in to be sent, until a message takes it."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from wabridge.model.content import Media
from wabridge.model.ids import ContactId, ConversationId, EnclosureId
from wabridge.model.media import Kept
from wabridge.model.sendable import Kind, takes_caption
from wabridge.model.staff import ActorKind

LIFETIME = timedelta(days=1)
"""So long it waits for a message that takes it."""

MOST = 10
"""So many go with one form, each as a message of its own."""


class Addressee(NamedTuple):
    """Whom a file is meant for, by exactly one of three. phone: the digits of somebody who is no contact."""

    conversation_id: ConversationId | None = None
    contact_id: ContactId | None = None
    phone: str | None = None


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """One file, meant for one person. kind, mime_type: by its bytes; name: the one it is sent under.

    is_voice, is_animated: of a sound and of a sticker. actor_kind, actor_id: who handed it in, and may send it.
    """

    id: EnclosureId
    addressee: Addressee
    actor_kind: ActorKind
    actor_id: int
    handed_in_at: datetime
    kind: Kind
    mime_type: str
    name: str
    is_voice: bool
    is_animated: bool
    kept: Kept
    sha256: str

    @property
    def takes_caption(self) -> bool:
        """Whether a text may stand under it."""
        return takes_caption(self.kind)

    def content(self, caption: str | None = None, *, is_voice: bool = True) -> Media:
        """Return what a message with it says. is_voice: whether it may go as a voice message, if it can."""
        return Media(
            kind=self.kind,
            caption=caption or None,
            file_name=self.name,
            mime_type=self.mime_type,
            sha256=self.sha256,
            is_voice=self.is_voice and is_voice,
            is_animated=self.is_animated,
        )
