"""Messages on their way out: queued, waiting, held, withdrawn. The table is the queue."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model import pacing
from wabridge.model.content import Content, decode, encode, target_wamid
from wabridge.model.delivery import Status
from wabridge.model.ids import ContactId, ConversationId, MessageId, NumberId
from wabridge.model.message import HoldReason
from wabridge.model.outcome import LONGEST_PAUSE
from wabridge.model.staff import Actor, ActorKind
from wabridge.storage import ledger, queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("outbox")


class OutboundRow(NamedTuple):
    """A message as it is queued. text: its words, also those above buttons; content: what it says beside them."""

    conversation_id: ConversationId
    number_id: NumberId
    text: str | None
    author: Actor
    quoted_wamid: str | None = None
    undo_until: datetime | None = None
    """So long its author may take it back before it leaves."""
    kind: str = "text"
    """Meta's type word."""
    content: Content | None = None
    part_of: MessageId | None = None
    """The first part, of a further part of a text that was too long for one message."""
    queued_with: MessageId | None = None
    """The first message of those that the same request queued."""


class State(NamedTuple):
    """Where an outbound message stands."""

    conversation_id: ConversationId
    kind: str
    status: Status
    hold: HoldReason | None
    tries: int
    resends: bool = False
    """A person decided to send it again, and that is still to happen."""
    contact_id: ContactId | None = None


class Ready(NamedTuple):
    """The next message of a conversation; its status is unknown for a second try, or where it goes again.

    resends: a person decided so. author_role: None if the author, or whoever decided, has been shut out since.
    """

    id: MessageId
    conversation_id: ConversationId
    number_id: NumberId
    status: Status
    resends: bool
    contact_id: ContactId
    kind: str
    text: str | None
    content: Content | None
    quoted_wamid: str | None
    author_kind: ActorKind
    author_role: str | None
    waited_from_at: datetime
    window_opened_at: datetime | None


class Companion(NamedTuple):
    """One message of those that the same request queued. text: also under a file; is_part: a further part of a text."""

    message_id: MessageId
    text: str
    kind: str
    status: Status
    is_part: bool


class Held(NamedTuple):
    """A message that now waits for a person's decision."""

    id: MessageId
    conversation_id: ConversationId


class Idempotent(NamedTuple):
    """The message that a key has made."""

    message_id: MessageId
    conversation_id: ConversationId
    body_hash: bytes


def add_outbound(tx: Transaction, row: OutboundRow, *, now: datetime) -> MessageId:
    """Queue a message; it is pending from now on."""
    stored = tx.one(
        _sql["add_outbound"],
        {
            "conversation_id": row.conversation_id,
            "number_id": row.number_id,
            "kind": row.kind,
            "text": row.text,
            "content": None if row.content is None else encode(row.content),
            "target_wamid": target_wamid(row.content),
            "quoted_wamid": row.quoted_wamid,
            "part_of": row.part_of,
            "queued_with": row.queued_with,
            "author_kind": row.author.kind,
            "author_id": row.author.id,
            "author_name": row.author.name,
            "now": to_micros(now),
            "undo_until": maybe_to_micros(row.undo_until),
        },
    )
    assert stored is not None, "an insert returns its row"
    ledger.append(tx, Entry("wa.send", Subject("message", stored["id"])))
    return MessageId(stored["id"])


def find_conversation(tx: Transaction, number_id: NumberId, *, contact_id: ContactId) -> ConversationId | None:
    """Return the thread with a contact on a number, if there is one."""
    row = tx.one(_sql["find_conversation"], {"number_id": number_id, "contact_id": contact_id})
    return None if row is None else ConversationId(row["id"])


def find_state(tx: Transaction, message_id: MessageId) -> State | None:
    """Return where a message stands, None if there is no such outbound message."""
    row = tx.one(_sql["find_state"], {"message_id": message_id})
    if row is None:
        return None
    return State(
        conversation_id=ConversationId(row["conversation_id"]),
        kind=row["kind"],
        status=row["status"],
        hold=row["hold"],
        tries=row["tries"],
        resends=bool(row["resends"]),
        contact_id=row["contact_id"],
    )


def list_further(tx: Transaction, message_id: MessageId) -> tuple[MessageId, ...]:
    """Return what was queued together with a message, behind it, in order."""
    return tuple(MessageId(row["id"]) for row in tx.all(_sql["list_further"], {"message_id": message_id}))


def list_together(tx: Transaction, message_id: MessageId) -> list[Companion]:
    """Return every message that the same request queued as this one, itself too, in order."""
    return [
        Companion(
            message_id=MessageId(row["id"]),
            text=row["text"] or "",
            kind=row["kind"],
            status=row["status"],
            is_part=row["part_of"] is not None,
        )
        for row in tx.all(_sql["list_together"], {"message_id": message_id})
    ]


def find_broken(tx: Transaction, message_id: MessageId) -> MessageId | None:
    """Return the last earlier part of its text that keeps a message waiting, if one does."""
    row = tx.one(_sql["find_broken"], {"message_id": message_id})
    return None if row is None or row["id"] is None else MessageId(row["id"])


def is_behind_gap(tx: Transaction, message_id: MessageId) -> bool:
    """Say whether an earlier part of a message's text did not go for certain, and nobody has let that pass."""
    return tx.one(_sql["is_behind_gap"], {"message_id": message_id}) is not None


def let_part_go(tx: Transaction, message_id: MessageId, *, through: MessageId) -> None:
    """Let a part go although earlier ones did not, the last of them the one named."""
    tx.run(_sql["let_part_go"], {"message_id": message_id, "through_id": through})


