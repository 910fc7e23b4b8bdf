"""The API's decisions about messages on their way out, and the worklist that asks for them."""

from typing import Annotated

import msgspec
from aiohttp import web

from wabridge.core import decisions, replies, worklist
from wabridge.model.ids import MessageId
from wabridge.model.staff import Actor
from wabridge.web import api_objects, keys
from wabridge.web.api import NUMBER, answer, call, read_limit
from wabridge.web.api_messages import Acknowledged, acknowledged, read_body

Attempts = Annotated[int, msgspec.Meta(ge=0, le=9999)]


class Release(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let it go after all."""

    acknowledged_alert: Acknowledged = None


class Resend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Send it again. attempts, is_closed: what the program knew of the message when it decided."""

    attempts: Attempts
    is_closed: bool = False
    acknowledged_alert: Acknowledged = None


class Close(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let it rest. attempts: how many the program knew of when it decided."""

    note: str
    attempts: Attempts


async def cancel_message(request: web.Request, actor: Actor) -> web.Response:
    """Withdraw a message that has not been handed over."""
    await replies.cancel(request.app[keys.OFFICE], actor, _message_id(request))
    return await _said(request, actor)


async def release_message(request: web.Request, actor: Actor) -> web.Response:
    """Let a held message go; in spite of an identity alert only with a body that acknowledges it."""
    wanted = await read_body(request, Release) if request.can_read_body else Release()
    through = wanted.acknowledged_alert or 0
    await replies.release(request.app[keys.OFFICE], actor, _message_id(request), through=through)
    return await _said(request, actor)


async def resend_message(request: web.Request, actor: Actor) -> web.Response:
    """Let a message go once more; 202 means that it waits in its place."""
    wanted = await read_body(request, Resend)
    clearance = acknowledged(wanted.acknowledged_alert)
    await decisions.resend(
        request.app[keys.OFFICE],
        actor,
        _message_id(request),
        attempts=wanted.attempts,
        is_closed=wanted.is_closed,
        clearance=clearance,
    )
    return await _said(request, actor, status=202)


async def close_message(request: web.Request, actor: Actor) -> web.Response:
    """Let the matter of a message rest, with a note."""
    wanted = await read_body(request, Close)
    await decisions.close(
        request.app[keys.OFFICE], actor, _message_id(request), note=wanted.note, attempts=wanted.attempts
    )
    return await _said(request, actor)


async def show_worklist(request: web.Request, actor: Actor) -> web.Response:
    """Show what waits for a person."""
    found = await worklist.get(request.app[keys.OFFICE], actor, limit=read_limit(request))
    return answer(api_objects.build_worklist(found))


async def _said(request: web.Request, actor: Actor, *, status: int = 200) -> web.Response:
    message = await replies.get_message(request.app[keys.OFFICE], actor, _message_id(request))
    return answer(api_objects.build_message(message), status=status)


def _message_id(request: web.Request) -> MessageId:
    return MessageId(int(request.match_info["message_id"]))


_PATH = f"/api/v1/messages/{{message_id:{NUMBER}}}"

ROUTES = (
    web.post(_PATH + "/cancel", call(cancel_message), name="api_message_cancel"),
    web.post(_PATH + "/release", call(release_message), name="api_message_release"),
    web.post(_PATH + "/resend", call(resend_message), name="api_message_resend"),
    web.post(_PATH + "/close", call(close_message), name="api_message_close"),
    web.get("/api/v1/worklist", call(show_worklist), name="api_worklist"),
)
