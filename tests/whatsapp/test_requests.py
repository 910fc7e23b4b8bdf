"""The exact bytes that hand a message over."""

import json
from typing import Any

import pytest

from wabridge.model.content import Card, CardPhone, Cards, Choice, Location, Media, Reaction
from wabridge.model.prompts import (
    Button,
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Place,
    Row,
    Section,
)
from wabridge.model.template_message import Filled, TemplateButton, TemplateMessage
from wabridge.whatsapp.requests import Recipient, Said, build

TOKEN = "a:0123456789abcdef0123456789abcdef"
PHONE = Recipient(phone="62812")

KEEP = Buttons(buttons=(Button(button_id="keep", title="Tetap"), Button(button_id="drop", title="Batal")))
MENU = Menu(
    label="Pilihan",
    sections=(
        Section(title="Pagi", rows=(Row(row_id="r1", title="09.00"),)),
        Section(title="Siang", rows=(Row(row_id="r2", title="13.00", description="di kantor"),)),
    ),
)
NOTICE = TemplateMessage(
    name="sidang",
    language="id",
    category="utility",
    header=Header(text="Sidang 77"),
    buttons=(
        TemplateButton(kind="quick_reply", text="Ya"),
        TemplateButton(kind="url", text="Lihat", value="https://t.test/77"),
        TemplateButton(kind="copy_code", text="Salin", value="7788"),
    ),
    filled=(
        Filled(part="header", value="77"),
        Filled(part="body", name="nama", value="Ada"),
        Filled(part="button", button=0, value="ya:77"),
        Filled(part="button", button=1, value="77"),
        Filled(part="button", button=2, value="7788"),
    ),
)


def part_of(said: Said) -> Any:
    """Return what the body says beside the envelope."""
    body = json.loads(build(PHONE, said, token=TOKEN))
    assert body.pop("messaging_product") == "whatsapp"
    assert body.pop("recipient_type") == "individual"
    assert body.pop("to") == "+62812"
    assert body.pop("biz_opaque_callback_data") == TOKEN
    assert set(body) <= {"context", body["type"], "type"}
    return body[body["type"]]


def test_a_text_to_a_phone() -> None:
    """A text goes to plus and digits, without a preview of links, with our token."""
    assert build(Recipient(phone="6281234567890"), Said(text="Selamat pagi"), token=TOKEN) == (
        b'{"messaging_product":"whatsapp","recipient_type":"individual","to":"+6281234567890","type":"text",'
        b'"text":{"preview_url":false,"body":"Selamat pagi"},"biz_opaque_callback_data":"' + TOKEN.encode() + b'"}'
    )


def test_a_text_to_a_user_id_that_quotes() -> None:
    """Without a phone the user id is the recipient and `to` is absent; a quoted message is named."""
    built = build(Recipient(user_id="ID.2000"), Said(text="Ya", quoted_wamid="wamid.T1"), token=TOKEN)
    assert built == (
        b'{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"ID.2000","type":"text",'
        b'"text":{"preview_url":false,"body":"Ya"},"context":{"message_id":"wamid.T1"},'
        b'"biz_opaque_callback_data":"' + TOKEN.encode() + b'"}'
    )


def test_the_phone_is_preferred() -> None:
    """When both are known the message goes to the phone, and to it alone."""
    built = build(Recipient(phone="62812", user_id="ID.2000"), Said(text="Ya"), token=TOKEN)
    assert b'"to":"+62812"' in built
    assert b'recipient"' not in built


def test_texts_keep_every_character() -> None:
    """Quotes, line breaks and emoji reach Meta as they were written."""
    built = build(PHONE, Said(text='"Baik"\n🙏\\'), token=TOKEN)
    assert '"body":"\\"Baik\\"\\n🙏\\\\"'.encode() in built


def test_a_message_needs_a_recipient() -> None:
    """Without phone and user id nothing is built."""
    with pytest.raises(ValueError, match="recipient"):
        build(Recipient(phone=None, user_id=""), Said(text="Ya"), token=TOKEN)


def test_a_text_that_is_no_unicode_is_not_built() -> None:
    """Half a surrogate pair cannot be sent and is said to be wrong before anything leaves."""
    with pytest.raises(ValueError, match="surrogates"):
        build(PHONE, Said(text="\ud83d"), token=TOKEN)


def test_files_are_named_by_their_id() -> None:
    """A file goes by Meta's id, with the caption and name that its kind may have, and as voice only if it is one."""
    document = Media(kind="document", caption="Kuasa", file_name="kuasa.pdf")
    assert part_of(Said(body=document, media_id="7")) == {"id": "7", "caption": "Kuasa", "filename": "kuasa.pdf"}
    assert part_of(Said(body=Media(kind="image", caption="", file_name="a.jpg"), media_id="7")) == {"id": "7"}
    assert part_of(Said(body=Media(kind="audio", is_voice=True), media_id="7")) == {"id": "7", "voice": True}
    assert part_of(Said(body=Media(kind="audio", caption="no"), media_id="7")) == {"id": "7"}
    assert part_of(Said(body=Media(kind="sticker"), media_id="7")) == {"id": "7"}
    with pytest.raises(ValueError, match="file"):
        build(PHONE, Said(body=Media(kind="image")), token=TOKEN)


