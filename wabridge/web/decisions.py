"""The buttons on a message that did not arrive, may not have, or has not left yet: send again, close, take back."""

from collections.abc import Mapping

from aiohttp import web

from wabridge.core import decisions, replies, sending
from wabridge.core.office import Office
from wabridge.errors import BadRequest, Conflict
from wabridge.model.ids import MessageId
from wabridge.model.staff import Actor
from wabridge.web import conversation, keys, session
from wabridge.web.contacts import read_clearance
from wabridge.web.conversation import Box

_MOST_ATTEMPTS = 9999


async def message_resend(request: web.Request) -> web.Response:
    """Let a message go once more."""

    async def resend(office: Office, actor: Actor, message_id: MessageId, fields: Mapping[str, str]) -> None:
        attempts, is_closed, clearance = _attempts(fields), "closed" in fields, read_clearance(fields)
        await decisions.resend(office, actor, message_id, attempts=attempts, is_closed=is_closed, clearance=clearance)

    return await conversation.decide(request, resend)


async def message_close(request: web.Request) -> web.Response:
    """Let the matter of a message rest, with a note."""

    async def close(office: Office, actor: Actor, message_id: MessageId, fields: Mapping[str, str]) -> None:
        await decisions.close(office, actor, message_id, note=fields.get("note", ""), attempts=_attempts(fields))

    return await conversation.decide(request, close)


async def message_undo(request: web.Request) -> web.Response:
    """Take back what has not left yet, and put its text into the box, before what may stand there already."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    office = request.app[keys.OFFICE]
    message = await replies.get_message(office, actor, MessageId(int(request.match_info["message_id"])))
    written = fields.get("text", "").replace("\r\n", "\n")
    try:
        back = await sending.take_back(office, actor, message.id)
    except Conflict as error:
        return await conversation.draw(
            request, message.conversation_id, error=error, box=Box(written), about=message.id
        )
    draft = "\n\n".join(part for part in (back.text, written) if part.strip())
    return await conversation.draw(request, message.conversation_id, box=Box(draft, message.quoted_id), taken_back=back)


def _attempts(fields: Mapping[str, str]) -> int:
    said = fields.get("attempts", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 4 and int(said) <= _MOST_ATTEMPTS):
        raise BadRequest("the form does not say what its reader saw")
    return int(said)


_PATH = "/messages/{message_id:[1-9][0-9]{0,17}}"

ROUTES = (
    web.post(_PATH + "/resend", message_resend, name="message_resend"),
    web.get(_PATH + "/resend", conversation.show_decided, name="message_resend"),
    web.post(_PATH + "/close", message_close, name="message_close"),
    web.get(_PATH + "/close", conversation.show_decided, name="message_close"),
    web.post(_PATH + "/undo", message_undo, name="message_undo"),
    web.get(_PATH + "/undo", conversation.show_decided, name="message_undo"),
)
