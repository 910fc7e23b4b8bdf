"""Webhook bodies as Meta composes them (cloud-api 1.2, 2, 3.2, 4.1), and their bytes (13.3).

The pieces nest: messages and statuses lie in a value, values in an envelope, and `encode` makes an envelope bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from wabridge.sandbox import wamids
from wabridge.sandbox.account import Account

Json = dict[str, Any]

FREE_REPLY = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A client as Meta describes one: digits without `+`, a name, a BSUID."""

    phone: str
    name: str
    user_id: str
    username: str | None = None
    hides_phone: bool = False
    """Whether Meta leaves the phone out (3.2); `wa_id` and `from` are then absent, not empty."""


def text(person: Person, body: str, *, at: datetime, wamid: str | None = None, quotes: Json | None = None) -> Json:
    """Build a text message from the person; `quotes` is its context."""
    return message(person, {"type": "text", "text": {"body": body}}, at=at, wamid=wamid, quotes=quotes)


def message(person: Person, parts: Json, *, at: datetime, wamid: str | None = None, quotes: Json | None = None) -> Json:
    """Build a message of any type; `parts` are its type, that type's object and what else it has."""
    context = (quotes or {}) | parts.get("context", {})
    opening: Json = {"context": context} if context else {}
    if not person.hides_phone:
        opening["from"] = person.phone
    known = {
        "from_user_id": person.user_id,
        "id": wamid or wamids.inbound(person.phone),
        "timestamp": seconds(at),
    }
    return opening | known | {key: part for key, part in parts.items() if key != "context"}


def contact(person: Person) -> Json:
    """Build the person's element of `contacts`."""
    profile = {"name": person.name}
    if person.username is not None:
        profile["username"] = person.username
    described: Json = {"profile": profile}
    if not person.hides_phone:
        described["wa_id"] = person.phone
    return described | {"user_id": person.user_id}


def status(
    wamid: str,
    word: str,
    *,
    at: datetime,
    person: Person,
    callback_data: str | None = None,
    errors: Sequence[Json] = (),
) -> Json:
    """Build one status; a `failed` one names no BSUID (3.2)."""
    reported: Json = {"id": wamid, "status": word, "timestamp": seconds(at)}
    if not person.hides_phone:
        reported["recipient_id"] = person.phone
    if word != "failed" or person.hides_phone:
        reported["recipient_user_id"] = person.user_id
    if callback_data is not None:
        reported["biz_opaque_callback_data"] = callback_data
    if word in ("sent", "delivered"):
        reported["pricing"] = dict(FREE_REPLY)
    if errors:
        reported["errors"] = list(errors)
    return reported


def value(
    account: Account,
    *,
    contacts: Sequence[Json] = (),
    messages: Sequence[Json] = (),
    statuses: Sequence[Json] = (),
    errors: Sequence[Json] = (),
) -> Json:
    """Build the value of one change; empty lists are left out."""
    lists = {"contacts": contacts, "messages": messages, "statuses": statuses, "errors": errors}
    return {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_phone_number,
            "phone_number_id": account.phone_number_id,
        },
    } | {key: list(items) for key, items in lists.items() if items}


def batch(account: Account, *values: Json, field: str = "messages") -> Json:
    """Build the envelope around any number of values."""
    changes = [{"field": field, "value": each} for each in values]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account.business_account_id, "changes": changes}],
    }


def message_webhook(account: Account, person: Person, *messages: Json) -> Json:
    """Build the envelope of messages from one person."""
    return batch(account, value(account, contacts=[contact(person)], messages=messages))


def status_webhook(account: Account, person: Person, *statuses: Json) -> Json:
    """Build the envelope of statuses of messages to one person."""
    if any(each["status"] == "failed" for each in statuses):
        return batch(account, value(account, statuses=statuses))
    address: Json = {} if person.hides_phone else {"wa_id": person.phone}
    return batch(account, value(account, contacts=[address | {"user_id": person.user_id}], statuses=statuses))


def encode(webhook: Any, escape: Literal["ascii", "ascii-slashes", "utf-8"] = "ascii") -> bytes:
    """Return the bytes Meta would put on the wire and sign."""
    if escape == "utf-8":
        # Half an emoji is no text, but it has been seen in names: it is passed on as the three bytes it is made of.
        return json.dumps(webhook, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    written = json.dumps(webhook, separators=(",", ":"))
    return (written.replace("/", "\\/") if escape == "ascii-slashes" else written).encode("ascii")


def seconds(at: datetime) -> str:
    """Return the time as Meta writes it: Unix seconds in a string."""
    return str(int(at.timestamp()))
