"""What waits in one conversation, with what its last attempts have brought."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.delivery import Outcome, Status
from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.model.upload import OutcomeWord
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import maybe_from_micros

_sql = queries.load("waiting")


class Waiting(NamedTuple):
    """A message that waits. outcome, code, opened_at: of its last attempt, if there was one.

    opened_at: None as well if a person has decided about it since. resends: that it goes again. upload, upload_code: of
    the last handing-over of its file, if it has one.
    """

    message_id: MessageId
    number_id: NumberId
    status: Status
    not_before_at: datetime | None
    outcome: Outcome | None
    code: int | None
    opened_at: datetime | None
    has_second_try: bool
    resends: bool
    upload: OutcomeWord | None
    upload_code: int | None


def list_waiting(tx: Transaction, conversation_id: ConversationId) -> list[Waiting]:
    """Return what waits in a conversation for anything but a person's decision, in its order."""
    return [
        Waiting(
            message_id=MessageId(row["id"]),
            number_id=NumberId(row["number_id"]),
            status=row["status"],
            not_before_at=maybe_from_micros(row["not_before_at"]),
            outcome=row["outcome"],
            code=row["code"],
            opened_at=maybe_from_micros(row["opened_at"]),
            has_second_try=bool(row["has_second_try"]),
            resends=bool(row["resends"]),
            upload=row["upload_outcome"],
            upload_code=row["upload_code"],
        )
        for row in tx.all(_sql["list_waiting"], {"conversation_id": conversation_id})
    ]