def is_waiting_for(tx: Transaction, contact_id: ContactId) -> bool:
    """Say whether messages to a contact, or to those who are joined to it, have not been handed over yet."""
    return tx.one(_sql["is_waiting_for"], {"contact_id": contact_id}) is not None


def is_waiting_in(tx: Transaction, conversation_id: ConversationId) -> bool:
    """Say whether something in a conversation, or in what was joined to it, goes now or later without a decision."""
    return tx.one(_sql["is_waiting_in"], {"conversation_id": conversation_id}) is not None


def list_ready(
    tx: Transaction,
    number_id: NumberId,
    *,
    now: datetime,
    settled_before: datetime,
    may_try_again: bool = True,
    limit: int,
) -> list[ConversationId]:
    """Return the conversations in which a message may go now; never one that is read as part of another.

    settled_before: an unknown attempt opened later than this keeps its conversation waiting. may_try_again: whether
    second tries may go; if not, they keep theirs waiting.
    """
    binds = {
        "number_id": number_id,
        "now": to_micros(now),
        "settled_before": to_micros(settled_before),
        "longest_rest": to_micros(now + pacing.LONGEST_REST),
        "longest_pause": to_micros(now + LONGEST_PAUSE),
        "may_try_again": may_try_again,
        "limit": limit,
    }
    return [ConversationId(row["conversation_id"]) for row in tx.all(_sql["list_ready"], binds)]


def find_ready(
    tx: Transaction,
    conversation_id: ConversationId,
    *,
    now: datetime,
    settled_before: datetime,
    may_try_again: bool = True,
) -> Ready | None:
    """Return the message of a conversation, or of what was joined to it, that may go now; none of a paused number."""
    binds = {
        "conversation_id": conversation_id,
        "now": to_micros(now),
        "settled_before": to_micros(settled_before),
        "longest_rest": to_micros(now + pacing.LONGEST_REST),
        "longest_pause": to_micros(now + LONGEST_PAUSE),
        "may_try_again": may_try_again,
    }
    row = tx.one(_sql["find_ready"], binds)
    if row is None:
        return None
    return Ready(
        id=MessageId(row["id"]),
        conversation_id=ConversationId(row["conversation_id"]),
        number_id=NumberId(row["number_id"]),
        status=row["status"],
        resends=bool(row["resends"]),
        contact_id=ContactId(row["contact_id"]),
        kind=row["kind"],
        text=row["text"],
        content=None if row["content"] is None else decode(row["content"]),
        quoted_wamid=row["quoted_wamid"],
        author_kind=row["author_kind"],
        author_role=row["author_role"],
        waited_from_at=from_micros(row["waited_from_at"]),
        window_opened_at=maybe_from_micros(row["window_opened_at"]),
    )


def set_failed(tx: Transaction, message_id: MessageId, *, code: int, details: str) -> None:
    """Give up on a message that was not handed over."""
    tx.run(_sql["set_failed"], {"message_id": message_id, "code": code, "details": details})


def postpone(tx: Transaction, message_id: MessageId, *, not_before: datetime) -> None:
    """Count a failed try and let the next one wait."""
    tx.run(_sql["postpone"], {"message_id": message_id, "not_before": to_micros(not_before)})


def hold_late(
    tx: Transaction, number_id: NumberId, *, waiting_since: datetime, conversation_id: ConversationId | None = None
) -> list[Held]:
    """Hold what has waited since before that time, and what was queued behind it; of one conversation, or of all."""
    binds = {
        "number_id": number_id,
        "conversation_id": conversation_id,
        "waiting_since": to_micros(waiting_since),
    }
    rows = tx.all(_sql["hold_late"], binds)
    return [Held(MessageId(row["id"]), ConversationId(row["conversation_id"])) for row in rows]


def hold_all(tx: Transaction) -> int:
    """Hold everything that waits, and return how much it is."""
    return tx.run(_sql["hold_all"])


def release(tx: Transaction, message_id: MessageId, *, now: datetime) -> bool:
    """Let a message go on as if queued now, held or not; False if it does not wait."""
    return tx.run(_sql["release"], {"message_id": message_id, "now": to_micros(now)}) > 0


def cancel(tx: Transaction, message_id: MessageId) -> bool:
    """Withdraw a message; False if it is or may have been handed over."""
    return tx.run(_sql["cancel"], {"message_id": message_id}) > 0


def withdraw_resend(tx: Transaction, message_id: MessageId) -> bool:
    """Take back that a message goes again that may have gone; False if nobody said so or it has begun."""
    return tx.run(_sql["withdraw_resend"], {"message_id": message_id}) > 0


def find_idempotent(tx: Transaction, scope: str, key: str, *, since: datetime) -> Idempotent | None:
    """Return what a key has made since then."""
    row = tx.one(_sql["find_idempotent"], {"scope": scope, "key": key, "since": to_micros(since)})
    if row is None:
        return None
    return Idempotent(MessageId(row["message_id"]), ConversationId(row["conversation_id"]), row["body_hash"])


def add_idempotent(
    tx: Transaction, scope: str, key: str, *, body_hash: bytes, message_id: MessageId, now: datetime
) -> None:
    """Remember what a key has made."""
    binds = {"scope": scope, "key": key, "body_hash": body_hash, "message_id": message_id, "now": to_micros(now)}
    tx.run(_sql["add_idempotent"], binds)


def forget_idempotent(tx: Transaction, *, before: datetime) -> None:
    """Forget keys from before that time."""
    tx.run(_sql["forget_idempotent"], {"before": to_micros(before)})
