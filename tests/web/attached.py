"""Messages with files as pages get them, for tests that draw."""

from datetime import timedelta
from typing import Any

import msgspec

from tests.web.messages import NOW, inbound
from wabridge.model.content import Content, Media
from wabridge.model.ids import ConversationId, MediaId, MessageId
from wabridge.model.media import Appearance, Kept, MediaFile, Thumbnail
from wabridge.model.message import Message


def stored(
    kind: str,
    mime_type: str | None,
    *,
    small: tuple[int, int] | None = None,
    size: int = 303_833,
    is_as_claimed: bool | None = True,
    **said: Any,
) -> tuple[Media, MediaFile]:
    """Return what is said and known of a file that is here. small: the size of its small picture."""
    kept = Kept("0" * 32, "k", size)
    look = None if mime_type is None else Appearance(mime_type, Thumbnail(kept, *small) if small else None)
    return _both(
        kind, said, state="stored", kept=kept, stored_at=NOW, sha256="0" * 64, appearance=look,
        is_as_claimed=is_as_claimed,
    )  # fmt: skip


def missing(kind: str, *, state: str, reason: str | None = None, **said: Any) -> tuple[Media, MediaFile]:
    """Return what is said and known of a file that is not here."""
    return _both(kind, said, state=state, reason=reason)


def message(number: int, body: Media, file: MediaFile | None) -> Message:
    """Return the message that brought a file; message and file have the same number."""
    files = (msgspec.structs.replace(file, id=MediaId(number)),) if file else ()
    return inbound(number, kind=body.kind, text=None, content=Content(body=body), files=files)


def _both(kind: str, said: dict[str, Any], **known: Any) -> tuple[Media, MediaFile]:
    body = Media(kind=kind, file_id="1", mime_type="image/jpeg" if kind == "image" else "application/pdf", **said)
    file = MediaFile(
        id=MediaId(0),
        message_id=MessageId(1),
        conversation_id=ConversationId(1),
        kind=kind,
        file_id="1",
        file_name=body.file_name,
        wanted_at=NOW,
        expires_at=NOW + timedelta(days=7),
        next_try_at=NOW + timedelta(minutes=10),
        **known,
    )
    return body, file
