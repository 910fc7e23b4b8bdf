"""Webhooks made by hand, for what the pretend Meta would never send by itself."""

from datetime import UTC, datetime
from typing import Any

from tests.journeys.site import SITI
from wabridge.sandbox import payloads
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.payloads import Json


def message(
    meta: PretendMeta, words: str, *, phone: str = SITI, at: datetime | None = None, wamid: str | None = None
) -> Json:
    """Compose one text message of a person."""
    return payloads.text(meta.handset(phone).person, words, at=at or datetime.now(UTC), wamid=wamid)


def webhook(meta: PretendMeta, *messages: Any, phone: str = SITI) -> Json:
    """Compose the webhook that carries one person's messages."""
    return payloads.message_webhook(meta.account, meta.handset(phone).person, *messages)


def body(meta: PretendMeta, *messages: Any, phone: str = SITI) -> bytes:
    """Return the bytes of such a webhook."""
    return payloads.encode(webhook(meta, *messages, phone=phone))
