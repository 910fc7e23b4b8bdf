"""Finding people and messages again. The question comes by a form: words about clients never stand in an address."""

from typing import Annotated

import msgspec
from aiohttp import web

from wabridge.core import search
from wabridge.model.search import CHARACTERS, Found, excerpt
from wabridge.model.staff import Actor
from wabridge.web import api_objects, keys, rendering, session
from wabridge.web.api import answer, call
from wabridge.web.api_messages import read_body

_HITS = 25


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program looks for. cursor: the `next` of an earlier answer."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=CHARACTERS)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = _HITS
    cursor: str | None = None


async def ask(request: web.Request) -> web.Response:
    """Show the empty form."""
    return await _show(request, "", None)


async def find(request: web.Request) -> web.Response:
    """Show what was found."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    question = fields.get("words", "")[:CHARACTERS].strip()
    cursor = fields.get("cursor") or None
    found = await search.find(request.app[keys.OFFICE], actor, question, limit=_HITS, cursor=cursor)
    return await _show(request, question, found, is_first=cursor is None)


async def find_for_program(request: web.Request, actor: Actor) -> web.Response:
    """Tell a program what was found."""
    wanted = await read_body(request, Question)
    found = await search.find(request.app[keys.OFFICE], actor, wanted.words, limit=wanted.limit, cursor=wanted.cursor)
    people = [each.contact for each in found.matches if each.contact is not None]
    said = {
        "contacts": [api_objects.build_contact(contact) for contact in people],
        "messages": {
            "items": [api_objects.build_message(hit.message) for hit in found.messages.items],
            "next": found.messages.next,
        },
    }
    return answer(said)


async def _show(request: web.Request, question: str, found: Found | None, *, is_first: bool = True) -> web.Response:
    return await rendering.render(
        request,
        "search.html",
        question=question,
        found=found if question else None,
        is_first=is_first,
        around=excerpt,
    )


ROUTES = (
    web.get("/search", ask, name="search"),
    web.post("/search", find, name="search_find"),
    web.post("/api/v1/search", call(find_for_program), name="api_search"),
)
