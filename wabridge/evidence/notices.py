"""Legal notices as the certificate prints them: what was asked, what was offered, what came back."""

from datetime import UTC, datetime
from typing import Any

from wabridge.evidence import levels
from wabridge.evidence.account import attachment, paragraphs
from wabridge.evidence.dossier import Dossier
from wabridge.evidence.exhibits import Confirmation, Message, Notice
from wabridge.evidence.words import Words


def notices(dossier: Dossier, words: Words) -> list[dict[str, Any]]:
    """Return each notice with its text, its document, its buttons and every answer."""
    names = {person.ref: person.name for person in dossier.persons}
    return [_notice(notice, dossier, names.get(notice.person, notice.person), words) for notice in dossier.notices]


def carrier(notice: Notice, dossier: Dossier) -> Message | None:
    """Return the newest message that carried a notice: not one that reminded of it or thanked, if others are known."""
    carried = [m for m in dossier.messages if m.ref in notice.messages and m.direction == "outbound"]
    return next(reversed([m for m in carried if m.is_main] or carried), None)


def _notice(notice: Notice, dossier: Dossier, person: str, words: Words) -> dict[str, Any]:
    message = carrier(notice, dossier)
    said = [] if message is None else levels.of_message(message, words)
    return {
        "title": f"{notice.notice_id} · {notice.title}",
        "facts": _facts(notice, person, words),
        "said": [levels.of_notice(notice, words), *said],
        "text": paragraphs(notice.text),
        "document": [attachment(notice.document, words)] if notice.document else [],
        "content_sha256": notice.content_sha256,
        "buttons": [[button.title, button.id] for button in notice.buttons],
        "answers": [_answer(answer, words) for answer in notice.confirmations],
    }


def _facts(notice: Notice, person: str, words: Words) -> list[list[str]]:
    said = (
        ("person", person),
        ("author", notice.author.name),
        ("approver", notice.approver.name if notice.approver else ""),
        ("approved", words.time(notice.t_approved) if notice.t_approved else ""),
        ("wanted", words.word("wanted", notice.wanted_level)),
        ("deadline", words.time(notice.t_deadline) if notice.t_deadline else ""),
        ("carriers", ", ".join(notice.messages)),
        ("receipt", notice.receipt_number),
    )
    return [[words.plain(f"labels.{key}"), value] for key, value in said if value]


def _answer(answer: Confirmation, words: Words) -> dict[str, Any]:
    why = words.word("counts_not", answer.counts_not) or "–"
    verdict = words.plain("labels.counts") if answer.counts else words.plain("labels.counts_not", why=why)
    meta = None if answer.t_meta is None else datetime.fromtimestamp(answer.t_meta, UTC)
    by = answer.recorded_by.name if answer.recorded_by else ""
    heard = " · ".join(filter(None, (words.word("channel", answer.channel), answer.button_title, by)))
    return {
        "what": words.word("response", answer.response),
        "heard": heard,
        "meta": words.time(meta) if meta else "–",
        "ours": words.time(answer.t_received),
        "verdict": verdict,
        "text": "" if answer.text == answer.button_title else answer.text,
        "context": answer.context_id,
        "leaf": "–" if answer.leaf is None else str(answer.leaf),
    }
