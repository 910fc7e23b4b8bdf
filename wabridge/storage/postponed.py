"""Large webhooks that the watermark has passed and that are not wholly cut yet: they wait while anything live does."""

from collections.abc import Iterable

from wabridge.model.ids import WebhookId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros
from wabridge.storage.journal import Webhook

_sql = queries.load("postponed")


def add_many(tx: Transaction, webhook_ids: Iterable[WebhookId]) -> None:
    """Let webhooks wait; one that waits already stays where it is."""
    tx.run_many(_sql["add_many"], [(webhook_id,) for webhook_id in webhook_ids])


def find_oldest(tx: Transaction) -> Webhook | None:
    """Return the webhook that has waited longest."""
    row = tx.one(_sql["find_oldest"])
    return None if row is None else Webhook(WebhookId(row["id"]), from_micros(row["arrived_at"]), row["body"])


def remove(tx: Transaction, webhook_id: WebhookId) -> None:
    """Say that a webhook is wholly cut."""
    tx.run(_sql["remove"], (webhook_id,))
