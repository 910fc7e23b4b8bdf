"""A message before it is queued: what its author wants to say, and to which earlier message."""

from collections.abc import Sequence

import msgspec

from wabridge.model import limits
from wabridge.model.content import Body, Cards, Content, Location, Media, Reaction
from wabridge.model.enclosure import Enclosure
from wabridge.model.ids import EnclosureId, MessageId
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

    quoted_id: the message it answers. enclosure_id: the file that goes with it; without a body the words are its
    caption. is_voice: whether a recording goes as a voice message; None leaves that to its bytes. target_id: of a
    reaction, the message it stands under; its wamid is found when it is queued.
    """

    text: str | None = None
    body: Body | None = None
    quoted_id: MessageId | None = None
    target_id: MessageId | None = None
    enclosure_id: EnclosureId | None = None
    is_voice: bool | None = None

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


def with_files(
    text: str, files: Sequence[Enclosure], *, quoted_id: MessageId | None = None, as_sound: bool = False
) -> tuple[Draft, ...]:
    """Return the messages that a text and some files become, each file one of its own, in their order.

    as_sound: recordings go as audio files and not as voice messages.

    The first of them answers the message that is quoted. The text stands under the first file that takes one; where it
    is too long for that, or none does, it goes before.
    """
    bearer = next((file.id for file in files if file.takes_caption), None)
    if len(text) > limits.CAPTION_CHARACTERS:
        bearer = None
    sent = [
        Draft(
            text=text if file.id == bearer else None,
            enclosure_id=file.id,
            is_voice=False if as_sound and file.is_voice else None,
        )
        for file in files
    ]
    first, *others = sent if sent and (bearer is not None or not text) else (Draft(text=text), *sent)
    return msgspec.structs.replace(first, quoted_id=quoted_id), *others
