"""The file above a text: taken in as it comes, kept for the form while something else is wrong with it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from aiohttp import web

from wabridge.core import enclosures
from wabridge.errors import BadRequest, EnclosureGone, FileTooLarge, FileUnfit
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import EnclosureId
from wabridge.model.staff import Actor
from wabridge.model.template import HeaderKind
from wabridge.web import enclosure_words, keys
from wabridge.web.multipart import Form

FIELD, OFFERED = "slot.header", "offered.header"
"""The form's names for the file that was taken in already: as the one that is to go, and as one that may stay."""

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
ACCEPT_ANY = ",".join(ACCEPT.values())


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

    @property
    def is_gone(self) -> bool:
        """Whether the file that had been taken in before is not there any more."""
        return self.kept is not None and self.file is None


async def take_in(request: web.Request, actor: Actor, addressee: Addressee, form: Form) -> Taken:
    """Return the file that a form brings, or the one it had brought; a new one takes the old one's place.

    Raises BadRequest for several, and what `enclosures.hand_in` raises.
    """
    kept = read_id(form.words)
    offered = read_id(form.words, OFFERED)
    if offered is not None and offered != kept:
        await forget(request, actor, offered)
    file = await find(request, actor, form.words)
    taken = await _take_new(request, actor, addressee, form)
    if file is not None and taken is not None:
        await forget(request, actor, file.id)
    return Taken(taken or file, kept)


async def _take_new(request: web.Request, actor: Actor, addressee: Addressee, form: Form) -> Enclosure | None:
    if form.files is None:
        return None
    office, taken = request.app[keys.OFFICE], None
    async for each in form.files:
        if taken is not None:
            await forget(request, actor, taken.id)
            raise BadRequest("one file at a time")
        try:
            taken = await enclosures.hand_in(office, actor, addressee, name=each.name, pieces=each.pieces())
        except FileUnfit as error:
            if not isinstance(error, FileTooLarge):
                async for _ in form.files:  # the words behind it are to come back as well
                    pass
            raise
    return taken


async def find(request: web.Request, actor: Actor, fields: Mapping[str, str]) -> Enclosure | None:
    """Return the file that a form has brought before, None if there is none, or none any more."""
    enclosure_id = read_id(fields)
    if enclosure_id is not None:
        with suppress(EnclosureGone):
            return await enclosures.get(request.app[keys.OFFICE], actor, enclosure_id)
    return None


async def forget(request: web.Request, actor: Actor, file_id: EnclosureId) -> None:
    """Take a file back that nobody needs any more."""
    with suppress(EnclosureGone):
        await enclosures.take_back(request.app[keys.OFFICE], actor, file_id)


def read_id(fields: Mapping[str, str], name: str = FIELD) -> EnclosureId | None:
    """Return which file a form has brought before."""
    said = fields.get(name, "")
    return EnclosureId(int(said)) if said.isascii() and said.isdigit() and len(said) <= len("9" * 18) else None
