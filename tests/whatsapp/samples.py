"""The payload files, one per situation and named by it."""

import json
from pathlib import Path
from typing import Any

from wabridge.model.event import (
    AccountEvent,
    Event,
    HistoryReport,
    InboundMessage,
    Item,
    KnownName,
    StatusReport,
    Unreadable,
)
from wabridge.whatsapp import payloads

FOLDER = Path(__file__).parent / "payloads"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
NUMBER = "106540352242922"
ACCOUNT = "104996122399160"


def body(name: str) -> bytes:
    """Return a file's bytes."""
    return (FOLDER / f"{name}.json").read_bytes()


def parsed(name: str) -> Any:
    """Return a file as objects; only for those that Python's json reads."""
    return json.loads(body(name))


def events(name: str) -> list[Event]:
    """Return what the items of a file say."""
    return [item.event for item in payloads.split(body(name))]


def message(name: str) -> InboundMessage:
    """Return the only event of a file, a message."""
    (event,) = events(name)
    assert isinstance(event, InboundMessage)
    return event


def first_message(name: str) -> InboundMessage:
    """Return the first event of a file, a message."""
    event = events(name)[0]
    assert isinstance(event, InboundMessage)
    return event


def status(name: str) -> StatusReport:
    """Return the only event of a file, a status."""
    (event,) = events(name)
    assert isinstance(event, StatusReport)
    return event


def account_event(name: str) -> AccountEvent:
    """Return the only event of a file, something about the account."""
    (event,) = events(name)
    assert isinstance(event, AccountEvent)
    return event


def unreadable(name: str) -> Unreadable:
    """Return the only event of a file, something that cannot be understood."""
    (event,) = events(name)
    assert isinstance(event, Unreadable)
    return event


def wamids(items: list[Item]) -> list[str | None]:
    """Return the wamid of each message, status and unreadable item."""
    return [item.event.wamid for item in items if not isinstance(item.event, AccountEvent | KnownName | HistoryReport)]
