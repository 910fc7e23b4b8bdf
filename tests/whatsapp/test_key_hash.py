"""The fingerprint of a person's keys, where Meta gives it."""

import msgspec

from wabridge.model.event import InboundMessage, StatusReport
from wabridge.whatsapp import payloads

VALUE = {
    "messaging_product": "whatsapp",
    "metadata": {"display_phone_number": "15550100200", "phone_number_id": "100"},
    "contacts": [{"wa_id": "16505550123", "profile": {"name": "Ada"}, "identity_key_hash": "DF2lS5v2W6x="}],
    "messages": [
        {"from": "16505550123", "id": "wamid.1", "timestamp": "1790416815", "type": "text", "text": {"body": "Halo"}}
    ],
    "statuses": [
        {
            "id": "wamid.2",
            "status": "delivered",
            "timestamp": "1790416816",
            "recipient_id": "16505550123",
            "recipient_identity_key_hash": "DF2lS5v2W6x=",
        }
    ],
}


def test_it_is_read_with_messages_and_with_statuses() -> None:
    """Both name the same fingerprint under their own keys; where none comes there is none."""
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": VALUE}]}],
    }
    events = [item.event for item in payloads.split(msgspec.json.encode(body))]
    (message,) = [event for event in events if isinstance(event, InboundMessage)]
    (status,) = [event for event in events if isinstance(event, StatusReport)]
    assert message.sender.key_hash == "DF2lS5v2W6x="
    assert status.recipient.key_hash == "DF2lS5v2W6x="
    bare = msgspec.json.encode(body).replace(b'"identity_key_hash"', b'"x"').replace(b'"recipient_x"', b'"y"')
    plain = [item.event for item in payloads.split(bare)]
    assert [event.sender.key_hash for event in plain if isinstance(event, InboundMessage)] == [None]
