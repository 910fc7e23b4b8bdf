"""A message before it is queued: what its author wants to say, and to which earlier message."""

import msgspec

from wabridge.model.content import Body, Cards, Content, Location, Media, Reaction
from wabridge.model.ids import MessageId
from wabridge.model.prompts import Buttons, LinkButton, LocationRequest, Menu, NumberRequest
from wabridge.model.template_message import TemplateMessage

KINDS: dict[type, str] = {
    Location: "location",
    Cards: "contacts",
    Reaction: "reaction",
    Buttons: "interactive",
    Menu: "interactive",
    LinkButton: "interactive",
    NumberRequest: "interactive",
    LocationRequest: "interactive",
    TemplateMessage: "template",
}
"""Meta's type word of each body that can be sent; a file has that of its own kind."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent. text: the words, also those above buttons. body: what it says beside them.

    quoted_id: the message it answers. target_id: of a reaction, the message it stands under; its wamid is found when
    it is queued.
    """

    text: str | None = None
    body: Body | None = None
    quoted_id: MessageId | None = None
    target_id: MessageId | None = None

    @property
    def kind(self) -> str:
        """Meta's type word. Raises KeyError for a body that cannot be sent."""
        if self.body is None:
            return "text"
        return self.body.kind if isinstance(self.body, Media) else KINDS[type(self.body)]

    @property
    def content(self) -> Content | None:
        """What is stored beside the text."""
        return None if self.body is None else Content(body=self.body)
