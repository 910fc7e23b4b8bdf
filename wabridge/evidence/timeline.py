"""The timeline as the certificate prints it: every event in words, in the order in which the office learned of it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wabridge.evidence.dossier import Dossier
from wabridge.evidence.exhibits import Actor, Event
from wabridge.evidence.words import Words
from wabridge.model.staff import OPERATOR_NAME

_SAME = {"replied": "recorded", "resent": "resend", "closed": "close"}
"""What people did is written down beside what became of it, in the same moment: one line of the timeline says both."""


class Told(NamedTuple):
    """An event with all its leaves: those of what is the same, told once, are its own."""

    event: Event
    leaves: tuple[int, ...]


def timeline(dossier: Dossier, words: Words) -> dict[str, Any]:
    """Return every event of the notices and main messages, in the order in which the office learned of them."""
    carried = {ref for notice in dossier.notices for ref in notice.messages}
    answered = {each.wamid for notice in dossier.notices for each in notice.confirmations if each.wamid}
    lines = [
        (told.event.t_received, number, told.event.seq, message.ref, told)
        for number, message in enumerate(dossier.messages)
        if message.is_main or message.ref in carried or message.wamid in answered
        for told in tell_once(message.events)
    ]
    lines += [
        (told.event.t_received, -1, told.event.seq, notice.notice_id, told)
        for notice in dossier.notices
        for told in tell_once(notice.events)
    ]
    lines.sort(key=lambda line: line[:3])
    rows = [_line(number, ref, told, words) for number, (*_, ref, told) in enumerate(lines, start=1)]
    intro = words.say("text.timeline", zone=dossier.report.zone)
    return {"intro": intro, "rows": rows, "elsewhere": words.plain("text.timeline_elsewhere")}


def tell_once(events: Iterable[Event]) -> list[Told]:
    """Return events with what is the same beside them taken in: written down as an act, and as what became of it."""
    every = list(events)
    places = {(_name(event), event.t_received): n for n, event in enumerate(every)}
    told = {n: Told(event, () if event.leaf is None else (event.leaf,)) for n, event in enumerate(every)}
    for n, event in enumerate(every):
        same = _SAME.get(event.title) if event.event == "note" and not event.details else None
        into = None if same is None else places.get((same, event.t_received))
        if into is not None:
            taken = told.pop(n)
            told[into] = Told(told[into].event, tuple(sorted({*told[into].leaves, *taken.leaves})))
    return list(told.values())


def what(event: Event, words: Words) -> str:
    """Return in words what happened."""
    if event.happened == "answered" and event.verdict:
        # Whoever it was: what is objected to is no answer of the recipient's.
        return words.word("answered", "not_counted" if event.objection else event.verdict)
    if event.happened:
        return words.word("happened", event.happened)
    if event.event == "note":
        return words.word("done", event.title)
    return words.word("event", event.event)


def remarks(event: Event, words: Words) -> Iterator[str]:
    """Yield what else is to be said of an event."""
    title = "" if event.event == "note" else event.title
    title = words.word("relation", title) if event.event == "other" else title
    details = words.word("reason", " ".join(event.details.splitlines()))
    if event.code is not None or title or details:
        yield " ".join(part for part in (str(event.code or ""), title, details) if part)
    if event.happened:
        yield from _of_notice(event, words)
    if event.actor is not None:
        yield name_of(event.actor, words)
    if event.repeats:
        yield words.plain("labels.repeats", count=event.repeats, time=words.time(event.t_repeated))
    if event.is_doubtful:
        yield words.plain("labels.doubtful")
    if event.is_backfilled:
        yield words.plain("labels.backfilled")


def name_of(actor: Actor, words: Words) -> str:
    """Return who did something: a rule of the office's has no name of a person."""
    return words.plain("labels.by_rule") if actor.kind == "rule" else named(actor.name, words)


def named(name: str, words: Words) -> str:
    """Return a name as it is printed: whoever works at the command line has none of their own."""
    return words.plain("labels.by_operator") if name == OPERATOR_NAME else name


def _of_notice(event: Event, words: Words) -> Iterator[str]:
    """Yield what an event of a notice says beside its name: how, what, and why it does not count."""
    if event.means:
        yield words.word("channel", event.means)
    is_answer = event.happened == "recorded" or (event.happened == "answered" and event.objection)
    if is_answer and event.verdict:
        yield words.word("response", event.verdict)
    if event.happened == "escalated" and event.verdict:
        yield words.word("worry", event.verdict)
    if event.objection:
        known = words.get("counts_not")
        yield known.get(event.objection) or words.plain("labels.not_queued")


def _name(event: Event) -> str:
    return event.title if event.event == "note" else event.event


def _line(number: int, ref: str, told: Told, words: Words) -> dict[str, Any]:
    event = told.event
    meta = None if event.t_meta is None else datetime.fromtimestamp(event.t_meta, UTC)
    return {
        "no": str(number),
        "ref": ref,
        "what": what(event, words),
        "meta": words.time(meta) if meta else "–",
        "meta_utc": words.utc(meta),
        "ours": words.time(event.t_received),
        "ours_utc": words.utc(event.t_received),
        "source": words.word("source", event.source),
        "leaf": ", ".join(map(str, told.leaves)) or "–",
        "notes": " · ".join(remarks(event, words)),
    }
