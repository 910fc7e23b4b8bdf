"""The files of an answer: taken in as they come, kept beside the box while something else is wrong with it.

What was taken in stays for a day, for whoever handed it in: a refused answer loses neither its text nor its files.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from aiohttp import web

from wabridge.core import enclosures
from wabridge.errors import EnclosureGone, FileUnfit
from wabridge.model import enclosure
from wabridge.model.enclosure import Enclosure
from wabridge.model.ids import ConversationId, EnclosureId
from wabridge.model.staff import Actor
from wabridge.web import keys, multipart, session
from wabridge.web.multipart import Form

FIELD, OFFERED, CHOSEN = "file", "offered", "enclosure"
"""The form's names: for new files, for those the page offered, and for those of them that are to go."""


async def open_answer(request: web.Request) -> Form:
    """Return the form of an answer, with files or without; raises BadRequest, BodyTooLarge or 408."""
    if request.content_type == multipart.FORM_TYPE:
        return await multipart.open_form(request)
    return Form(dict(await session.read(request)))


async def take_in(
    request: web.Request, actor: Actor, conversation_id: ConversationId, form: Form
) -> tuple[Enclosure, ...]:
    """Return the files that are to go with an answer: those chosen again, then the new ones, in their order.

    What the page offered and nobody chose is taken back. Raises what `enclosures.hand_in` raises, or EnclosureGone.
    """
    office = request.app[keys.OFFICE]
    chosen = _ids(form.many.get(CHOSEN, ()))
    for enclosure_id in _ids(form.many.get(OFFERED, ())):
        if enclosure_id not in chosen:
            with suppress(EnclosureGone):
                await enclosures.take_back(office, actor, enclosure_id)
    found = [await enclosures.get(office, actor, enclosure_id) for enclosure_id in chosen]
    if form.files is not None:
        async for file in form.files:
            if len(found) >= enclosure.MOST:
                raise FileUnfit("too_many", name=file.name or "")
            found.append(await enclosures.hand_in(office, actor, conversation_id, name=file.name, pieces=file.pieces()))
    return tuple(found)


async def forget(request: web.Request, actor: Actor, repeated: Sequence[Enclosure]) -> None:
    """Take back the files of a form that had been sent already."""
    for each in repeated:
        with suppress(EnclosureGone):
            await enclosures.take_back(request.app[keys.OFFICE], actor, each.id)


def digest(conversation_id: ConversationId, text: str, files: Sequence[Enclosure]) -> bytes:
    """Return what must be the same when a form with files comes again: its files have other ids then."""
    said = (conversation_id, text, [(file.name, file.sha256) for file in files])
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def _ids(said: Sequence[str]) -> list[EnclosureId]:
    return [EnclosureId(int(each)) for each in said if each.isascii() and each.isdigit() and len(each) <= 18]