def test_a_place() -> None:
    """A place has coordinates in plain decimals, as texts, and a name and an address if they are known."""
    office = Location(latitude=-6.2, longitude=106.8, name="Kantor", address="Jl. Sudirman 1")
    assert part_of(Said(body=office)) == {
        "latitude": "-6.2",
        "longitude": "106.8",
        "name": "Kantor",
        "address": "Jl. Sudirman 1",
    }
    near_null = Location(latitude=1e-7, longitude=-122.16153582049394)
    assert part_of(Said(body=near_null)) == {"latitude": "0.0000001", "longitude": "-122.16153582049394"}
    with pytest.raises(ValueError, match="coordinates"):
        build(PHONE, Said(body=Location(name="Kantor")), token=TOKEN)


def test_cards() -> None:
    """A card has the whole name and a part of it, nothing that is empty, and no label that Meta has no word for."""
    grace = Card(
        name="Grace Putri Example",
        organisation="PT Contoh",
        phones=(CardPhone("+62 811-1", "CELL", "62811"), CardPhone("021 500", "work"), CardPhone(None)),
        emails=("g@example.test",),
        addresses=("Jl. Melati 2",),
        links=("https://example.test", "https://kantor-é.test/akta é?q=[1]%20a%"),
        birthday="1999-01-23",
    )
    assert part_of(Said(body=Cards((grace, Card(name="Budi"))))) == [
        {
            "name": {"formatted_name": "Grace Putri Example", "first_name": "Grace", "last_name": "Putri Example"},
            "phones": [{"phone": "+62 811-1", "wa_id": "62811"}, {"phone": "021 500", "type": "WORK"}],
            "emails": [{"email": "g@example.test"}],
            "urls": [
                {"url": "https://example.test"},
                {"url": "https://xn--kantor--hya.test/akta%20%C3%A9?q=%5B1%5D%20a%25"},
            ],
            "addresses": [{"street": "Jl. Melati 2"}],
            "org": {"company": "PT Contoh"},
            "birthday": "1999-01-23",
        },
        {"name": {"formatted_name": "Budi", "first_name": "Budi"}},
    ]
    with pytest.raises(ValueError, match="name"):
        build(PHONE, Said(body=Cards((Card(name=" "),))), token=TOKEN)


def test_a_link_to_no_host_goes_as_it_can() -> None:
    """An address whose host cannot be written in the letters of the web still makes a card, with percent signs."""
    card = Card(name="Budi", links=(f"https://{'é' * 80}.test/a",))
    assert part_of(Said(body=Cards((card,))))[0]["urls"] == [{"url": f"https://{'%C3%A9' * 80}.test/a"}]


def test_reactions() -> None:
    """A reaction names its message, is taken off by an empty sign, and quotes nothing."""
    thumb = Reaction(target_wamid="wamid.T1", emoji="👍")
    assert part_of(Said(body=thumb)) == {"message_id": "wamid.T1", "emoji": "👍"}
    assert part_of(Said(body=Reaction(target_wamid="wamid.T1"))) == {"message_id": "wamid.T1", "emoji": ""}
    assert b"context" not in build(PHONE, Said(body=thumb, quoted_wamid="wamid.T2"), token=TOKEN)
    with pytest.raises(ValueError, match="react"):
        build(PHONE, Said(body=Reaction(emoji="👍")), token=TOKEN)


def test_reply_buttons() -> None:
    """Buttons stand under the words; a header of text or a file and a footer only where there is one."""
    action = {
        "buttons": [
            {"type": "reply", "reply": {"id": "keep", "title": "Tetap"}},
            {"type": "reply", "reply": {"id": "drop", "title": "Batal"}},
        ]
    }
    words = Said(text="Jadi?", body=KEEP)
    assert part_of(words) == {"type": "button", "body": {"text": "Jadi?"}, "action": action}
    framed = Buttons(buttons=KEEP.buttons, header=Header(kind="document", file_name="a.pdf"), footer="Kantor")
    assert part_of(Said(text="Jadi?", body=framed, media_id="7")) == {
        "type": "button",
        "header": {"type": "document", "document": {"id": "7", "filename": "a.pdf"}},
        "body": {"text": "Jadi?"},
        "footer": {"text": "Kantor"},
        "action": action,
    }
    with pytest.raises(ValueError, match="file"):
        part_of(Said(text="Jadi?", body=framed))
    with pytest.raises(ValueError, match="text"):
        part_of(Said(text="", body=KEEP))
    with pytest.raises(ValueError, match="text"):
        part_of(Said(text="Jadi?", body=Buttons(buttons=KEEP.buttons, header=Header())))


