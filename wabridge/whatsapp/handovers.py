"""Another party took a conversation over, or gave it back: a line of the conversation.

Whatever the change says beside the people is kept; its words for the parties are not published. Source: Meta,
"messaging_handovers webhook".
"""

from collections.abc import Iterator

from wabridge.model.content import Content, Handover
from wabridge.model.event import InboundMessage, Item, Unreadable
from wabridge.whatsapp import items, people, reading
from wabridge.whatsapp.fields import Fields
from wabridge.whatsapp.items import Scope
from wabridge.whatsapp.people import Json

KIND = "handover"
_PASSED = "control_passed"
_PERSON = ("user_id", "phone_number", "wa_id", "parent_user_id")


def read(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield the one item of a handover; one with nothing but an envelope yields none."""
    if not value.keys() - {"messaging_product", "metadata"}:
        return
    metadata = reading.mapping(value.get("recipient")) | reading.mapping(value.get("metadata"))
    scope = scope._replace(phone_number_id=reading.ident(metadata.get("phone_number_id")))
    yield items.of_element(_read(value, scope), value, scope, at=reading.seconds(value.get("timestamp")))


def _read(value: Json, scope: Scope) -> InboundMessage | Unreadable:
    sender = reading.mapping(value.get("sender"))
    person = people.read([sender.get(key) for key in _PERSON])
    sent_at = reading.seconds(value.get("timestamp"))
    if scope.phone_number_id is None or not person.is_known:
        return Unreadable(
            reason="a handover of nobody knows whose conversation",
            phone_number_id=scope.phone_number_id,
            sent_at=sent_at,
        )
    fields = Fields(value)
    fields.drop_plain("messaging_product")
    fields.seconds("timestamp")
    fields.inside("sender").drop_people(*_PERSON)
    for ours in ("recipient", "metadata"):
        fields.inside(ours).drop_plain("phone_number_id", "display_phone_number")
    kind = fields.peek("type") or _PASSED
    if kind == _PASSED:
        fields.drop_plain("type")
    told = fields.inside(kind)
    handover = Handover(
        previous=told.text("previous_owner_role"),
        new=told.text("new_owner_role"),
        note=told.text("metadata"),
        fields=fields.rest(),
    )
    return InboundMessage(
        phone_number_id=scope.phone_number_id,
        wamid="",
        sender=person,
        type=KIND,
        sent_at=sent_at,
        content=Content(body=handover),
        source="standby",
    )
