"""What the reader makes of each type beside its text."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from tests.whatsapp import samples
from wabridge.model.content import (
    Body,
    CallPermission,
    Card,
    CardPhone,
    Cards,
    Choice,
    Content,
    Edit,
    Field,
    Location,
    Media,
    Placeholder,
    Reaction,
    ReportedError,
    Revocation,
    System,
)
from wabridge.whatsapp import contents

IMAGE = Media(
    kind="image",
    caption="my receipt",
    mime_type="image/jpeg",
    file_id="1003383421387256",
    sha256="SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
)


def media(kind: str, file_id: str, mime_type: str, sha256: str, **more: Any) -> Media:
    return Media(kind=kind, file_id=file_id, mime_type=mime_type, sha256=sha256, **more)


BODIES: list[tuple[str, str, Body | None]] = [
    ("image", "image", IMAGE),
    (
        "video",
        "video",
        media(
            "video",
            "1003383421387257",
            "video/mp4",
            "Kx1Y0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI8=",
            caption="see the noise",
        ),
    ),
    (
        "voice_note",
        "audio",
        media(
            "audio",
            "1003383421387259",
            "audio/ogg; codecs=opus",
            "YmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXU=",
            is_voice=True,
        ),
    ),
    (
        "audio_file",
        "audio",
        media("audio", "1003383421387269", "audio/mpeg", "YmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXU="),
    ),
    (
        "document",
        "document",
        media(
            "document",
            "1003383421387258",
            "application/pdf",
            "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=",
            caption="signed",
            file_name="contract.pdf",
        ),
    ),
    (
        "sticker",
        "sticker",
        media("sticker", "1003383421387260", "image/webp", "cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmE="),
    ),
    (
        "location",
        "location",
        Location(
            latitude=37.4847,
            longitude=-122.1477,
            name="Head office",
            address="1 Example Way, Menlo Park",
            link="https://example.com/place",
        ),
    ),
    ("location_of_the_moment", "location", Location(latitude=-6.2088, longitude=106.8456)),
    (
        "contact_card_that_was_asked_for",
        "contacts",
        Cards((Card(phones=(CardPhone("+16505550123", None, "16505550123"),), was_asked_for=True),)),
    ),
    ("interactive_button_reply", "interactive", Choice(title="Today 16:00", choice_id="slot-16")),
    ("interactive_list_reply", "interactive", Choice(title="Express", description="Next day", choice_id="row-2")),
    (
        "interactive_flow_reply",
        "interactive",
        Placeholder(
            note="Sent",
            fields=(
                Field(("name",), "flow"),
                Field(("flow_token",), "abc"),
                Field(("rating",), "4"),
                Field(("days", "1"), "Mon"),
                Field(("days", "2"), "Tue"),
            ),
        ),
    ),
    (
        "interactive_flow_reply_that_is_no_json",
        "interactive",
        Placeholder(note="Sent", fields=(Field(("name",), "flow"), Field(("answer",), "four stars"))),
    ),
    (
        "interactive_call_allowed",
        "interactive",
        CallPermission(is_given=True, answer="accept", expires_at=datetime.fromtimestamp(1791021611, UTC)),
    ),
    ("interactive_call_refused", "interactive", CallPermission(is_given=False, answer="reject")),
    (
        "interactive_of_unknown_type",
        "interactive",
        Placeholder(
            fields=(Field(("type",), "product"), Field(("catalogue",), "194836987003835"), Field(("article",), "sku-1"))
        ),
    ),
    ("interactive_without_content", "interactive", None),
    ("button", "button", Choice(title="Confirm", choice_id="confirm:8841")),
    ("button_without_context", "button", Choice(title="Confirm", choice_id="confirm:8841")),
    ("reaction", "reaction", Reaction(target_wamid="wamid.OUT6", emoji="👍")),
    ("reaction_removed", "reaction", Reaction(target_wamid="wamid.OUT6")),
    ("reaction_removed_with_empty_text", "reaction", Reaction(target_wamid="wamid.OUT6")),
    (
        "order",
        "order",
        Placeholder(
            note="please gift wrap",
            fields=(
                Field(("catalogue",), "194836987003835"),
                Field(("product", "1", "article"), "sku-1"),
                Field(("product", "1", "quantity"), "2"),
                Field(("product", "1", "price"), "30.5"),
                Field(("product", "1", "currency"), "USD"),
                Field(("product", "2", "article"), "sku-2"),
                Field(("product", "2", "quantity"), "1"),
                Field(("product", "2", "price"), "7"),
                Field(("product", "2", "currency"), "USD"),
            ),
        ),
    ),
    (
        "system_number_changed",
        "system",
        System(
            news="number_changed",
            said="User Ada Example changed from 16505550123 to 12195550777",
            new_identities=("12195550777", "US.99887766554433221100"),
        ),
    ),
    (
        "system_number_changed_in_the_old_form",
        "system",
        System(
            news="number_changed",
            said="User Ada changed from 16505550123 to 12195550777",
            new_identities=("12195550777",),
        ),
    ),
    (
        "system_user_id_changed",
        "system",
        System(
            news="user_id_changed",
            said="User Ada Example changed from US.13491208655302741918 to US.99887766554433221100",
            old_identities=("US.13491208655302741918",),
            new_identities=("US.99887766554433221100",),
        ),
    ),
    ("system_security_code_changed", "system", System(news="security_code_changed", said="Security code changed")),
    ("edit_of_text", "edit", Edit(target_wamid="wamid.T1", kind="text")),
    ("edit_of_image", "edit", Edit(target_wamid="wamid.I1", kind="image", body=IMAGE)),
    ("revoke", "revoke", Revocation(target_wamid="wamid.T1")),
    ("unsupported_poll", "unsupported", Placeholder(what="poll")),
    ("unavailable", "unsupported", None),
    ("unknown_in_the_old_form", "unknown", None),
    ("message_of_unknown_type", "hologram", Placeholder(fields=(Field(("depth",), "3"),))),
]


@pytest.mark.parametrize(("name", "kind", "body"), BODIES)
def test_each_type_in_our_own_words(name: str, kind: str, body: Body | None) -> None:
    """Each type of Meta's becomes a noun of ours, types that nobody knows yet included."""
    message = samples.first_message(name)
    assert message.type == kind
    assert (message.content or Content()).body == body


