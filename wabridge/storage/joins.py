"""Two contacts that are one person: one is read as part of the other, and can be taken out again.

Messages stay in the conversation they were stored in; both are shown as one thread, and what comes from now on is
stored in the thread of the whole. What came while they were joined stays there when they are taken apart.
"""

from wabridge.model.contact import Contact
from wabridge.model.ids import ContactId, ConversationId, NumberId
from wabridge.storage import conversations, queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros

_sql = queries.load("joins")


def join_found(tx: Transaction, one: Contact, other: Contact) -> tuple[ContactId, tuple[ConversationId, ...]]:
    """Join two contacts where the office knows more of the person, and return which it is, and what changed."""
    whole, part = sorted((one, other), key=lambda contact: (contact.standing == "lead", contact.id))
    return whole.id, join(tx, part.id, into=whole.id)


def join(tx: Transaction, contact_id: ContactId, *, into: ContactId) -> tuple[ConversationId, ...]:
    """Let a contact be read as part of another one, and return the conversations that changed."""
    binds = {"contact_id": contact_id, "into": into}
    changed: list[ConversationId] = []
    for row in tx.all(_sql["list_conversations"], {"contact_id": contact_id}):
        began = from_micros(row["last_activity_at"])
        whole = conversations.ensure(tx, NumberId(row["number_id"]), contact_id=into, now=began)
        part = {"conversation_id": row["id"], "into": whole}
        for step in ("join_conversation__whole", "join_conversation__part", "join_conversation__notifications"):
            tx.run(_sql[step], part)
        changed += [ConversationId(row["id"]), whole]
    for step in ("adopt_name", "move_identities", "move_alerts", "join_contact"):
        tx.run(_sql[step], binds)
    return tuple(changed)


def list_joined(tx: Transaction, contact_id: ContactId) -> list[ContactId]:
    """Return the contacts that are read as part of this one."""
    return [ContactId(row["id"]) for row in tx.all(_sql["list_joined"], {"contact_id": contact_id})]


def separate(tx: Transaction, contact_id: ContactId) -> tuple[ConversationId, ...]:
    """Take a contact out of the one it was joined to, and return the conversations that changed; none if it was not."""
    row = tx.one(_sql["find_joined"], {"contact_id": contact_id})
    if row is None or row["joined_to"] is None:
        return ()
    whole = ContactId(row["joined_to"])
    tx.run(_sql["separate_contact"], {"contact_id": contact_id})
    for step in ("separate_identities", "separate_alerts"):
        tx.run(_sql[step], {"contact_id": contact_id, "whole": whole})
    parts = [ConversationId(row["id"]) for row in tx.all(_sql["separate_conversations"], {"contact_id": contact_id})]
    remaining = [ConversationId(row["id"]) for row in tx.all(_sql["list_conversations"], {"contact_id": whole})]
    for conversation_id in (*parts, *remaining):
        conversations.set_preview(tx, conversation_id)
    return (*parts, *remaining)
