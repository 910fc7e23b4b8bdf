"""The conversation as the certificate prints it, message by message."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wabridge.evidence import contents, levels
from wabridge.evidence.dossier import Dossier
from wabridge.evidence.exhibits import Attachment, Message, Submission
from wabridge.evidence.glyphs import is_right_to_left
from wabridge.evidence.timeline import name_of, remarks, tell_once, what
from wabridge.evidence.words import Words

_LONG, _LONG_LINES = 600, 8
"""A longer message may run over the end of a page."""


def conversation(dossier: Dossier, words: Words) -> dict[str, Any]:
    """Return every message with its text, files, signals and places in the ledger."""
    names = {person.ref: person.name for person in dossier.persons}
    by_wamid = {message.wamid: message for message in dossier.messages if message.wamid}
    messages = [_message(message, names, by_wamid, words) for message in dossier.messages]
    return {"intro": words.plain("text.conversation"), "messages": messages, "note": words.plain("text.withheld_body")}


def paragraphs(text: str) -> list[dict[str, Any]]:
    """Return a text line by line, each with the direction it is written in."""
    return [{"t": line, "rtl": is_right_to_left(line)} for line in text.splitlines()]


def attachment(file: Attachment, words: Words) -> dict[str, str]:
    """Return a file of a message with its name, size and checksums."""
    size = "" if file.size_bytes is None else f"{file.size_bytes:,} B".replace(",", " ")
    stated = ""
    if file.stated_sha256:
        same = "as_stated" if file.is_as_stated else "not_as_stated"
        stated = f"{words.plain('labels.stated')}: {words.plain(f'labels.{same}')}"
    missing = words.plain("labels.files_missing", why=words.word("missing", file.missing)) if file.missing else ""
    about = " · ".join(part for part in (file.mime_type, size, stated, missing) if part)
    return {"name": file.file_name or "–", "about": about, "sha256": file.sha256}


def _message(message: Message, names: dict[str, str], by_wamid: Mapping[str, Message], words: Words) -> dict[str, Any]:
    outbound = message.direction == "outbound"
    person = names.get(message.person, message.person)
    author = name_of(message.author, words) if message.author else ""
    office = words.plain("labels.from_office")
    who = (
        f"{', '.join(filter(None, (office, author)))} → {person or '–'}" if outbound else f"{person or '–'} → {office}"
    )
    return {
        "ref": message.ref,
        "outbound": outbound,
        "main": message.is_main,
        "long": len(message.text) > _LONG or message.text.count("\n") > _LONG_LINES,
        "who": who,
        "time": words.time(message.t_written),
        "utc": words.utc(message.t_written),
        "quotes": f"{words.plain('labels.quotes')} {message.quotes}" if message.quotes else "",
        "text": paragraphs(message.text),
        "content": [] if message.withheld else contents.lines(message, by_wamid, words),
        "withheld": words.plain("labels.withheld", why=message.withheld) if message.withheld else "",
        "files": [attachment(file, words) for file in message.attachments],
        "signals": _signals(message, words) if outbound else "",
        "said": levels.of_message(message, words) if outbound and _needs_sentences(message) else [],
        "attempts": [line for line in (_attempt(each, words) for each in message.submissions) if line],
        "marks": _marks(message, words),
    }


def _needs_sentences(message: Message) -> bool:
    """Say whether the signals alone could mislead, or the report is about this message."""
    known = message.delivery
    if message.is_main or known is None:
        return True
    return known.conflict or known.twice or known.status in ("failed", "unknown", "pending", "cancelled")


def _signals(message: Message, words: Words) -> str:
    """Return Meta's signals in one line, by Meta's clock where it named one."""
    said = []
    for event, _ in tell_once(message.events):
        if event.event != "recorded":
            at = event.t_received if event.t_meta is None else datetime.fromtimestamp(event.t_meta, UTC)
            notes = "".join(f" ({note})" for note in remarks(event, words))
            said.append(f"{what(event, words)} {words.time(at)}{notes}")
    if message.delivery is not None and message.delivery.delivered_is_implied:
        said.append(f"{words.word('event', 'delivered')}: {words.plain('labels.implied')}")
    return "  ·  ".join(said)


def _attempt(attempt: Submission, words: Words) -> str:
    """Return a line for an attempt that went otherwise than the usual way."""
    if attempt.outcome == "accepted" and attempt.seq == 1:
        return ""
    said = (
        words.word("event", attempt.outcome),
        words.word("reason", attempt.reason),
        f"HTTP {attempt.http_status or '–'}",
    )
    return f"{words.plain('labels.attempts')} {attempt.seq}, {words.time(attempt.t_opened)}: " + " · ".join(
        filter(None, said)
    )


def _marks(message: Message, words: Words) -> str:
    leaves = ", ".join(map(str, message.leaves)) or "–"
    return f"{words.plain('labels.leaves')} {leaves}" + (f"  ·  {message.wamid}" if message.wamid else "")
