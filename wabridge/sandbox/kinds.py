"""One message of each type a person can send without a file, as Meta words it (cloud-api 2)."""

from typing import NamedTuple

from wabridge.sandbox.graph import GraphError
from wabridge.sandbox.payloads import Json

NOT_SUPPORTED = GraphError(
    http=400, code=131051, title="Message type unknown", details="Message type is currently not supported."
)
TOO_LARGE = GraphError(http=400, code=131052, title="Media download error", details="The file is larger than 100 MB.")


class Said(NamedTuple):
    """A message to send. text: what the phone shows of it; parts: its type and that type's object.

    answers_office: whether it is an answer to a message of the office.
    """

    text: str
    parts: Json
    answers_office: bool = False


def text(words: str) -> Json:
    """Return the parts of a plain text."""
    return {"type": "text", "text": {"body": words}}


def _interactive(kind: str, content: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, kind: content}}


def _unsupported(kind: str) -> Json:
    return {"type": "unsupported", "errors": [NOT_SUPPORTED.report()], "unsupported": {"type": kind}}


_CARD = {
    "name": {"formatted_name": "Dewi Lestari", "first_name": "Dewi", "last_name": "Lestari"},
    "org": {"company": "Notaris Lestari", "title": "Notaris"},
    "phones": [{"phone": "+62 812-1111-2233", "wa_id": "6281211112233", "type": "CELL"}],
    "emails": [{"email": "dewi@notaris.example", "type": "WORK"}],
    "addresses": [{"street": "Jalan Melati 5", "city": "Bandung", "country": "Indonesia", "type": "WORK"}],
    "birthday": "1980-01-23",
    "origin": "other",
    "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Dewi Lestari\nEND:VCARD",
}
_ORDER = {
    "catalog_id": "194836987003835",
    "text": "Tolong dikirim ke kantor",
    "product_items": [{"product_retailer_id": "akta-1", "quantity": 2, "item_price": "150000", "currency": "IDR"}],
}
_AD = {
    "source_url": "https://fb.example/iklan",
    "source_id": "120226305854810726",
    "source_type": "ad",
    "headline": "Konsultasi hukum",
    "body": "Tanya kami lewat WhatsApp",
    "media_type": "image",
    "image_url": "https://scontent.example/img",
    "ctwa_clid": "Aff-n8ZTODiE79d22KtAwQ",
}
_PLACE = {
    "latitude": -6.2088,
    "longitude": 106.8456,
    "name": "Pengadilan Negeri",
    "address": "Jalan Contoh 1, Jakarta",
    "url": "https://places.example/pn",
}

KINDS: dict[str, Said] = {
    "location": Said("Pengadilan Negeri", {"type": "location", "location": _PLACE}),
    "pin": Said("-6.2, 106.8", {"type": "location", "location": {"latitude": -6.2, "longitude": 106.8}}),
    "contacts": Said("Dewi Lestari", {"type": "contacts", "contacts": [_CARD]}),
    "contact_request": Said(
        "+62 812-0000-1234",
        {
            "type": "contacts",
            "contacts": [{"phones": [{"phone": "+62 812-0000-1234"}], "origin": "contact_request"}],
        },
    ),
    "forwarded": Said("Ini pesan dari tetangga.", text("Ini pesan dari tetangga.") | {"context": {"forwarded": True}}),
    "chain_letter": Said(
        "Sebarkan ke semua orang!", text("Sebarkan ke semua orang!") | {"context": {"frequently_forwarded": True}}
    ),
    "from_ad": Said("Saya melihat iklan Anda.", text("Saya melihat iklan Anda.") | {"referral": _AD}),
    "order": Said("akta-1 × 2", {"type": "order", "order": _ORDER}),
    "button": Said(
        "Setuju", {"type": "button", "button": {"payload": "setuju:1", "text": "Setuju"}}, answers_office=True
    ),
    "button_reply": Said(
        "Hari ini 16.00",
        _interactive("button_reply", {"id": "slot-16", "title": "Hari ini 16.00"}),
        answers_office=True,
    ),
    "list_reply": Said(
        "Perdata",
        _interactive("list_reply", {"id": "row-2", "title": "Perdata", "description": "Utang, waris, tanah"}),
        answers_office=True,
    ),
    "flow_reply": Said(
        "Formulir terkirim",
        _interactive(
            "nfm_reply", {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"abc","perkara":"waris"}'}
        ),
        answers_office=True,
    ),
    "call_permission": Said(
        "Boleh ditelepon",
        _interactive("call_permission_reply", {"response": "accept", "response_source": "user_action"}),
        answers_office=True,
    ),
    "poll": Said("?", _unsupported("poll_creation")),
    "view_once": Said("1×", _unsupported("image")),
    "too_large": Said("> 100 MB", {"type": "unsupported", "errors": [TOO_LARGE.report()]}),
    "old_unknown": Said(
        "?", {"type": "unknown", "errors": [{"code": 501, "title": "Unknown message type", "details": "Not supported"}]}
    ),
}
"""By the name the phone page's menu has for it."""
