"""What the model accepts, Meta accepts: three readings of one chapter agree about every draft."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.whatsapp import request_schema
from tests.whatsapp.drafts import DRAFTS
from tests.whatsapp.test_requests import NOTICE
from wabridge.core import drafts
from wabridge.errors import Unprocessable
from wabridge.model.content import Body, Card, CardPhone, Cards, Location, Reaction
from wabridge.model.draft import Draft
from wabridge.model.ids import MessageId
from wabridge.model.prompts import Button, Buttons, Header, LinkButton, Place
from wabridge.model.template_message import Filled, TemplateMessage
from wabridge.sandbox import validation
from wabridge.sandbox.graph import Refusal
from wabridge.whatsapp.requests import Recipient, Said, build, build_read

CARD = Cards((Card(name="Budi", phones=(CardPhone("021 500", "WORK"),)),))
TOKEN = "a:0123456789abcdef0123456789abcdef"
RECIPIENTS = st.sampled_from(
    [
        Recipient(phone="6281234567890"),
        Recipient(user_id="ID.13491208655302741918"),
        Recipient(phone="6281234567890", user_id="ID.134", identity_key_hash="DF2lS5v2W6x="),
    ]
)
QUOTED = st.sampled_from([None, "wamid.T1"])


def is_taken_by_both(body: bytes) -> bool:
    """Say whether the schema and the pretend Meta take a body; raises AssertionError if they disagree."""
    try:
        request_schema.require_valid(json.loads(body))
        says = ""
    except AssertionError as error:
        says = str(error)
    try:
        validation.parse(body, "application/json", own_number="6281100000000")
        refused = ""
    except Refusal as refusal:
        refused = str(refusal)
    assert bool(says) == bool(refused), (says, refused)
    return not says


def prepared(draft: Draft) -> Draft | None:
    """Return the draft as it would be queued, None if it is refused before."""
    if isinstance(draft.body, Reaction):
        draft = msgspec.structs.replace(draft, target_id=MessageId(1))
    try:
        return drafts.prepare(draft)
    except Unprocessable:
        return None


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DRAFTS, RECIPIENTS, QUOTED)
def test_whatever_is_queued_is_taken(draft: Draft, recipient: Recipient, quoted: str | None) -> None:
    """A draft that our model accepts builds a body that the schema and the pretend Meta accept."""
    accepted = prepared(draft)
    if accepted is not None:
        said = Said(accepted.text, accepted.body, quoted, media_id="1003383421387256")
        assert is_taken_by_both(build(recipient, said, token=TOKEN))


def test_a_filled_template_is_taken() -> None:
    """The template with every part that takes a value is taken by both."""
    assert is_taken_by_both(build(Recipient(phone="6281234567890"), Said("Halo", NOTICE), token=TOKEN))


HEADERS = (
    Header(kind="image"),
    Header(kind="video"),
    Header(kind="document"),
    Header(kind="document", file_name="surat kuasa.pdf"),
)
PLACE = Header(kind="location", place=Place(latitude=-6.2, longitude=106.8, name="Kantor", address="Jl. Sudirman 1"))
LINK = LinkButton(label="Buka", url="https://x.test", footer="Kantor")


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("body", [Buttons(buttons=(Button(button_id="1", title="Ya"),)), LINK, NOTICE])
def test_a_file_above_the_words_is_taken(body: Buttons | LinkButton | TemplateMessage, header: Header) -> None:
    """Buttons, links and templates are taken by both with each kind of file above their words, named or not."""
    said = Said("Halo", msgspec.structs.replace(body, header=header), "wamid.T1", media_id="1003383421387256")
    assert is_taken_by_both(build(Recipient(user_id="ID.134"), said, token=TOKEN))


def test_templates_are_taken_however_they_are_filled() -> None:
    """Nothing filled in, values in their order, and a place above the words are taken by both."""
    plain = msgspec.structs.replace(NOTICE, header=None, buttons=(), filled=())
    in_order = msgspec.structs.replace(plain, filled=(Filled(part="body", value="Ada"), Filled(part="body", value="7")))
    for body in (plain, in_order, msgspec.structs.replace(in_order, header=PLACE)):
        assert is_taken_by_both(build(Recipient(phone="6281234567890"), Said("Halo", body), token=TOKEN))


@pytest.mark.parametrize("is_typing", [True, False])
def test_blue_ticks_are_taken(is_typing: bool) -> None:
    """The order to show that a message was read is taken by both, with "typing…" and without."""
    assert is_taken_by_both(build_read("wamid.T1", is_typing=is_typing))


NARROWER: list[tuple[str, Body, list[Any], Any]] = [
    ("degrees as numbers", Location(latitude=-6.2, longitude=106.8), ["location", "latitude"], -6.2),
    ("another label than two", CARD, ["contacts", 0, "phones", 0, "type"], "CELL"),
    ("a language without policy", NOTICE, ["template", "language"], {"code": "id"}),
]


@pytest.mark.parametrize(("body", "place", "value"), [case[1:] for case in NARROWER], ids=[c[0] for c in NARROWER])
def test_the_schema_holds_to_what_suits_both_descriptions(body: Body, place: list[Any], value: object) -> None:
    """Where Meta's pages are wider than its machine-readable description, ours is as narrow as that."""
    sent = json.loads(build(Recipient(phone="6281234567890"), Said("Halo", body), token=TOKEN))
    request_schema.require_valid(sent)
    holder = sent
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    with pytest.raises(AssertionError):
        request_schema.require_valid(sent)


BREAKS: list[tuple[str, dict[str, Any]]] = [
    ("an unknown key", {"colour": "red"}),
    ("both addresses", {"recipient": "ID.134"}),
    ("a phone without plus", {"to": "6281234567890"}),
    ("a null", {"context": None}),
    ("an empty token", {"biz_opaque_callback_data": ""}),
    ("a type in capitals", {"type": "TEXT"}),
    ("another part", {"image": {"id": "7"}}),
    ("a preview that is a text", {"text": {"body": "Halo", "preview_url": "false"}}),
]


@pytest.mark.parametrize("changes", [case[1] for case in BREAKS], ids=[case[0] for case in BREAKS])
def test_the_readings_are_strict(changes: dict[str, Any]) -> None:
    """Both refuse what a strict validator trips over."""
    body = json.loads(build(Recipient(phone="6281234567890"), Said("Halo"), token=TOKEN))
    assert is_taken_by_both(json.dumps(body).encode())
    assert not is_taken_by_both(json.dumps(body | changes).encode())
