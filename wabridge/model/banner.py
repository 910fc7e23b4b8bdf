"""What every inbox page says on top until it is put right."""

from datetime import datetime
from typing import Literal

import msgspec

BannerKind = Literal[
    "sandbox",
    "signatures_refused",
    "sending_paused",
    "quarantined",
    "storage_failing",
    "held_messages",
    "overdue_messages",
    "unknown_messages",
    "failed",
    "possible_match",
    "identity_changed",
    "webhooks_late",
]
Severity = Literal["info", "warning", "danger"]


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """One standing remark.

    kind chooses the words; count and since fill them in; detail is Meta's or the system's own word.
    """

    kind: BannerKind
    severity: Severity
    count: int = 0
    since: datetime | None = None
    detail: str = ""
    conversation_id: int | None = None
