"""What a message offers a person to tap, and which of it an answer means."""

from typing import NamedTuple

from wabridge.model.content import Body
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.template_message import TemplateMessage


class Offered(NamedTuple):
    """A button of a message of ours. position: from 1."""

    message_id: MessageId
    conversation_id: ConversationId
    position: int
    title: str


def offered(body: Body | None) -> list[tuple[str, str]]:
    """Return what comes back and what stands on it, for each reply button of a template."""
    if not isinstance(body, TemplateMessage):
        return []
    pressed = (each for each in body.filled if each.part == "button" and each.button is not None)
    known = ((each.value, body.buttons[each.button or 0]) for each in pressed)
    return [(value, button.text) for value, button in known if button.kind == "quick_reply"]
