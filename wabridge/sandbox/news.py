"""What Meta says once and unasked: system messages, other fields, the account."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from wabridge.sandbox import backlog, payloads, scenes, turns, wamids
from wabridge.sandbox.account import Account
from wabridge.sandbox.courier import Courier
from wabridge.sandbox.handset import Bubble, Handset, Progress
from wabridge.sandbox.payloads import Json, Person, seconds
from wabridge.sandbox.scenes import Built, Scene
from wabridge.sandbox.templates import Templates
from wabridge.sandbox.traffic import Traffic

UNKNOWN_SENDER = "6281355556666"
INTRODUCTION = "Ini nomor baru saya."


class News:
    """Says what there is to say; some of it changes who the person is."""

    def __init__(
        self,
        account: Account,
        courier: Courier,
        traffic: Traffic,
        templates: Templates,
        now: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._templates = templates
        self._courier = courier
        self._traffic = traffic
        self._now = now

    def tell(self, occurrence: str, handset: Handset) -> None:
        """Let something of OCCURRENCES happen to this person or number; raises LookupError for what isn't there."""
        scene = Scene(self._account, handset.person, self._now())
        if occurrence in STATUSES:
            self._templates.set_status(*HEARING, STATUSES[occurrence], is_told=False)
        elif occurrence == "template_reworded":
            self._templates.reword(*HEARING, turns.NEW_WORDING, is_told=False)
        if occurrence in CHANGES:
            self._change(occurrence, handset, scene)
        elif occurrence == "foreign_status":
            self._traffic.emit_status(wamids.outbound(UNKNOWN_SENDER), "delivered", to=UNKNOWN_SENDER)
        elif occurrence == "history_declined":
            self._courier.enqueue({"field": "history", "value": backlog.declined(self._account)})
        else:
            self._post([build(scene) for build in OCCURRENCES[occurrence]])

    def _change(self, occurrence: str, handset: Handset, scene: Scene) -> None:
        old = handset.person
        user_id = wamids.user_id(secrets.token_hex(8), self._account.business_account_id)
        user_id = old.user_id[:2] + user_id[2:]
        phone = old.phone if occurrence in ("user_id_changed", "user_id_updated") else self._free_number(old.phone)
        self._traffic.change_identity(handset, phone=phone, user_id=user_id)
        system = CHANGES[occurrence](old, replace(old, phone=phone, user_id=user_id))
        message = {"id": wamids.inbound(old.phone), "timestamp": seconds(scene.at), "type": "system", **system}
        told = ("messages", payloads.value(self._account, messages=[message]))
        order = {
            "number_changed_late": [self._introduce(handset), told],
            "number_changed_unsaid": [self._introduce(handset)],
            "user_id_updated": [self._updated(old, handset.person, scene), told],
        }
        self._post(order.get(occurrence, [told]))

    def _updated(self, old: Person, new: Person, scene: Scene) -> Built:
        """Tell of a new user id by the field of its own as well."""
        update: Json = {"wa_id": new.phone, "detail": f"User id for {old.name} has been updated."}
        update |= {"user_id": {"previous": old.user_id, "current": new.user_id}, "timestamp": seconds(scene.at)}
        return "user_id_update", payloads.value(self._account) | {"user_id_update": [update]}

    def _introduce(self, handset: Handset) -> Built:
        """Let the person write from the new number, before Meta has said a word about it."""
        person, at = handset.person, self._now()
        bubble = Bubble(wamid=wamids.inbound(person.phone), text=INTRODUCTION, at=at, is_from_office=False)
        bubble.progress = Progress.DELIVERED
        handset.bubbles.append(bubble)
        handset.note_inbound(at)
        message = payloads.text(person, INTRODUCTION, at=at, wamid=bubble.wamid)
        return "messages", payloads.value(self._account, contacts=[payloads.contact(person)], messages=[message])

    def _free_number(self, phone: str) -> str:
        while True:
            fresh = f"{phone[:-6]}{secrets.randbelow(10**6):06d}"
            if fresh not in self._traffic.handsets:
                return fresh

    def _post(self, values: list[Built]) -> None:
        """Post each when the one before it was answered."""
        (field, value), *others = values
        proceed = (lambda: self._post(others)) if others else None
        time = {} if "metadata" in value else {"time": int(seconds(self._now()))}
        webhook = payloads.batch(self._account, value, field=field)
        webhook["entry"][0].update(time)
        self._courier.enqueue(webhook, proceed)


def _user_id_changed(old: Person, new: Person) -> Json:
    body = f"User {old.name} changed from {old.user_id} to {new.user_id}"
    ids = {"user_id": new.user_id, "previous_user_id": old.user_id}
    return {"system": {"type": "user_changed_user_id", "body": body, **ids}}


def _number_changed(old: Person, new: Person) -> Json:
    body = f"User {old.name} changed from {old.phone} to {new.phone}"
    ids = {"wa_id": new.phone, "user_id": new.user_id, "previous_user_id": old.user_id}
    return {"from": old.phone, "system": {"type": "user_changed_number", "body": body, **ids}}


CHANGES: dict[str, Callable[[Person, Person], Json]] = {
    "user_id_changed": _user_id_changed,
    "user_id_updated": _user_id_changed,
    "number_changed": _number_changed,
    "number_changed_late": _number_changed,
    "number_changed_unsaid": _number_changed,
}


HEARING = ("pengingat_sidang", "id")
STATUSES = {"template_rejected": "REJECTED", "template_paused": "PAUSED", "template_approved": "APPROVED"}
"""What befalls the template that reminds of hearings, as its list shows it from then on."""

OCCURRENCES: dict[str, tuple[Callable[[Scene], Built], ...]] = {
    "user_id_changed": (),
    "user_id_updated": (),
    "number_changed": (),
    "number_changed_late": (),
    "number_changed_unsaid": (),
    "identity_changed": (scenes.identity_changed,),
    "missed_call": (scenes.missed_call,),
    "call": (turns.call_rings, turns.call_ends),
    "group_message": (scenes.group_message,),
    "group_renamed": (turns.group_renamed,),
    "echo": (scenes.echo,),
    "contact_sync": (scenes.contact_sync,),
    "history": (scenes.history, scenes.history_media),
    "large_history": (scenes.large_history,),
    "history_declined": (),
    "handover": (scenes.handover,),
    "marketing_stopped": (scenes.marketing_stopped,),
    "marketing_resumed": (turns.marketing_resumed,),
    "foreign_status": (),
    "value_error": (scenes.value_error,),
    "restricted": (scenes.restricted,),
    "disabled": (turns.disabled,),
    "reinstated": (turns.reinstated,),
    "template_rejected": (scenes.template_rejected,),
    "template_paused": (turns.template_paused,),
    "template_approved": (turns.template_approved,),
    "template_reworded": (turns.template_reworded,),
    "quality_flagged": (scenes.quality_flagged,),
    "quality_restored": (turns.quality_restored,),
    "name_rejected": (scenes.name_rejected,),
    "alert": (scenes.alert,),
    "alert_over": (turns.alert_over,),
    "pin_changed": (scenes.pin_changed,),
    "field_of_tomorrow": (turns.field_of_tomorrow,),
}
"""By the name the phone page has for it, with the webhooks it comes in, one after the other."""
