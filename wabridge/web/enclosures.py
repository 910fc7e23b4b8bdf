"""The files of an answer: taken in as they come, kept beside the box while something else is wrong with it.

What was taken in stays for a day, for whoever handed it in: a refused answer loses neither its text nor its files.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec
from aiohttp import web

from wabridge.core import enclosures, replies
from wabridge.core.office import Office
from wabridge.core.replies import Queued
from wabridge.errors import EnclosureGone, FileUnfit
from wabridge.model import enclosure
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import ConversationId, EnclosureId
from wabridge.model.staff import Actor
from wabridge.web import keys, multipart, session
from wabridge.web.multipart import Form

FIELD, OFFERED, CHOSEN = "file", "offered", "enclosure"
"""The form's names: for new files, for those the page offered, and for those of them that are to go."""


class Taken(NamedTuple):
    """The files that are to go with an answer, in their order. chosen: which of them had waited beside the box.

    are_gone: some of those chosen are not there any more; they are missing in files.
    """

    files: tuple[Enclosure, ...]
    chosen: tuple[EnclosureId, ...] = ()
    are_gone: bool = False

    def digest(self, conversation_id: ConversationId, text: str) -> bytes | None:
        """Return what must be the same when a form with files comes again, None of one without.

        What comes with the form has other ids then, what had waited is not there any more.
        """
        if not self.files and not self.chosen:
            return None
        new = [(file.name, file.sha256) for file in self.files if file.id not in self.chosen]
        return hashlib.sha256(msgspec.json.encode((conversation_id, text, self.chosen, new))).digest()


async def open_answer(request: web.Request) -> Form:
    """Return the form of an answer, with files or without; raises BadRequest, BodyTooLarge or 408."""
    if request.content_type == multipart.FORM_TYPE:
        return await multipart.open_form(request)
    return Form(dict(await session.read(request)))


async def take_in(request: web.Request, actor: Actor, conversation_id: ConversationId, form: Form) -> Taken:
    """Return the files that are to go with an answer: those chosen again, then the new ones, in their order.

    What the page offered and nobody chose is taken back. Raises what `enclosures.hand_in` raises.
    """
    office = request.app[keys.OFFICE]
    chosen = _ids(form.many.get(CHOSEN, ()))
    for enclosure_id in _ids(form.many.get(OFFERED, ())):
        if enclosure_id not in chosen:
            with suppress(EnclosureGone):
                await enclosures.take_back(office, actor, enclosure_id)
    found: list[Enclosure] = []
    for enclosure_id in chosen:
        with suppress(EnclosureGone):
            found.append(await enclosures.get(office, actor, enclosure_id))
    are_gone = len(found) < len(chosen)
    addressee = Addressee(conversation_id=conversation_id)
    if form.files is not None:
        async for file in form.files:
            if len(found) >= enclosure.MOST:
                raise FileUnfit("too_many", name=file.name or "")
            found.append(await enclosures.hand_in(office, actor, addressee, name=file.name, pieces=file.pieces()))
    return Taken(tuple(found), tuple(chosen), are_gone)


async def find_sent(office: Office, actor: Actor, form_token: str, body_hash: bytes) -> Queued:
    """Return what this very form has sent, if that is where its files have gone; else raises EnclosureGone."""
    queued = await replies.find_repeated(office, actor, key=form_token, body_hash=body_hash)
    if queued is None:
        raise EnclosureGone("no such file: it was sent, taken back, or handed in more than a day ago")
    return queued


async def forget(request: web.Request, actor: Actor, repeated: Sequence[Enclosure]) -> None:
    """Take back the files of a form that had been sent already."""
    for each in repeated:
        with suppress(EnclosureGone):
            await enclosures.take_back(request.app[keys.OFFICE], actor, each.id)


def _ids(said: Sequence[str]) -> list[EnclosureId]:
    return [EnclosureId(int(each)) for each in said if each.isascii() and each.isdigit() and len(each) <= 18]