def test_lists() -> None:
    """A list has a button and its lines in sections; what has no title or description has none in the body."""
    assert part_of(Said(text="Kapan?", body=MENU))["action"] == {
        "button": "Pilihan",
        "sections": [
            {"title": "Pagi", "rows": [{"id": "r1", "title": "09.00"}]},
            {"title": "Siang", "rows": [{"id": "r2", "title": "13.00", "description": "di kantor"}]},
        ],
    }
    alone = Menu(label="Pilihan", sections=(Section(rows=(Row(row_id="r1", title="09.00"),)),), header=Header(text="A"))
    part = part_of(Said(text="Kapan?", body=alone))
    assert part["header"] == {"type": "text", "text": "A"}
    assert part["action"]["sections"] == [{"rows": [{"id": "r1", "title": "09.00"}]}]


def test_a_link_button() -> None:
    """A link has a label and an address."""
    part = part_of(Said(text="Lihat", body=LinkButton(label="Buka", url="https://t.test/77")))
    assert part == {
        "type": "cta_url",
        "body": {"text": "Lihat"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Buka", "url": "https://t.test/77"}},
    }


def test_questions_for_number_and_place() -> None:
    """The questions for a phone number and for a place have words and nothing to set."""
    assert part_of(Said(text="Nomor Anda?", body=NumberRequest())) == {
        "type": "request_contact_info",
        "body": {"text": "Nomor Anda?"},
        "action": {"name": "request_contact_info"},
    }
    assert part_of(Said(text="Di mana?", body=LocationRequest())) == {
        "type": "location_request_message",
        "body": {"text": "Di mana?"},
        "action": {"name": "send_location"},
    }


def test_templates() -> None:
    """A template is named, and each part carries what was filled in, in Meta's order."""
    assert part_of(Said(text="Halo Ada", body=NOTICE)) == {
        "name": "sidang",
        "language": {"policy": "deterministic", "code": "id"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "77"}]},
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "nama", "text": "Ada"}]},
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "ya:77"}],
            },
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "77"}]},
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "7788"}],
            },
        ],
    }
    plain = TemplateMessage(name="halo", language="id", category="utility", header=Header(text="Halo"))
    assert part_of(Said(text="Halo", body=plain)) == {
        "name": "halo",
        "language": {"policy": "deterministic", "code": "id"},
    }


def test_headers_of_templates() -> None:
    """A header that is a file goes by its id, a place by its coordinates; without them nothing is built."""
    picture = TemplateMessage(name="a", language="id", category="utility", header=Header(kind="image"))
    assert part_of(Said(body=picture, media_id="7"))["components"] == [
        {"type": "header", "parameters": [{"type": "image", "image": {"id": "7"}}]}
    ]
    place = Header(kind="location", place=Place(latitude=-6.2, longitude=106.8, name="Kantor"))
    located = TemplateMessage(name="a", language="id", category="utility", header=place)
    assert part_of(Said(body=located))["components"] == [
        {
            "type": "header",
            "parameters": [
                {"type": "location", "location": {"latitude": "-6.2", "longitude": "106.8", "name": "Kantor"}}
            ],
        }
    ]
    with pytest.raises(ValueError, match="file"):
        part_of(Said(body=picture))


@pytest.mark.parametrize(
    "filled",
    [
        Filled(part="button", value="x"),
        Filled(part="button", button=3, value="x"),
        Filled(part="button", button=1, value="x"),
    ],
)
def test_values_belong_to_buttons_that_take_one(filled: Filled) -> None:
    """A value for no button, for one that is not there, or for one that takes none builds nothing."""
    buttons = (TemplateButton(kind="url", text="Lihat"), TemplateButton(kind="phone_number", text="Telepon"))
    template = TemplateMessage(name="a", language="id", category="utility", buttons=buttons, filled=(filled,))
    with pytest.raises(ValueError, match="button"):
        build(PHONE, Said(body=template), token=TOKEN)


def test_what_nobody_can_send_is_not_built() -> None:
    """A body that only a person can write builds nothing."""
    with pytest.raises(ValueError, match="cannot be sent"):
        build(PHONE, Said(body=Choice(title="Ya")), token=TOKEN)


def test_the_persons_key_can_be_demanded() -> None:
    """With a key Meta hands the message over only while the person's key is the same."""
    built = build(Recipient(phone="62812", identity_key_hash="DF2lS5v2W6x="), Said(text="Ya"), token=TOKEN)
    assert b'"recipient_identity_key_hash":"DF2lS5v2W6x="' in built