def test_a_contact_card_keeps_all_that_is_on_it() -> None:
    """A card has its name, phones with their WhatsApp ids, addresses and the rest, and is not the sender."""
    message = samples.message("contact_card_in_full")
    assert message.content == Content(
        body=Cards(
            (
                Card(
                    name="Grace Example",
                    organisation="Lead · Ops · Example Ltd",
                    phones=(CardPhone("+1 650-555-0199", "CELL", "16505550199"), CardPhone("ext. 12", "WORK")),
                    emails=("grace@example.com",),
                    addresses=("1 Example Way, Menlo Park, CA, 94025, United States",),
                    links=("https://example.com",),
                    birthday="1999-01-23",
                    vcard="BEGIN:VCARD\nVERSION:3.0\nFN:Grace Example\nEND:VCARD",
                ),
            )
        )
    )
    assert message.sender.profile_name == "Ada Example"


def test_forwarded_messages_say_how_often() -> None:
    """Forwarded once, forwarded many times, or not at all."""
    names = ("text_forwarded", "text_forwarded_many_times", "text")
    assert [(samples.message(name).content or Content()).forwarded for name in names] == ["once", "often", None]


def test_an_advertisement_is_kept_field_by_field() -> None:
    """What is known of the advertisement stands beside the text, in words of ours where there are some."""
    message = samples.message("text_from_an_advertisement")
    assert message.text == "Hi"
    assert message.content is not None
    referral = {" ".join(field.name): field.value for field in message.content.referral}
    assert referral["link"] == "https://fb.me/abc"
    assert referral["greeting text"] == "Hi! How can we help?"
    assert len(referral) == 9


