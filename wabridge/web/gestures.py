"""Small gestures of the office: an emoji under a message, changed or taken off; and that somebody is writing.

A second press of an emoji finds the first.
"""

from collections.abc import Mapping

from aiohttp import web

from wabridge.core import replies, ticks
from wabridge.core.office import Office
from wabridge.errors import BadRequest
from wabridge.model.content import Reaction
from wabridge.model.draft import Draft
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.staff import Actor
from wabridge.web import conversation, keys, session
from wabridge.web.kinds import REACTIONS

_DIGITS = 6


async def message_react(request: web.Request) -> web.Response:
    """Put an emoji under a message, or take it off."""
    return await conversation.decide(request, _react)


async def _react(office: Office, actor: Actor, message_id: MessageId, fields: Mapping[str, str]) -> None:
    emoji, after = fields.get("emoji", ""), fields.get("after", "")
    if (emoji and emoji not in REACTIONS) or not (after.isascii() and after.isdigit() and len(after) <= _DIGITS):
        raise BadRequest("this is none of the reactions of the page")
    message = await replies.get_message(office, actor, message_id)
    await replies.queue(
        office,
        actor,
        draft=Draft(body=Reaction(emoji=emoji or None), target_id=message_id),
        conversation_id=message.conversation_id,
        # What stood there when the page was drawn is part of the key: a double click is one reaction, a later one not.
        key=f"reaction:{message_id}:{after}:{emoji}",
    )


async def note_typing(request: web.Request) -> web.Response:
    """Take note that somebody writes an answer; nothing else comes of it."""
    actor = session.signed_in(request).staff.actor
    await session.form(request)
    await ticks.mark_typing(request.app[keys.OFFICE], actor, ConversationId(int(request.match_info["conversation_id"])))
    return web.Response(status=204)


_PATH = "/messages/{message_id:[1-9][0-9]{0,17}}/react"

ROUTES = (
    web.post("/conversations/{conversation_id:[1-9][0-9]{0,17}}/typing", note_typing, name="typing"),
    web.post(_PATH, message_react, name="message_react"),
    web.get(_PATH, conversation.show_decided, name="message_react"),
)
