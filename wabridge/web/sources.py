"""A message as it came: each item it was made of, byte for byte, alone. For people and for programs."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from wabridge.core import replies, sources
from wabridge.model.ids import MessageId
from wabridge.model.source import Part, Source
from wabridge.model.staff import Actor
from wabridge.web import keys, ladder, originals, rendering, session
from wabridge.web.api import NUMBER, answer, call
from wabridge.web.language import Msgid
from wabridge.web.originals import Original

PARTS: dict[Part, Msgid] = {
    "shown": Msgid("What is shown"),
    "replaced": Msgid("What came before, under the same id"),
    "conflicting": Msgid("Another content under the same id"),
    "status": Msgid("A delivery report"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One item, and what was cut out of its webhook for it."""

    source: Source
    original: Original | None

    @property
    def heading(self) -> Msgid:
        """What the item is to the message."""
        return PARTS[self.source.part]


async def show_sources(request: web.Request) -> web.Response:
    """Show what a message came from."""
    actor = session.signed_in(request).staff.actor
    office, message_id = request.app[keys.OFFICE], _message_id(request)
    message = await replies.get_message(office, actor, message_id)
    pieces = await _cut(await sources.list(office, actor, message_id))
    return await rendering.render(request, "sources.html", message=message, pieces=pieces, ladder=ladder.climb(message))


async def give_sources(request: web.Request, actor: Actor) -> web.Response:
    """Give a program what a message came from, the bytes in base64."""
    found = await sources.list(request.app[keys.OFFICE], actor, _message_id(request))
    return answer({"items": [_build(piece) for piece in await _cut(found)]})


def _message_id(request: web.Request) -> MessageId:
    return MessageId(int(request.match_info["message_id"]))


async def _cut(found: Sequence[Source]) -> list[Piece]:
    """Cut in a thread: a webhook may have megabytes, and nobody else should wait for it."""
    return await asyncio.to_thread(lambda: [Piece(each, originals.cut_out(each.body, each.pointer)) for each in found])


def _build(piece: Piece) -> dict[str, Any]:
    source, original = piece.source, piece.original
    return {
        "part": source.part,
        "kind": source.kind,
        "arrived_at": source.arrived_at,
        "form": None if original is None else "exact" if original.is_exact else "canonical",
        "bytes": None if original is None else base64.b64encode(original.kept).decode(),
        "size_bytes": None if original is None else original.size_bytes,
        "sha256": None if original is None else original.sha256,
        "webhook": {
            "id": source.webhook_id,
            "pointer": source.pointer,
            "size_bytes": len(source.body),
            "sha256": source.digest.hex(),
        },
    }


ROUTES = (
    web.get(f"/messages/{{message_id:{NUMBER}}}/source", show_sources, name="message_source"),
    web.get(f"/api/v1/messages/{{message_id:{NUMBER}}}/source", call(give_sources), name="api_message_source"),
)
