"""The API's reading half, and what both halves share: who calls, which page of a list. Described in docs/api.md."""

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from wabridge.core import contacts, tokens
from wabridge.errors import BadRequest, NotSignedIn
from wabridge.model.ids import ContactId
from wabridge.model.page import Page
from wabridge.model.staff import Actor
from wabridge.web import api_objects, keys

NUMBER = "[1-9][0-9]{0,17}"
"""An id in a path; it fits the 64 bits of a row's."""

_LIMIT, _LARGEST_LIMIT = 50, 100

Call = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def call(work: Call) -> Handler:
    """Return a handler that does something for a program that shows a valid token; raises NotSignedIn."""

    async def handle(request: web.Request) -> web.StreamResponse:
        actor = await _find_caller(request)
        if actor is None:
            raise NotSignedIn("a valid token is needed: Authorization: Bearer wab_...")
        return await work(request, actor)

    return handle


async def still_holds(request: web.Request) -> bool:
    """Say whether the token of a long answer is still valid; raises StorageUnavailable."""
    return await _find_caller(request) is not None


def answer(said: object, *, status: int = 200) -> web.Response:
    """Return an answer as JSON; times are RFC 3339 in UTC."""
    return web.Response(status=status, body=msgspec.json.encode(said), content_type="application/json")


async def list_contacts(request: web.Request, actor: Actor) -> web.Response:
    """List contacts, newest first."""
    limit, cursor = paging(request)
    page = await contacts.list(request.app[keys.OFFICE], actor, limit=limit, cursor=cursor)
    return answer(Page(tuple(map(api_objects.build_contact, page.items)), page.next))


async def show_contact(request: web.Request, actor: Actor) -> web.Response:
    """Show a contact with its identity alerts; whoever was joined to another contact is shown as that one."""
    contact_id = ContactId(int(request.match_info["contact_id"]))
    return answer(api_objects.build_profile(await contacts.get_profile(request.app[keys.OFFICE], actor, contact_id)))


async def list_messages(request: web.Request, actor: Actor) -> web.Response:
    """List the messages of one contact, newest first."""
    limit, cursor = paging(request)
    contact_id = ContactId(int(request.match_info["contact_id"]))
    page = await contacts.list_messages(request.app[keys.OFFICE], actor, contact_id, limit=limit, cursor=cursor)
    return answer(Page(tuple(map(api_objects.build_message, page.items)), page.next))


def paging(request: web.Request) -> tuple[int, str | None]:
    """Return how many rows are asked for, and behind which cursor; raises BadRequest."""
    return read_limit(request), request.query.get("cursor")


def read_limit(request: web.Request) -> int:
    """Return how many items a list may have; raises BadRequest."""
    limit = request.query.get("limit", str(_LIMIT))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= _LARGEST_LIMIT):
        raise BadRequest(f"limit is a number from 1 to {_LARGEST_LIMIT}")
    return int(limit)


async def _find_caller(request: web.Request) -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return await tokens.find(request.app[keys.OFFICE], secret.strip()) if scheme.lower() == "bearer" else None


ROUTES = (
    web.get("/api/v1/contacts", call(list_contacts), name="api_contacts"),
    web.get(f"/api/v1/contacts/{{contact_id:{NUMBER}}}", call(show_contact), name="api_contact"),
    web.get(f"/api/v1/contacts/{{contact_id:{NUMBER}}}/messages", call(list_messages), name="api_contact_messages"),
)
