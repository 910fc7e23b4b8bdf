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
    being_written = conversation.read_box(fields)
    try:
        back = await sending.take_back(office, actor, message.id)
    except Conflict as error:
        return await conversation.draw(
            request,
            message.conversation_id,
            error=error,
            box=Box(being_written.text, being_written.quoted_id),
            about=message.id,
        )
    # The first of a click answers for all of them. If it has left, it took the quotation along.
    first = await replies.get_message(office, actor, message.queued_with or message.id)
    is_back = first.delivery is not None and first.delivery.status == "cancelled"
    draft = "\n\n".join(part for part in (back.text, being_written.text) if part.strip())
    box = Box(draft, (first.quoted_id if is_back else None) or being_written.quoted_id)
    return await conversation.draw(request, message.conversation_id, box=box, taken_back=back)


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
