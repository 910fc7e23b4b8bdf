"""One contact: names, standing, identities, alerts; and saving somebody from a shared contact card."""

from collections.abc import Awaitable, Callable, Mapping
from typing import get_args

from aiohttp import web

from wabridge.core import contacts, identities
from wabridge.core.office import Office
from wabridge.errors import Conflict, NotAllowed, PhoneTaken, StorageUnavailable, Unprocessable, WabridgeError
from wabridge.model.contact import STANDINGS
from wabridge.model.identity import Clearance, ResolvedHow
from wabridge.model.ids import ContactId, MessageId
from wabridge.model.limits import NAME_CHARACTERS, NOTE_CHARACTERS
from wabridge.model.staff import Actor
from wabridge.web import keys, people, problems, remarks, rendering, session

_NUMBER = "[1-9][0-9]{0,17}"

Work = Callable[[Office, Actor, ContactId, Mapping[str, str]], Awaitable[None]]


async def show_contact(request: web.Request) -> web.Response:
    """Show who somebody is; whoever was joined to another contact is shown there."""
    contact_id = _contact_id(request)
    actor = session.signed_in(request).staff.actor
    whole = (await contacts.get(request.app[keys.OFFICE], actor, contact_id)).id
    if whole != contact_id:
        raise web.HTTPSeeOther(f"/contacts/{whole}")
    return await _draw(request, saved="done" in request.query)


async def show_changed(request: web.Request) -> web.Response:
    """Lead from a form's address, where a refusal is shown, to the contact."""
    raise web.HTTPSeeOther(f"/contacts/{_contact_id(request)}")


async def save_card(request: web.Request) -> web.Response:
    """Make a contact of a shared card, or find whom it belongs to."""
    actor = session.signed_in(request).staff.actor
    await session.form(request)
    message_id, number = MessageId(int(request.match_info["message_id"])), int(request.match_info["card"])
    contact_id = await contacts.save_card(request.app[keys.OFFICE], actor, message_id, number - 1)
    raise web.HTTPSeeOther(f"/contacts/{contact_id}")


def read_clearance(fields: Mapping[str, str]) -> Clearance | None:
    """Return what somebody answered who was asked about an identity alert, None if nothing."""
    through, how = fields.get("alert", ""), fields.get("clearance", "")
    if not (through.isascii() and through.isdigit() and len(through) <= 18):
        return None
    note = fields.get("note", "")[:NOTE_CHARACTERS]
    made_sure: ResolvedHow | None = next((known for known in get_args(ResolvedHow) if known == how), None)
    if made_sure is not None:
        return Clearance(through=int(through), how=made_sure, note=note)
    return Clearance(through=int(through)) if how == "not_confidential" else None


async def show_typed(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show a contact with what was typed while nobody was signed in."""
    return await _draw(request, typed=fields)


def _changes(work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that changes something about a contact; what is refused comes back with its reason."""

    async def handle(request: web.Request) -> web.Response:
        actor = session.signed_in(request).staff.actor
        fields = await session.read(request)
        contact_id = _contact_id(request)
        try:
            session.check(request, fields)
            await work(request.app[keys.OFFICE], actor, contact_id, fields)
        except (Conflict, Unprocessable, NotAllowed, StorageUnavailable) as error:
            return await _draw(request, error=error, typed=fields)
        raise web.HTTPSeeOther(f"/contacts/{contact_id}?done")

    return handle


async def _name(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    await contacts.set_name(office, actor, contact_id, fields.get("name", ""))


async def _standing(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    chosen = next((standing for standing in STANDINGS if standing == fields.get("standing")), None)
    if chosen is None:
        raise Unprocessable("no such standing")
    await contacts.set_standing(office, actor, contact_id, chosen)


async def _phone(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    await contacts.add_phone(office, actor, contact_id, fields.get("phone", ""))


async def _verified(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    clearance = read_clearance(fields)
    if clearance is None:
        raise Unprocessable("how it was made sure is not said")
    await identities.resolve_alerts(office, actor, contact_id, clearance)


async def _join(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    await identities.join(office, actor, contact_id, into=_other(fields))


async def _separate(office: Office, actor: Actor, contact_id: ContactId, fields: Mapping[str, str]) -> None:
    await identities.separate(office, actor, _other(fields), whole=contact_id)


def _other(fields: Mapping[str, str]) -> ContactId:
    said = fields.get("other", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 18):
        raise Unprocessable("which other contact is not said")
    return ContactId(int(said))


async def _draw(
    request: web.Request,
    *,
    error: WabridgeError | None = None,
    typed: Mapping[str, str] | None = None,
    saved: bool = False,
) -> web.Response:
    actor = session.signed_in(request).staff.actor
    profile = await contacts.get_profile(request.app[keys.OFFICE], actor, _contact_id(request))
    return await rendering.render(
        request,
        "contact.html",
        status=200 if error is None else problems.find_status(error) or 500,
        profile=profile,
        refusal=remarks.refusal(error) if error else None,
        taken_by=error.contact_id if isinstance(error, PhoneTaken) else None,
        typed=typed or {},
        saved=people.SAVED if saved else None,
        standings=STANDINGS,
        name_limit=NAME_CHARACTERS,
        note_limit=NOTE_CHARACTERS,
        may_change=actor.may("reply"),
    )


def _contact_id(request: web.Request) -> ContactId:
    return ContactId(int(request.match_info["contact_id"]))


_FORMS: dict[str, Work] = {
    "name": _name,
    "standing": _standing,
    "phone": _phone,
    "verified": _verified,
    "join": _join,
    "separate": _separate,
}
ROUTES = (
    web.get(f"/contacts/{{contact_id:{_NUMBER}}}", show_contact, name="contact"),
    *(
        route
        for form, work in _FORMS.items()
        for route in (
            web.post(f"/contacts/{{contact_id:{_NUMBER}}}/{form}", _changes(work), name=f"contact_{form}"),
            web.get(f"/contacts/{{contact_id:{_NUMBER}}}/{form}", show_changed, name=f"contact_{form}"),
        )
    ),
    web.post(f"/messages/{{message_id:{_NUMBER}}}/cards/{{card:[1-9][0-9]{{0,2}}}}/save", save_card, name="save_card"),
)