def test_a_product_that_is_asked_about_is_kept() -> None:
    """A question from the catalogue names the product."""
    content = samples.message("text_about_a_product").content
    assert content == Content(
        more=(
            Field(("about product", "catalogue"), "194836987003835"),
            Field(("about product", "article"), "sku-1"),
        )
    )


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (
            "unsupported_poll",
            ReportedError(131051, "Message type unknown", "Message type is currently not supported."),
        ),
        ("unavailable", ReportedError(131060, "This message is currently unavailable", "Open the phone.")),
        (
            "image_that_could_not_be_fetched",
            ReportedError(131052, "Media download error", "The file is larger than 100 MB."),
        ),
    ],
)
def test_errors_are_read_in_both_forms(name: str, error: ReportedError) -> None:
    """The newer form of an error and the older one say the same, beside content and without any."""
    content = samples.message(name).content
    assert content is not None
    assert content.errors == (error,)


def test_keys_of_tomorrow_are_kept() -> None:
    """A known type with keys that nobody knows yet keeps both."""
    content = samples.message("image_with_keys_of_tomorrow").content
    assert content == Content(
        body=Media(kind="image", caption="my receipt", mime_type="image/jpeg", file_id="1"),
        more=(
            Field(("image", "blurred"), "true"),
            Field(("image", "layers", "1", "depth"), "1"),
            Field(("image", "layers", "2", "depth"), "2"),
        ),
    )


def test_the_address_of_a_file_is_no_content() -> None:
    """Where a file can be fetched stands beside the content: it is another one each time."""
    assert (samples.message("image").file_url or "").startswith("https://lookaside.fbsbx.com/")
    assert samples.message("document").file_url is None


def test_an_edit_has_its_new_text_where_a_text_stands() -> None:
    """The new words of a changed text are the text of the edit."""
    assert samples.message("edit_of_text").text == "Is this still available in blue?"
    assert samples.message("edit_of_image").text is None


@pytest.mark.parametrize("wrong", [None, 7, "text", True, [], [["x"]], {"": "x"}, 2**80, float("inf")])
@pytest.mark.parametrize("name", [name for name, _, _ in BODIES])
def test_a_value_of_the_wrong_type_is_kept_as_it_came(name: str, wrong: Any) -> None:
    """Whatever stands in place of a type's object, the message is read, and what stands there is not lost."""
    message = samples.parsed(name)["entry"][0]["changes"][0]["value"]["messages"][0]
    kind = message["type"]
    message[kind] = wrong
    content = contents.read(message, kind) or Content()
    kept = [field.value for field in (*content.more, *getattr(content.body, "fields", ()))]
    if wrong not in (None, []):
        assert kept


def test_no_place_without_both_degrees() -> None:
    """One degree alone, or degrees beyond the globe, make no place and are kept."""
    for place in ({"latitude": 1}, {"latitude": 91, "longitude": 0}, {"latitude": True, "longitude": 0}):
        content = contents.read({"type": "location", "location": place}, "location")
        assert content is not None
        assert content.body == Location()
        assert len(content.more) == len(place)


@pytest.mark.parametrize("name", [name for name, _, body in BODIES if body])
def test_an_added_key_is_kept_wherever_it_stands(name: str) -> None:
    """In every object of a message, however deep, a key that nobody knows yet is kept with its value."""
    message = samples.parsed(name)["entry"][0]["changes"][0]["value"]["messages"][0]
    marks = [_mark(place, number) for number, place in enumerate(list(_objects(message)))]
    kept = json.dumps(msgspec.to_builtins(contents.read(message, message["type"])))
    assert [mark for mark in marks if mark not in kept] == []


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(child)


def _mark(place: dict[str, Any], number: int) -> str:
    mark = f"mark {number}."
    place["key of tomorrow"] = mark
    return mark
