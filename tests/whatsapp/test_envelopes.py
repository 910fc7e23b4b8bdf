"""What stands around the items of a webhook: whether it names anybody beside them."""

import json
from typing import Any

import pytest

from wabridge.whatsapp.cutouts import Opened

SITI, BUDI = "6281234567890", "6281298765432"
FIRST = "/entry/0/changes/0/value/messages/0"


def contact(phone: str) -> dict[str, Any]:
    return {"profile": {"name": "N"}, "wa_id": phone}


def webhook(*contacts: dict[str, Any], **value: Any) -> dict[str, Any]:
    said = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62811", "phone_number_id": "1"},
        "contacts": list(contacts),
        "messages": [{"from": SITI, "id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "Halo"}}],
        **value,
    }
    return {"object": "w", "entry": [{"id": "2", "time": 3, "changes": [{"field": "messages", "value": said}]}]}


def judged(said: Any, *pointers: str) -> bool:
    return Opened(json.dumps(said).encode()).holds_only(pointers or (FIRST,))


def test_a_webhook_of_one_person_says_nothing_of_others() -> None:
    """An ordinary message with its own sender's contact may go in whole."""
    assert judged(webhook(contact(SITI)))
    assert judged(webhook())


@pytest.mark.parametrize(
    "said",
    [
        webhook(contact(SITI), contact(BUDI)),
        webhook({"profile": {"name": "Budi"}}),
        webhook(contact(SITI), statuses=[{"id": "wamid.2", "recipient_id": BUDI}]),
        webhook(contact(SITI), tomorrow={"name": "Budi"}),
        webhook(contact(SITI), metadata={"phone_number_id": "1", "owner": "Budi"}),
        webhook(contact(SITI), metadata={"phone_number_id": ["Budi"]}),
        webhook(contact(SITI), contacts="Budi"),
        {**webhook(contact(SITI)), "about": "Budi"},
        {"entry": [{"id": "2", "note": "Budi", "changes": webhook(contact(SITI))["entry"][0]["changes"]}]},
        {"entry": [{"id": {"name": "Budi"}, "changes": []}]},
        {"entry": [{"changes": [{"field": "history", "value": {"history": [{"threads": [{"id": BUDI}]}]}}]}]},
        [webhook(contact(SITI))],
        "Budi",
    ],
)
def test_whatever_may_name_somebody_else_is_noticed(said: Any) -> None:
    """Contacts, items, and keys of tomorrow beside what is shown: each keeps the webhook out as a whole."""
    assert not judged(said)


def test_a_key_that_stands_twice_hides_nobody() -> None:
    """What stands under the same key twice is looked at as well."""
    body = json.dumps(webhook(contact(SITI)))
    twice = body.replace('"contacts": [', '"contacts": [{"wa_id": "628129"}], "contacts": [')
    assert not Opened(twice.encode()).holds_only([FIRST])


def test_what_is_an_item_as_a_whole_is_shown_as_a_whole() -> None:
    """A body, an entry or a change that is itself the item holds nothing beside it; what is no JSON is unknown."""
    assert Opened(b"no json").holds_only([""])
    assert not Opened(b"no json").holds_only(["/entry/0"])
    said = {"entry": [{"changes": [{"field": "account_update", "value": {"name": "x"}}]}]}
    assert judged(said, "/entry/0/changes/0")
    assert judged(said, "/entry/0/changes/0/value")
    assert judged(said, "/entry/0")
