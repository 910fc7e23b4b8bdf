"""The API's files: hand one in for a person, then send it with a message. Described in docs/api.md."""

from typing import Annotated

import msgspec
from aiohttp import web

from wabridge.core import enclosures
from wabridge.errors import Unprocessable
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import ContactId, EnclosureId
from wabridge.model.staff import Actor
from wabridge.web import api_objects, keys, multipart
from wabridge.web.api import NUMBER, answer, call
from wabridge.web.multipart import Form


class _Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a file is for."""

    to: str | None = None
    contact_id: Annotated[int, msgspec.Meta(gt=0, lt=10**18)] | None = None


async def hand_in(request: web.Request, actor: Actor) -> web.Response:
    """Take a file in for one person; 201 means that it is on the disk and can be sent."""
    if request.content_type != multipart.FORM_TYPE:
        raise web.HTTPUnsupportedMediaType
    form = await multipart.open_form(request)
    taken = await _take(request, actor, _read_addressee(form), form)
    said = answer(api_objects.build_enclosure(taken), status=201)
    said.headers["Location"] = f"/api/v1/files/{taken.id}"
    return said


async def show_file(request: web.Request, actor: Actor) -> web.Response:
    """Show a file that waits for its message."""
    found = await enclosures.get(request.app[keys.OFFICE], actor, _file_id(request))
    return answer(api_objects.build_enclosure(found))


async def take_back(request: web.Request, actor: Actor) -> web.Response:
    """Remove a file that waits for its message."""
    await enclosures.take_back(request.app[keys.OFFICE], actor, _file_id(request))
    return web.Response(status=204)


def _read_addressee(form: Form) -> Addressee:
    try:
        person = msgspec.convert(form.words, _Person, strict=False)
    except msgspec.ValidationError as error:
        raise Unprocessable(str(error)) from error
    if (person.contact_id is None) == (person.to is None):
        raise Unprocessable("a file is for exactly one of contact and phone number")
    return Addressee(contact_id=None if person.contact_id is None else ContactId(person.contact_id), phone=person.to)


async def _take(request: web.Request, actor: Actor, addressee: Addressee, form: Form) -> Enclosure:
    office, taken = request.app[keys.OFFICE], None
    if form.files is not None:
        async for file in form.files:
            if taken is not None:
                await enclosures.take_back(office, actor, taken.id)
                raise Unprocessable("one file at a time")
            taken = await enclosures.hand_in(office, actor, addressee, name=file.name, pieces=file.pieces())
    if taken is None:
        raise Unprocessable("there is no file behind the form's words")
    return taken


def _file_id(request: web.Request) -> EnclosureId:
    return EnclosureId(int(request.match_info["file_id"]))


_ONE = f"/api/v1/files/{{file_id:{NUMBER}}}"

ROUTES = (
    web.post("/api/v1/files", call(hand_in), name="api_files"),
    web.get(_ONE, call(show_file), name="api_file"),
    web.delete(_ONE, call(take_back), name="api_file"),
)
