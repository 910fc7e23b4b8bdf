"""The small forms beside the reply box: a place, a contact card, buttons, a list, a link, a question.

Each is a page of its own, so that the box stays a box, and works without JavaScript. What is refused comes back with
everything that was typed and with its file; the form's token makes sure that a form sends once.
"""

import hashlib
from datetime import timedelta

import msgspec
from aiohttp import web

from wabridge.core import conversations, replies
from wabridge.core.replies import Manner, Queued
from wabridge.errors import (
    BadRequest,
    Conflict,
    DraftUnfit,
    EnclosureGone,
    NewerMessage,
    NotAllowed,
    StorageUnavailable,
    Unprocessable,
    WabridgeError,
)
from wabridge.model.conversation import ConversationView
from wabridge.model.draft import Draft
from wabridge.model.enclosure import Addressee
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.limits import NOTE_CHARACTERS
from wabridge.model.staff import Actor
from wabridge.web import enclosure_words, enclosures, header_files, keys, problems, remarks, rendering, session
from wabridge.web.compose_drafts import READERS, Fields
from wabridge.web.compose_words import FORMS
from wabridge.web.contacts import read_clearance
from wabridge.web.header_files import Taken
from wabridge.web.multipart import Form

WITH_FILE = frozenset({"buttons", "link"})
"""The forms whose words may have a file above them."""

_LOOKED_AT = 20


async def show_form(request: web.Request) -> web.Response:
    """Show one small form, empty; where nothing can be sent now, lead back to where it says why."""
    view = await _view(request)
    if not _may_write(request, view):
        raise web.HTTPSeeOther(f"/conversations/{view.line.id}#latest")
    return await _draw(request, view, {})


async def send(request: web.Request) -> web.Response:
    """Queue what a small form says and lead back to the conversation; what was refused comes back with its reason."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    fields: Fields = form.words
    if not 0 < len(fields.get("form_token", "")) <= session.TOKEN_CHARACTERS:
        raise BadRequest("the form has no token")
    try:
        session.check(request, fields)
        taken = await _take_in(request, actor, form)
        if taken.file is not None:
            fields = {**fields, header_files.FIELD: str(taken.file.id)}
        queued = await _queue(request, actor, fields, taken)
    except (Conflict, Unprocessable, NotAllowed, StorageUnavailable, EnclosureGone) as error:
        return await _draw(request, await _view(request), fields, error=error, seen=_number(fields.get("seen", "")))
    if queued.repeated and taken.file is not None:
        await header_files.forget(request, actor, taken.file.id)
    raise web.HTTPSeeOther(f"/conversations/{queued.conversation_id}#latest")


async def show_typed(request: web.Request, fields: Fields) -> web.Response:
    """Show a small form with what was typed into it while nobody was signed in."""
    seen = _number(fields.get("seen", ""))
    return await _draw(request, await _view(request), fields, seen=seen, is_brought_back=True)


async def _take_in(request: web.Request, actor: Actor, form: Form) -> Taken:
    """Return the file that is to stand above the words. It is meant for the contact: never beside the reply box."""
    if _kind(request) not in WITH_FILE:
        return Taken(None)
    contact = (await _view(request)).line.contact
    addressee = (
        Addressee(conversation_id=_conversation_id(request)) if contact is None else Addressee(contact_id=contact.id)
    )
    return await header_files.take_in(request, actor, addressee, form)


async def _queue(request: web.Request, actor: Actor, fields: Fields, taken: Taken) -> Queued:
    office, conversation_id = request.app[keys.OFFICE], _conversation_id(request)
    draft = await READERS[_kind(request)](office, actor, fields)
    digest = _digest(conversation_id, draft, taken)
    if taken.is_gone:
        return await enclosures.find_sent(office, actor, fields["form_token"], digest)
    undo = timedelta(seconds=office.settings.office.undo_seconds)
    return await replies.queue(
        office,
        actor,
        draft=msgspec.structs.replace(draft, enclosure_id=None if taken.file is None else taken.file.id),
        conversation_id=conversation_id,
        key=fields["form_token"],
        body_hash=digest,
        manner=Manner(_number(fields.get("seen", "")), undo),
        clearance=read_clearance(fields),
    )


def _digest(conversation_id: ConversationId, draft: Draft, taken: Taken) -> bytes:
    """Return what must be the same when a form comes again."""
    return hashlib.sha256(msgspec.json.encode((conversation_id, draft, taken.mark))).digest()


async def _draw(
    request: web.Request,
    view: ConversationView,
    typed: Fields,
    *,
    error: WabridgeError | None = None,
    seen: MessageId | None = None,
    is_brought_back: bool = False,
) -> web.Response:
    is_newer = seen is not None and (error is None or isinstance(error, NewerMessage))
    return await rendering.render(
        request,
        "compose.html",
        status=(problems.find_status(error) if error else None) or 200,
        view=view,
        kind=_kind(request),
        form=FORMS[_kind(request)],
        typed=typed,
        newer=conversations.newer(view, than=seen) if is_newer and seen is not None else (),
        refusal=remarks.refusal(error) if error else None,
        unfit=error.flaws if isinstance(error, DraftUnfit) else (),
        unfit_file=enclosure_words.refusal(error),
        takes_file=_kind(request) in WITH_FILE,
        file=await header_files.find(request, session.signed_in(request).staff.actor, typed),
        accept=header_files.ACCEPT_ANY,
        seen=max((message.id for message in view.messages if message.direction == "inbound"), default=0),
        form_token=session.next_token(typed, is_same=is_brought_back or isinstance(error, StorageUnavailable)),
        note_limit=NOTE_CHARACTERS,
    )


async def _view(request: web.Request) -> ConversationView:
    actor = session.signed_in(request).staff.actor
    return await conversations.get(request.app[keys.OFFICE], actor, _conversation_id(request), limit=_LOOKED_AT)


def _may_write(request: web.Request, view: ConversationView) -> bool:
    return view.window_is_open and not view.is_read_only and session.signed_in(request).staff.actor.may("reply")


def _kind(request: web.Request) -> str:
    return request.match_info["kind"]


def _conversation_id(request: web.Request) -> ConversationId:
    return ConversationId(int(request.match_info["conversation_id"]))


def _number(said: str) -> MessageId | None:
    return MessageId(int(said)) if said.isascii() and said.isdigit() and len(said) <= len("9" * 18) else None


_PATH = f"/conversations/{{conversation_id:[1-9][0-9]{{0,17}}}}/send/{{kind:{'|'.join(FORMS)}}}"

ROUTES = (
    web.get(_PATH, show_form, name="compose"),
    web.post(_PATH, send, name="compose"),
)
