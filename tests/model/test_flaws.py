"""Meta's limits on what is sent: the last that fits, and the first that does not."""

from typing import Any

import pytest

from wabridge.errors import Flaw
from wabridge.model import flaws
from wabridge.model.content import Body, Card, CardPhone, Cards, Location, Media, Reaction
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

TEXT = "Jadi?"


def button(number: int = 1, **changed: str) -> Button:
    """Return a button."""
    return Button(**{"button_id": f"b{number}", "title": f"Tombol {number}", **changed})


def buttons(*each: Button, **changed: Any) -> Buttons:
    """Return reply buttons, one if none are named."""
    return Buttons(buttons=each or (button(),), **changed)


def menu(*sections: int, label: str = "Pilih", titled: bool = True, **changed: str) -> Menu:
    """Return a list with so many rows in each section; changed: about every row."""
    made = []
    for place, count in enumerate(sections):
        rows = tuple(Row(**{"row_id": f"{place}.{n}", "title": f"Baris {n}", **changed}) for n in range(count))
        made.append(Section(rows=rows, title=f"Bagian {place}" if titled else None))
    return Menu(label=label, sections=tuple(made))


def card(**changed: Any) -> Cards:
    """Return one card."""
    return Cards((Card(**{"name": "Budi", **changed}),))


FITS: list[tuple[str | None, Body | None]] = [
    ("x" * 9000, None),
    (None, Media(kind="image", caption="x" * 1024)),
    (None, Location(latitude=-90.0, longitude=180.0, name="x" * 1000)),
    (None, Cards(tuple(Card(name="Budi") for _ in range(257)))),
    (None, card(phones=(CardPhone("+62 811", "CELL"),), emails=("b@x.test",), birthday="1990-12-31")),
    (None, Reaction(emoji="👍")),
    (None, Reaction()),
    ("x" * 1024, buttons(button(1, title="x" * 20, button_id="x" * 256), button(2), button(3))),
    (TEXT, buttons(header=Header(text="x" * 60), footer="x" * 60)),
    (TEXT, buttons(header=Header(kind="image"))),
    ("x" * 4096, menu(*[1] * 10)),
    (TEXT, menu(10, titled=False, label="x" * 20, description="x" * 72)),
    (TEXT, LinkButton(label="x" * 20, url="https://kantor.example/perkara?no=7#a")),
    ("x" * 1024, NumberRequest()),
    ("x" * 1024, LocationRequest()),
]

