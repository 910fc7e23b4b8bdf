"""The list of templates as Meta gives it, whole and in every odd shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.errors import NotListed
from wabridge.model import filling
from wabridge.model.template import Button, Header, Listed
from wabridge.sandbox import catalogue
from wabridge.whatsapp import templates

ORDER: dict[str, Any] = {
    "name": "order_update",
    "parameter_format": "NAMED",
    "language": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
    "id": 1387372356726668,
    "components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/v/1"]}},
        {
            "type": "BODY",
            "text": "Hi {{first_name}}, order {{order_no}} has shipped.",
            "example": {
                "body_text_named_params": [
                    {"param_name": "first_name", "example": "Ada"},
                    {"param_name": "order_no", "example": "77"},
                ]
            },
        },
        {"type": "FOOTER", "text": "Example Ltd"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Stop"},
                {
                    "type": "URL",
                    "text": "Track",
                    "url": "https://t.example/{{1}}",
                    "example": ["https://t.example/77"],
                },
            ],
        },
    ],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "format", "buttons", "example", "url", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def listed(**changed: Any) -> Listed:
    """Return the sample with something changed, as it is read."""
    (template,) = templates.parse(json.dumps({"data": [ORDER | changed]}).encode()).templates
    return template


def test_a_template_is_read_part_by_part() -> None:
    """Every part of Meta's sample has its place; an id may come as a number."""
    template = listed()
    wording = template.wording
    assert (template.meta_id, template.name, template.language) == ("1387372356726668", "order_update", "en_US")
    assert (template.status, template.category, wording.format) == ("approved", "utility", "named")
    assert wording.header == Header("image")
    assert wording.footer == "Example Ltd"
    assert wording.buttons == (
        Button(kind="quick_reply", text="Stop"),
        Button(kind="url", text="Track", target="https://t.example/{{1}}"),
    )
    assert template.examples == {"body.first_name": "Ada", "body.order_no": "77", "button.1": "77"}
    assert wording.is_understood
    assert listed(components=ORDER["components"][1:]).wording.is_understood


def test_examples_with_addresses_that_are_signed_anew_make_no_other_wording() -> None:
    """The same template listed again is the same wording, whatever its example's address is today."""
    again = json.loads(json.dumps(ORDER).replace("v/1", "v/2"))
    assert listed().wording.digest == listed(**again).wording.digest


def test_numbered_examples_stand_in_a_list_within_a_list() -> None:
    """The older format gives examples by their order; without a format the names of the places decide."""
    body = {"type": "BODY", "text": "{{2}} dan {{1}} ya", "example": {"body_text": [["satu", "dua"]]}}
    head = {"type": "HEADER", "format": "TEXT", "text": "No {{1}}", "example": {"header_text": ["7"]}}
    template = listed(components=[head, body], parameter_format=None)
    assert template.examples == {"header": "7", "body.1": "satu", "body.2": "dua"}
    assert template.wording.format == "positional"


@pytest.mark.parametrize(
    "part",
    [
        {"type": "CAROUSEL", "cards": [{"components": [{"type": "BODY", "text": "Kartu"}]}]},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Hari ini"}},
        {"type": "HEADER", "format": "HOLOGRAM"},
        {"type": "HEADER", "format": "TEXT", "text": "{{1}} dan {{2}}"},
        {"type": "BODY", "text": "another body"},
        {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Isi"}]},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Salin"}]},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Buka"}]},
        {"type": "BUTTONS", "buttons": "none"},
        "not a component",
    ],
)
def test_what_nobody_knows_is_kept_and_makes_it_unsendable(part: Any) -> None:
    """A part without a reader is shown field by field; the template is never sent half."""
    wording = listed(components=[{"type": "BODY", "text": "Isi"}, part]).wording
    assert wording.body == "Isi"
    assert not wording.is_understood
    assert wording.unknown or any(button.kind == "other" for button in wording.buttons)


def test_one_entry_that_cannot_be_read_costs_no_other() -> None:
    """Entries without a name or a language are counted; the rest is read."""
    page = templates.parse(json.dumps({"data": [ORDER, {"name": "x"}, None, 7, {**ORDER, "name": "y"}]}).encode())
    assert [template.name for template in page.templates] == ["order_update", "y"]
    assert page.unreadable == 3


@pytest.mark.parametrize(
    ("paging", "after"),
    [
        ({"cursors": {"after": "QVFIUb"}, "next": "https://graph.facebook.com/x"}, "QVFIUb"),
        ({"cursors": {"after": "QVFIUb"}}, None),
        ({"next": "https://graph.facebook.com/x"}, None),
        (None, None),
        ("next", None),
    ],
)
def test_there_is_another_page_only_with_next_and_a_cursor(paging: Any, after: str | None) -> None:
    """Meta gives a cursor on the last page as well, but no next; an address is never followed."""
    assert templates.parse(json.dumps({"data": [], "paging": paging}).encode()).after == after


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"data": {}}', b"\xff", b'{"error": {"code": 2}}'])
def test_what_is_no_list_is_called_that(body: bytes) -> None:
    """A page of a proxy, an empty answer or an object without a list changes nothing."""
    with pytest.raises(NotListed, match="not_a_list"):
        templates.parse(body)


@given(ANYTHING)
def test_no_component_breaks_the_reader(components: Any) -> None:
    """Whatever stands where components belong, a template comes out, and its places can be listed."""
    template = listed(components=components)
    assert filling.slots(template.wording, template.examples) is not None


def test_the_pretend_office_has_templates_of_every_sort() -> None:
    """Its list is read without loss: all but the sign-in code and the one with a file can be filled in."""
    page = templates.parse(json.dumps({"data": catalogue.invent()}).encode())
    assert page.unreadable == 0
    unsendable = [t.name for t in page.templates if not t.wording.is_understood]
    assert unsendable == ["kode_masuk"]
    for template in page.templates:
        texts = {slot.key for slot in filling.slots(template.wording) if slot.kind in ("text", "suffix")}
        if template.wording.is_understood:
            assert texts <= set(template.examples), template.name
