"""Items of stored webhooks as papers of a bundle: each alone, and a whole webhook only if it concerns nobody else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from wabridge.core.papers import Papers, Shown
from wabridge.evidence import commitment
from wabridge.model.ids import EventId, WebhookId
from wabridge.model.source import Original, Reading
from wabridge.storage import exhibits
from wabridge.storage.database import Transaction
from wabridge.storage.exhibits import ItemRow

Reader = Callable[[bytes, Iterable[str]], Reading]
"""Cuts items out of a webhook: this room does not read Meta's JSON."""

OTHERS = "may_concern_others"
NOT_THE_ITEM = "not_comparable"


class Item(NamedTuple):
    """An item with its papers. path: of its bytes, "" if they cannot be cut out; parts: what opens its leaf.

    is_exact: these are the very bytes, not canonical JSON.
    """

    row: ItemRow
    path: str
    headers_path: str
    body_path: str
    is_exact: bool
    parts: dict[str, Shown]


class Webhooks(NamedTuple):
    """How webhooks are read, and which of them hold nothing but items that are shown."""

    read: Reader
    whole: Mapping[WebhookId, int]


def show(tx: Transaction, papers: Papers, webhooks: Webhooks, wanted: Mapping[EventId, str]) -> dict[EventId, Item]:
    """Put items into the bundle, by event. wanted: the ref of the message that each is shown with."""
    rows: dict[WebhookId, list[ItemRow]] = defaultdict(list)
    for row in exhibits.list_items(tx, wanted):
        rows[row.webhook_id].append(row)
    found: dict[EventId, Item] = {}
    for webhook_id, items in rows.items():
        held = exhibits.get_body(tx, webhook_id)
        reading = webhooks.read(held.body, [row.pointer for row in items])
        ref = wanted[items[0].id]
        headers = papers.add(f"raw/w{webhook_id}.headers.json", held.headers, "headers", item=ref)
        body = ""
        if reading.items is not None and reading.items == webhooks.whole.get(webhook_id):
            body = papers.add(f"raw/w{webhook_id}.body", held.body, "body", item=ref)
        for row in items:
            original = reading.originals.get(row.pointer, Original(None, None))
            found[row.id] = _show(papers, row, original, ref=wanted[row.id], headers=headers, body=body)
    return found


def _show(papers: Papers, row: ItemRow, original: Original, *, ref: str, headers: str, body: str) -> Item:
    path = ""
    exact, canonical = original
    if exact is not None:
        path = papers.add(f"raw/{ref}.e{row.id}.item", exact, "item", item=ref)
    elif canonical is not None:
        path = papers.add(f"raw/{ref}.e{row.id}.canonical.json", canonical, "item_canonical", item=ref)
    parts = {
        "item": _opened(papers, row, original, path, ref=ref),
        "body": Shown(body) if body else Shown(withheld=OTHERS),
    }
    return Item(row, path, headers, body, exact is not None, parts)


def _opened(papers: Papers, row: ItemRow, original: Original, path: str, *, ref: str) -> Shown:
    """Return what opens the commitment to an item: it was made over canonical JSON, or over what is no JSON."""
    exact, canonical = original
    if exact is not None and commitment.digest(exact) == row.item_digest:
        return Shown(path)
    if canonical is not None and commitment.digest(canonical) == row.item_digest:
        return Shown(papers.add(f"raw/{ref}.e{row.id}.canonical.json", canonical, "item_canonical", item=ref))
    return Shown(withheld=NOT_THE_ITEM)
