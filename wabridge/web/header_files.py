"""The file above a template's text: taken in as it comes, kept for the form while something else is wrong with it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from aiohttp import web

from wabridge.core import enclosures
from wabridge.errors import BadRequest, EnclosureGone
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import EnclosureId
from wabridge.model.staff import Actor
from wabridge.model.template import HeaderKind
from wabridge.web import enclosure_words, keys
from wabridge.web.multipart import Form
from wabridge.web.recipients import Recipient

FIELD = "slot.header"
"""Names the file that was taken in already."""

ACCEPT: dict[HeaderKind, str] = {
    "image": "image/jpeg,image/png",
    "video": "video/mp4,video/3gpp",
    "document": ",".join(
        word
        for word in enclosure_words.ACCEPT.split(",")
        if not word.startswith(("image/", "video/", "audio/", ".opus"))
    ),
}
"""What a browser offers to choose."""


class Taken(NamedTuple):
    """The file that is to stand above the text. kept: which one had been taken in before, of whose form this is."""

    file: Enclosure | None
    kept: EnclosureId | None = None

    @property
    def mark(self) -> tuple[object, ...]:
        """What must be the same when a form with a file comes again: what comes with it has another id then."""
        if self.file is None or self.file.id == self.kept:
            return (self.kept,)
        return (self.file.name, self.file.sha256)


async def take_in(request: web.Request, actor: Actor, recipient: Recipient, form: Form) -> Taken:
    """Return the file that a form brings, or the one it had brought; a new one takes the old one's place.

    Raises BadRequest for several, and what `enclosures.hand_in` raises.
    """
    kept = read_id(form.words)
    file = await find(request, actor, form.words)
    if form.files is None:
        return Taken(file, kept)
    office, taken = request.app[keys.OFFICE], None
    contact_id = recipient.contact.id if recipient.contact is not None else None
    addressee = Addressee(contact_id=contact_id, phone=None if contact_id else form.words.get("to", ""))
    async for each in form.files:
        if taken is not None:
            await forget(request, actor, taken)
            raise BadRequest("one file at a time")
        taken = await enclosures.hand_in(office, actor, addressee, name=each.name, pieces=each.pieces())
    if file is not None and taken is not None:
        await forget(request, actor, file)
    return Taken(taken or file, kept)


async def find(request: web.Request, actor: Actor, fields: Mapping[str, str]) -> Enclosure | None:
    """Return the file that a form has brought before, None if there is none, or none any more."""
    enclosure_id = read_id(fields)
    if enclosure_id is not None:
        with suppress(EnclosureGone):
            return await enclosures.get(request.app[keys.OFFICE], actor, enclosure_id)
    return None


async def forget(request: web.Request, actor: Actor, file: Enclosure) -> None:
    """Take a file back that nobody needs any more."""
    with suppress(EnclosureGone):
        await enclosures.take_back(request.app[keys.OFFICE], actor, file.id)


def read_id(fields: Mapping[str, str]) -> EnclosureId | None:
    """Return which file a form has brought before."""
    said = fields.get(FIELD, "")
    return EnclosureId(int(said)) if said.isascii() and said.isdigit() and len(said) <= len("9" * 18) else None