UNFIT: list[tuple[str | None, Body, Flaw]] = [
    (TEXT, Location(latitude=0.0, longitude=0.0), Flaw("text", "unwanted")),
    (None, Media(kind="image", caption="x" * 1025), Flaw("caption", "too_long", None, 1025, 1024)),
    (None, Media(kind="audio", caption="Halo"), Flaw("caption", "unwanted")),
    (None, Location(latitude=90.1, longitude=0.0), Flaw("latitude", "off_the_globe", limit=90)),
    (None, Location(latitude=0.0, longitude=float("nan")), Flaw("longitude", "off_the_globe", limit=180)),
    (None, Location(latitude=0.0), Flaw("longitude", "missing")),
    (None, Location(latitude=0.0, longitude=0.0, name="x" * 1001), Flaw("place_name", "too_long", None, 1001, 1000)),
    (
        None,
        Location(latitude=0.0, longitude=0.0, address="x" * 1001),
        Flaw("place_address", "too_long", None, 1001, 1000),
    ),
    (None, Cards(()), Flaw("cards", "missing")),
    (None, Cards(tuple(Card(name="B") for _ in range(258))), Flaw("cards", "too_many", None, 258, 257)),
    (None, card(name=" "), Flaw("card_name", "missing", 1)),
    (None, card(name="x" * 1001), Flaw("card_name", "too_long", 1, 1001, 1000)),
    (None, card(phones=(CardPhone(""),)), Flaw("card_phone", "missing", 1)),
    (None, card(phones=(CardPhone("1", "x" * 1001),)), Flaw("card_phone", "too_long", 1, 1001, 1000)),
    (None, card(emails=("b@x.test",) * 21), Flaw("card_email", "too_many", 1, 21, 20)),
    (None, card(emails=("b@x.test", "b di x.test")), Flaw("card_email", "no_email", 1)),
    (None, card(emails=("büdi@x.test",)), Flaw("card_email", "no_email", 1)),
    (None, card(links=("https://x.test/" + "x" * 986,)), Flaw("card_link", "too_long", 1, 1001, 1000)),
    (None, card(links=("https://x.test:99999",)), Flaw("card_link", "no_address", 1)),
    (None, card(links=("x.test",)), Flaw("card_link", "no_address", 1)),
    (None, card(addresses=("",)), Flaw("card_address", "missing", 1)),
    (None, card(organisation="x" * 1001), Flaw("card_organisation", "too_long", 1, 1001, 1000)),
    (None, card(birthday="31-12-1990"), Flaw("card_birthday", "no_day", 1)),
    (None, card(birthday="19901231"), Flaw("card_birthday", "no_day", 1)),
    (None, Reaction(emoji="ok"), Flaw("emoji", "no_emoji")),
    (None, buttons(), Flaw("text", "missing")),
    ("x" * 1025, buttons(), Flaw("text", "too_long", None, 1025, 1024)),
    (TEXT, Buttons(buttons=()), Flaw("buttons", "missing")),
    (TEXT, buttons(*map(button, range(4))), Flaw("buttons", "too_many", None, 4, 3)),
    (TEXT, buttons(button(), button(2, title="x" * 21)), Flaw("button_title", "too_long", 2, 21, 20)),
    (TEXT, buttons(button(title="")), Flaw("button_title", "missing", 1)),
    (TEXT, buttons(button(title="A"), button(2, title="A")), Flaw("button_title", "doubled", 2)),
    (TEXT, buttons(button(button_id="A"), button(2, button_id="A")), Flaw("button_id", "doubled", 2)),
    (TEXT, buttons(button(button_id="x" * 257)), Flaw("button_id", "too_long", 1, 257, 256)),
    (TEXT, buttons(header=Header(text="x" * 61)), Flaw("header", "too_long", None, 61, 60)),
    (TEXT, buttons(header=Header()), Flaw("header", "missing")),
    (TEXT, buttons(header=Header(kind="location")), Flaw("header", "unwanted")),
    (TEXT, buttons(footer="x" * 61), Flaw("footer", "too_long", None, 61, 60)),
    ("x" * 4097, menu(1), Flaw("text", "too_long", None, 4097, 4096)),
    (TEXT, menu(), Flaw("sections", "missing")),
    (TEXT, menu(*[0] * 11), Flaw("sections", "too_many", None, 11, 10)),
    (TEXT, menu(1, 0), Flaw("section_rows", "missing", 2)),
    (TEXT, menu(6, 5), Flaw("rows", "too_many", None, 11, 10)),
    (TEXT, menu(1, 1, titled=False), Flaw("section_title", "missing", 1)),
    (TEXT, menu(1, label="x" * 21), Flaw("label", "too_long", None, 21, 20)),
    (TEXT, menu(1, title="x" * 25), Flaw("row_title", "too_long", 1, 25, 24)),
    (TEXT, menu(1, description="x" * 73), Flaw("row_description", "too_long", 1, 73, 72)),
    (TEXT, menu(1, row_id="x" * 201), Flaw("row_id", "too_long", 1, 201, 200)),
    (TEXT, menu(1, 1, row_id="sama"), Flaw("row_id", "doubled", 2)),
    (TEXT, LinkButton(label="", url="https://x.test"), Flaw("label", "missing")),
    (TEXT, LinkButton(label="Buka", url=""), Flaw("url", "missing")),
    (TEXT, LinkButton(label="Buka", url="x.test"), Flaw("url", "no_address")),
    (TEXT, LinkButton(label="Buka", url="javascript:alert(1)"), Flaw("url", "no_address")),
    (TEXT, LinkButton(label="Buka", url="https://x.test/a b"), Flaw("url", "no_address")),
    (TEXT, LinkButton(label="Buka", url="https://[x"), Flaw("url", "no_address")),
    ("x" * 1025, NumberRequest(), Flaw("text", "too_long", None, 1025, 1024)),
    ("x" * 1025, LocationRequest(), Flaw("text", "too_long", None, 1025, 1024)),
]


@pytest.mark.parametrize(("text", "body"), FITS)
def test_the_last_that_fits_is_without_flaw(text: str | None, body: Body | None) -> None:
    """What just keeps every limit has no flaw."""
    assert flaws.find(Draft(text=text, body=body)) == ()


@pytest.mark.parametrize(("text", "body", "flaw"), UNFIT)
def test_the_first_that_does_not_is_named(text: str | None, body: Body, flaw: Flaw) -> None:
    """What breaks a limit is named by its place, its number, and by how much."""
    assert flaw in flaws.find(Draft(text=text, body=body))
