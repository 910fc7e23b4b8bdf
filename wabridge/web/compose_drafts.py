"""What the small forms beside the reply box say, as drafts."""

from collections.abc import Awaitable, Callable, Mapping

from wabridge.core import contacts
from wabridge.core.office import Office
from wabridge.model import coordinates, phone
from wabridge.model.content import Card, CardPhone, Cards, Location
from wabridge.model.draft import Draft
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

Fields = Mapping[str, str]
Reader = Callable[[Office, Actor, Fields], Awaitable[Draft]]


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
    link = LinkButton(
        label=fields.get("label", ""),
        url=fields.get("url", "").strip(),
        header=_header(fields),
        footer=fields.get("footer"),
    )
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


READERS: dict[str, Reader] = {
    "location": _read_location,
    "card": _read_card,
    "buttons": _read_buttons,
    "list": _read_menu,
    "link": _read_link,
    "number": _read_number,
    "where": _read_where,
}
