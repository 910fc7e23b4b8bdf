"""Reactions of the office: an emoji under a message, changed or taken off. A second press finds the first."""

from collections.abc import Mapping

from aiohttp import web

from wabridge.core import replies
from wabridge.core.office import Office
from wabridge.errors import BadRequest
from wabridge.model.content import Reaction
from wabridge.model.draft import Draft
from wabridge.model.ids import MessageId
from wabridge.model.staff import Actor
from wabridge.web import conversation
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


_PATH = "/messages/{message_id:[1-9][0-9]{0,17}}/react"

ROUTES = (
    web.post(_PATH, message_react, name="message_react"),
    web.get(_PATH, conversation.show_decided, name="message_react"),
)
