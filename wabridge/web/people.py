"""The words for who somebody is, as tables: identities, how they were learned, alerts, what was done."""

from wabridge.model.contact import Contact, Identity
from wabridge.model.identity import Alert
from wabridge.web import kinds
from wabridge.web.language import Msgid

IDENTITIES: dict[str, Msgid] = {
    "phone": Msgid("Phone number"),
    "user_id": Msgid("WhatsApp account"),
    "parent_user_id": Msgid("WhatsApp account (group of businesses)"),
    "username": Msgid("Username"),
}
LEARNED: dict[str, Msgid] = {
    "message": Msgid("from a message"),
    "status": Msgid("from a delivery report"),
    "system": Msgid("from a notice by WhatsApp"),
    "hand": Msgid("entered by the office"),
    "card": Msgid("from a contact card"),
}
ALERTS: dict[str, Msgid] = {
    "number_changed": Msgid("WhatsApp reports that this person changed their phone number."),
    "user_id_changed": Msgid("WhatsApp reports that this person's account changed."),
    "security_code_changed": Msgid("This person's security code changed: a new phone, or a new installation."),
    "other_account": Msgid("The known number now shows another WhatsApp account. It may have a new owner."),
    "long_silence": Msgid("The number was silent for a long time. It may have been given to somebody else meanwhile."),
    "other_number": Msgid("The known WhatsApp account now shows another phone number."),
    "number_passed_on": Msgid("This person's number now belongs to another WhatsApp account, kept as another contact."),
    "number_taken_over": Msgid("This person has a number that belonged to another contact before."),
    "keys_changed": Msgid("The keys of this person's WhatsApp changed: a new phone, or somebody else has the account."),
    "handover_refused": Msgid(
        "A notice was not handed over: the keys of this WhatsApp account are not those it was for."
    ),
    "disowned": Msgid(
        "The account answered a legal notice that it is not this person. Somebody else may have the number."
    ),
    "contradiction": Msgid("WhatsApp reports a change that does not fit what was seen before."),
}
OTHER_ALERT = Msgid("Something about who this person is has changed.")
HOW: dict[str, Msgid] = {
    "call": Msgid("Yes, by calling a number known from before"),
    "visit": Msgid("Yes, face to face"),
    "other": Msgid("Yes, in another way"),
}
MADE_SURE: dict[str, Msgid] = {
    "call": Msgid("{name} made sure by calling, {when}."),
    "visit": Msgid("{name} made sure face to face, {when}."),
    "other": Msgid("{name} made sure in another way, {when}."),
}
DONE: dict[str, Msgid] = {
    "named": Msgid("Name set: {detail}"),
    "made_lead": Msgid("Made a prospective client"),
    "made_client": Msgid("Made a client"),
    "made_former": Msgid("Made a former client"),
    "made_other": Msgid("Made another contact"),
    "added_phone": Msgid("Phone number added: {detail}"),
    "saved_card": Msgid("Saved from a contact card"),
    "wrote_first": Msgid("The office wrote to them first"),
    "made_sure": Msgid("Made sure who it is"),
    "joined_contacts": Msgid("Joined with another contact"),
    "separated_contacts": Msgid("Separated from another contact"),
}
SAVED = Msgid("Saved.")


def alert(said: Alert) -> Msgid:
    """Return what has changed, in a sentence."""
    return ALERTS.get(said.kind, OTHER_ALERT)


def shown(identity: Identity) -> str:
    """Return an identity as people read it."""
    return f"@{identity.value}" if identity.kind == "username" else kinds.whatsapp_number(identity.value)


def value(said: str) -> str:
    """Return a value of an alert as people read it."""
    return kinds.whatsapp_number(said)


def newest_first(contact: Contact) -> list[Identity]:
    """Return what leads to a contact, what is in use first, then what was, each newest first."""

    def order(identity: Identity) -> tuple[bool, bool, float]:
        return not identity.is_here, identity.is_replaced, -identity.last_seen_at.timestamp()

    return sorted(contact.identities, key=order)
