"""Where a message came from: each item of a stored webhook that made it what it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from wabridge.model.event import EventKind
from wabridge.model.ids import EventId, WebhookId

Part = Literal["shown", "replaced", "conflicting", "status"]
"""What an item is to its message: what is shown, what was shown before, what contradicts it, a report on it."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One item in a stored webhook. pointer: RFC 6901. body: the whole webhook, which may concern others too.

    digest: SHA-256 of the body, as it was taken at the door.
    """

    event_id: EventId
    part: Part
    kind: EventKind
    webhook_id: WebhookId
    pointer: str
    arrived_at: datetime
    digest: bytes
    body: bytes


class Original(NamedTuple):
    """One item of a webhook. exact: its very bytes, if they can be cut out; canonical: the same as sorted JSON."""

    exact: bytes | None
    canonical: bytes | None


class Reading(NamedTuple):
    """What a webhook says at some places, by pointer. items: how many items it has in all, whosever they are.

    items is None if it names, or may name, somebody beside those places. numbers: how Meta writes the office's numbers
    that it is about, as digits, by their ids; told only where nothing else was asked for.
    """

    originals: dict[str, Original]
    items: int | None
    numbers: Mapping[str, str]
