"""The small forms beside the reply box: a place, a contact card, buttons, a list, a link, a question.

Each is a page of its own, so that the box stays a box, and works without JavaScript. What is refused comes back with
everything that was typed; the form's token makes sure that a form sends once.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from aiohttp import web

from wabridge.core import contacts, conversations, replies
from wabridge.core.office import Office
from wabridge.core.replies import Manner
from wabridge.errors import (
    BadRequest,
    Conflict,
    DraftUnfit,
    NewerMessage,
    NotAllowed,
    StorageUnavailable,
    Unprocessable,
    WabridgeError,
)
from wabridge.model import coordinates, phone
from wabridge.model.content import Card, CardPhone, Cards, Location
from wabridge.model.conversation import ConversationView
from wabridge.model.draft import Draft
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.limits import NOTE_CHARACTERS
from wabridge.model.prompts import (
    Button,
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Row,
    Section,
)
from wabridge.model.staff import Actor
from wabridge.web import keys, problems, remarks, rendering, session
from wabridge.web.compose_words import FORMS
from wabridge.web.contacts import read_clearance

Fields = Mapping[str, str]
_TOKEN_CHARACTERS = 64
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
    fields = await session.read(request)
    form_token = fields.get("form_token", "")
    if not 0 < len(form_token) <= _TOKEN_CHARACTERS:
        raise BadRequest("the form has no token")
    office = request.app[keys.OFFICE]
    seen = _number(fields.get("seen", ""))
    try:
        session.check(request, fields)
        queued = await replies.queue(
            office,
            actor,
            draft=await READERS[_kind(request)](office, actor, fields),
            conversation_id=_conversation_id(request),
            key=form_token,
            manner=Manner(seen, timedelta(seconds=office.settings.office.undo_seconds)),
            clearance=read_clearance(fields),
        )
    except (Conflict, Unprocessable, NotAllowed, StorageUnavailable) as error:
        return await _draw(request, await _view(request), fields, error=error, seen=seen)
    raise web.HTTPSeeOther(f"/conversations/{queued.conversation_id}#latest")


async def show_typed(request: web.Request, fields: Fields) -> web.Response:
    """Show a small form with what was typed into it while nobody was signed in."""
    seen, token = _number(fields.get("seen", "")), fields.get("form_token", "")
    return await _draw(request, await _view(request), fields, seen=seen, form_token=token)


async def _draw(
    request: web.Request,
    view: ConversationView,
    typed: Fields,
    *,
    error: WabridgeError | None = None,
    seen: MessageId | None = None,
    form_token: str = "",
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
        seen=max((message.id for message in view.messages if message.direction == "inbound"), default=0),
        form_token=form_token[:_TOKEN_CHARACTERS] or secrets.token_urlsafe(16),
        note_limit=NOTE_CHARACTERS,
    )


async def _read_location(_: Office, __: Actor, fields: Fields) -> Draft:
    latitude, longitude = coordinates.find(fields.get("coordinates", "")) or (None, None)
    name, address = fields.get("name"), fields.get("address")
    return Draft(body=Location(latitude=latitude, longitude=longitude, name=name, address=address))


async def _read_card(office: Office, actor: Actor, fields: Fields) -> Draft:
    """Return one card; a number that the office knows brings the name that goes with it."""
    typed = fields.get("phone", "").strip()
    known = await contacts.find_by_phone(office, actor, typed) if typed else None
    digits = known.phone if known else None
    number = CardPhone(phone.show(digits) if digits else typed, whatsapp=digits)
    card = Card(
        name=fields.get("name", "").strip() or (known.shown_name if known else None),
        organisation=fields.get("organisation"),
        phones=(number,) if typed else (),
        emails=tuple(filter(None, [fields.get("email", "").strip()])),
    )
    return Draft(body=Cards((card,)))


async def _read_buttons(_: Office, __: Actor, fields: Fields) -> Draft:
    titles = [fields.get(f"button{number}", "").strip() for number in (1, 2, 3)]
    buttons = tuple(Button(button_id=str(n), title=title) for n, title in enumerate(filter(None, titles), 1))
    return Draft(
        text=fields.get("text"), body=Buttons(buttons=buttons, header=_header(fields), footer=fields.get("footer"))
    )


async def _read_menu(_: Office, __: Actor, fields: Fields) -> Draft:
    menu = Menu(
        label=fields.get("label", ""),
        sections=read_sections(fields.get("rows", "")),
        header=_header(fields),
        footer=fields.get("footer"),
    )
    return Draft(text=fields.get("text"), body=menu)


async def _read_link(_: Office, __: Actor, fields: Fields) -> Draft:
    link = LinkButton(label=fields.get("label", ""), url=fields.get("url", "").strip(), footer=fields.get("footer"))
    return Draft(text=fields.get("text"), body=link)


async def _read_number(_: Office, __: Actor, fields: Fields) -> Draft:
    return Draft(text=fields.get("text"), body=NumberRequest())


async def _read_where(_: Office, __: Actor, fields: Fields) -> Draft:
    return Draft(text=fields.get("text"), body=LocationRequest())


def read_sections(typed: str) -> tuple[Section, ...]:
    """Return what the lines of a list say: `# title` begins a section, `title | description` is a row."""
    sections: list[tuple[str | None, list[Row]]] = []
    count = 0
    for line in filter(None, map(str.strip, typed.splitlines())):
        if line.startswith("#"):
            sections.append((line.lstrip("# ") or None, []))
            continue
        if not sections:
            sections.append((None, []))
        count += 1
        title, _, description = (part.strip() for part in line.partition("|"))
        sections[-1][1].append(Row(row_id=str(count), title=title, description=description or None))
    return tuple(Section(rows=tuple(rows), title=title) for title, rows in sections)


def _header(fields: Fields) -> Header | None:
    text = fields.get("header", "").strip()
    return Header(text=text) if text else None


READERS: dict[str, Callable[[Office, Actor, Fields], Awaitable[Draft]]] = {
    "location": _read_location,
    "card": _read_card,
    "buttons": _read_buttons,
    "list": _read_menu,
    "link": _read_link,
    "number": _read_number,
    "where": _read_where,
}


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
