"""Webhook bodies of every type and field that is known, as objects, before anything is done to them.

Each thing that must not get lost carries a mark, `F<input>x<number>F`, in its id or in a word of its own. Source: Meta,
"webhooks" and its pages for each type and field; every value is invented.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MARK = re.compile(rb"F[0-9]+x[0-9]+F")
"""What names one thing of one input."""

OURS = ("106540352242922", "104996122399160")
"""The number that is configured, and its account."""

_WORDS = ("Halo", "besok", "sidang", "déngan", "“surat”", "🙏", "مرحبا", "<b>", "a/b", "'; --", "\u200f", "&amp;", "")
_REASONS = (131051, 131060, 131052, 130429, 131000, 131026, 131047, 2593109)


@dataclass
class Source:
    """Where one input's choices and marks come from."""

    chance: random.Random
    number: int
    _marks: int = field(default=0)

    def mark(self) -> str:
        """Return a mark that no other thing has."""
        self._marks += 1
        return f"F{self.number}x{self._marks}F"

    def words(self) -> str:
        """Return a few words."""
        return " ".join(self.chance.choices(_WORDS, k=self.chance.randrange(5)))

    def digits(self, count: int = 15) -> str:
        """Return a number as WhatsApp spells ids."""
        return str(self.chance.randrange(10 ** (count - 1), 10**count))

    def maybe(self, **parts: Any) -> Json:
        """Return some of these keys."""
        return {key: part for key, part in parts.items() if self.chance.random() < 0.6}

    def time(self) -> str:
        """Return a moment of the last days in Unix seconds."""
        return str(1_790_416_800 - self.chance.randrange(10**6))


def person(source: Source) -> Json:
    """Return who somebody is: one of a few hundred people, some of them without a number."""
    number = source.chance.randrange(300)
    who = {"phone": f"62812000{number:05d}", "user_id": f"ID.{10**17 + number}", "name": f"Orang {number}"}
    if number % 7 == 0:
        del who["phone"]
    elif number % 5 == 0:
        del who["user_id"]
    return who


def message(source: Source, who: Json) -> Json:
    """Return an element of `messages` of some type."""
    kind = source.chance.choice(TYPES)
    made: Json = {"id": "wamid." + source.mark(), "timestamp": source.time()} | _from(who)
    if source.chance.random() < 0.2:
        made["context"] = _context(source)
    if source.chance.random() < 0.05:
        made["group_id"] = "Y2FwaV9ncm91cDox"
    if source.chance.random() < 0.05:
        made["referral"] = {"source_type": "ad", "source_id": source.digits(), "headline": source.words()}
    return made | {"type": kind} | MESSAGES[kind](source, who)


def status(source: Source, who: Json) -> Json:
    """Return an element of `statuses`."""
    word = source.chance.choice(("sent", "delivered", "read", "played", "failed", "deleted", "warning", "READ"))
    made: Json = {"id": "wamid." + source.mark(), "status": word, "timestamp": source.time()}
    made |= {"recipient_id": who["phone"]} if "phone" in who else {}
    made |= source.maybe(
        recipient_user_id=who.get("user_id"),
        biz_opaque_callback_data="a:" + source.digits(30),
        conversation={"id": source.digits(), "expiration_timestamp": source.time(), "origin": {"type": "service"}},
        pricing={
            "billable": True,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "authentication-international",
        },
        recipient_identity_key_hash="DF2lS5v2W6x=",
    )
    if word == "failed":
        made["errors"] = [error(source)]
    if source.chance.random() < 0.05:
        made |= {"recipient_type": "group", "recipient_participant_id": "6281200000001"}
    return made


def error(source: Source) -> Json:
    """Return an error as Meta words it, in one of its three forms."""
    code = source.chance.choice(_REASONS)
    return source.chance.choice(
        (
            {"code": code, "title": "Oh", "message": "Oh", "error_data": {"details": source.words()}, "href": "/docs"},
            {"code": code, "title": "Oh", "details": source.words()},
            {"code": code, "title": "Oh"},
        )
    )


def contact(source: Source, who: Json) -> Json:
    """Return an element of `contacts`."""
    made: Json = {"profile": {"name": who["name"]} | source.maybe(username="@orang")}
    made |= {"wa_id": who["phone"]} if "phone" in who else {}
    made |= {"user_id": who["user_id"]} if "user_id" in who else {}
    return made


def value(source: Source, **parts: Any) -> Json:
    """Return the value of a change of our number."""
    metadata = {"display_phone_number": "15550100200", "phone_number_id": OURS[0]}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def conversation(source: Source) -> Json:
    """Return a change of the field `messages`: messages, statuses, both or an error."""
    people = [person(source) for _ in range(source.chance.choice((1, 1, 1, 2, 3)))]
    parts: Json = {"contacts": [contact(source, who) for who in people]}
    shape = source.chance.random()
    if shape < 0.7:
        parts["messages"] = [message(source, who) for who in people]
    if shape > 0.55:
        parts["statuses"] = [status(source, who) for who in people]
    if shape > 0.97:
        parts["errors"] = [error(source)]
    return {"field": "messages", "value": value(source, **parts)}


def _from(who: Json) -> Json:
    keys = {"from": who.get("phone"), "from_user_id": who.get("user_id")}
    return {key: part for key, part in keys.items() if part is not None}


def _context(source: Source) -> Json:
    quoted = {"from": "15550100200", "id": "wamid.OUT" + source.digits(4)}
    product = {"referred_product": {"catalog_id": source.digits(), "product_retailer_id": "sku-1"}}
    return source.chance.choice((quoted, quoted | product, {"forwarded": True}, {"frequently_forwarded": True}, {}))


def _media(kind: str) -> Callable[[Source, Json], Json]:
    def make(source: Source, who: Json) -> Json:
        said = {"id": source.digits(16), "mime_type": f"{kind}/x; codecs=y", "sha256": "Zm9vYmFyYmF6cXV4Zm9vYmFyYmE="}
        more = source.maybe(
            caption=source.words(),
            url="https://lookaside.fbsbx.com/x/?mid=1",
            filename="s.pdf",
            voice=True,
            animated=False,
        )
        return {kind: said | more} | ({"errors": [error(source)]} if source.chance.random() < 0.1 else {})

    return make


def _card(source: Source, who: Json) -> Json:
    card = {
        "name": {"formatted_name": "Grace Example", "first_name": "Grace"},
        "org": {"company": "Example", "title": "Lead"},
        "phones": [{"phone": "+62 812-0000", "wa_id": "628120000", "type": "CELL"}],
        "emails": [{"email": "grace@example.com", "type": "WORK"}],
        "addresses": [{"street": "1 Example Way", "city": "Bandung", "country_code": "id"}],
        "birthday": "1999-01-23", "origin": "other", "vcard": "BEGIN:VCARD\nEND:VCARD",
    }  # fmt: skip
    return {"contacts": [source.maybe(**card) for _ in range(source.chance.choice((0, 1, 2)))]}


def _interactive(source: Source, who: Json) -> Json:
    kind = source.chance.choice(("button_reply", "list_reply", "nfm_reply", "call_permission_reply", "product", "none"))
    if kind == "none":
        return {}
    answers: Json = {
        "button_reply": {"id": "slot", "title": source.words()},
        "list_reply": {"id": "row", "title": source.words(), "description": "x"},
        "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"a","a":{"b":[1,"2"]}}'},
        "call_permission_reply": {"response": "accept", "expiration_timestamp": 1791021611},
        "product": {"catalog_id": source.digits()},
    }
    return {"interactive": {"type": kind, kind: answers[kind]}}


def _system(source: Source, who: Json) -> Json:
    kinds = ("user_changed_number", "user_changed_user_id", "customer_changed_number", "customer_identity_changed")
    more = source.maybe(
        wa_id="62812" + source.digits(8), user_id="ID." + source.digits(17), previous_user_id="ID." + source.digits(17),
        new_wa_id="62812" + source.digits(8), customer="628120000", identity="DF2l",
    )  # fmt: skip
    return {"system": {"type": source.chance.choice(kinds), "body": source.words()} | more}


def _edit(source: Source, who: Json) -> Json:
    kind = source.chance.choice(("text", "image", "video"))
    inner = {"context": {"id": "M0"}, "type": kind} | MESSAGES[kind](source, who)
    return {"edit": {"original_message_id": "wamid.OUT" + source.digits(4), "message": inner}}


def _unsupported(source: Source, who: Json) -> Json:
    kinds = ("poll_creation", "edit", "gif", "media_placeholder", "unknown", "reaction", "group_invite")
    return {"errors": [error(source)]} | source.maybe(
        unsupported={"type": source.chance.choice(kinds), "raw_type": "x"}
    )


MESSAGES: dict[str, Callable[[Source, Json], Json]] = {
    "text": lambda source, who: {"text": {"body": source.words()}},
    **{kind: _media(kind) for kind in ("image", "video", "audio", "document", "sticker")},
    "location": lambda source, who: {
        "location": {"latitude": -6.2, "longitude": 106.8}
        | source.maybe(name="Kantor", address="Jl. Contoh 1", url="x")
    },
    "contacts": _card,
    "interactive": _interactive,
    "button": lambda source, who: {"button": {"payload": "ok", "text": source.words()}},
    "reaction": lambda source, who: {
        "reaction": {"message_id": "wamid.OUT" + source.digits(4)} | source.maybe(emoji="👍")
    },
    "order": lambda source, who: {
        "order": {
            "catalog_id": source.digits(),
            "text": source.words(),
            "product_items": [{"quantity": 2, "item_price": "3"}],
        }
    },
    "system": _system,
    "edit": _edit,
    "revoke": lambda source, who: {"revoke": {"original_message_id": "wamid.OUT" + source.digits(4)}},
    "unsupported": _unsupported,
    "unknown": lambda source, who: {"errors": [error(source)]},
    "request_welcome": lambda source, who: {},
    "hologram": lambda source, who: {"hologram": {"depth": 3, "parts": [{"a": None}, 1]}},
}
"""What stands beside the envelope of a message of each type; the last ones were removed or do not exist yet."""

TYPES = ("text",) * 12 + tuple(MESSAGES)
"""Types as often as they are drawn."""
