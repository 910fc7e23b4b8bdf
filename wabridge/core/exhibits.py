"""Messages as a bundle of evidence shows them: what was written, handed over, reported and done, with the very bytes.

Rule: nothing is guessed. What is not stored stays empty, and what is not shown says why.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from wabridge.core import occurrences, originals
from wabridge.core.originals import Item, Webhooks
from wabridge.core.papers import Papers, Shown
from wabridge.core.witnesses import Witnesses
from wabridge.evidence.exhibits import Actor, Attachment, Event, Message, Submission, Template
from wabridge.model import content as contents
from wabridge.model import filenames
from wabridge.model.content import Content
from wabridge.model.delivery import Delivery
from wabridge.model.ids import ConversationId, EventId, MessageId
from wabridge.model.media import MediaFile
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import delivery, exhibits, media
from wabridge.storage.database import Transaction
from wabridge.storage.exhibits import AttemptRow, DoneRow, EchoRow, MessageRow, StatusRow, VersionRow

_ELSEWHERE = ("app", "partner")
_R = TypeVar("_R", EchoRow, VersionRow, AttemptRow, StatusRow, DoneRow)


class Plan(NamedTuple):
    """What is to be shown. refs: how each message is called in the bundle; main: those that it is about.

    persons: the refs of people, by contact; size: how many leaves of the ledger count.
    """

    refs: Mapping[MessageId, str]
    main: frozenset[MessageId]
    persons: Mapping[int, str]
    webhooks: Webhooks
    size: int
    approvers: Mapping[MessageId, Actor]


class _Rows(NamedTuple):
    """All that is stored of some messages."""

    messages: list[MessageRow]
    versions: dict[MessageId, list[VersionRow]]
    echoes: dict[MessageId, list[EchoRow]]
    attempts: dict[MessageId, list[AttemptRow]]
    statuses: dict[MessageId, list[StatusRow]]
    decisions: dict[MessageId, list[DoneRow]]
    acts: dict[MessageId, list[DoneRow]]
    files: Mapping[MessageId, Sequence[MediaFile]]
    known: Mapping[MessageId, delivery.Known]
    items: Mapping[EventId, Item]
    threads: Mapping[ConversationId, str]


def build_many(tx: Transaction, papers: Papers, plan: Plan, message_ids: Iterable[MessageId]) -> list[Message]:
    """Put messages into the bundle, and return them in the order in which they were written."""
    wanted = list(message_ids)
    rows = _read(tx, papers, plan, wanted)
    ledger = Witnesses(tx, papers, plan.size)
    for row in rows.messages:
        ledger.want("message", [row.id])
        ledger.want("message", [each.id for each in rows.echoes[row.id]])
        ledger.want("version", [each.id for each in rows.versions[row.id]])
        ledger.want("attempt", [each.id for each in rows.attempts[row.id]])
        ledger.want("answer", [each.id for each in rows.attempts[row.id]])
        ledger.want("status", [each.id for each in rows.statuses[row.id]])
        ledger.want("decision", [each.id for each in rows.decisions[row.id]])
        ledger.want("act", [each.id for each in rows.acts[row.id]])
        ledger.want("media", [each.id for each in rows.files.get(row.id, ())])
    ledger.read()
    return [_message(papers, plan, rows, ledger, row) for row in rows.messages]


def _read(tx: Transaction, papers: Papers, plan: Plan, wanted: list[MessageId]) -> _Rows:
    messages = exhibits.list_messages(tx, wanted)
    versions = exhibits.list_versions(tx, wanted)
    echoes = exhibits.list_echoes(tx, wanted)
    statuses = exhibits.list_statuses(tx, wanted)
    origins: dict[EventId, str] = {m.event_id: plan.refs[m.id] for m in messages if m.event_id is not None}
    origins |= {echo.event_id: plan.refs[echo.message_id] for echo in echoes}
    origins |= {version.event_id: plan.refs[version.message_id] for version in versions}
    origins |= {status.event_id: plan.refs[status.message_id] for status in statuses}
    conversations = {m.conversation_id for m in messages}
    threads = {each: exhibits.find_thread(tx, each) or "" for each in conversations}
    return _Rows(
        messages=messages,
        versions=_by_message(versions),
        echoes=_by_message(echoes),
        attempts=_by_message(exhibits.list_attempts(tx, wanted)),
        statuses=_by_message(statuses),
        decisions=_by_message(exhibits.list_decisions(tx, wanted)),
        acts=_by_message(exhibits.list_acts(tx, wanted)),
        files=media.find_for_messages(tx, wanted),
        known=delivery.read_many(tx, wanted),
        items=originals.show(tx, papers, plan.webhooks, origins),
        threads=threads,
    )


def _message(papers: Papers, plan: Plan, rows: _Rows, ledger: Witnesses, row: MessageRow) -> Message:
    ref = plan.refs[row.id]
    item = rows.items.get(row.event_id) if row.event_id is not None else None
    own = ledger.prove("message", row.id, item.parts if item else {}, ref=ref)
    events: list[Event] = []
    events.append(occurrences.beginning(row, item, own, is_backfilled=ledger.is_backfilled(own)))
    submissions, leaves = _submissions(papers, ledger, rows.attempts[row.id], events, ref=ref)
    leaves += _reported(rows, ledger, row, events, ref=ref)
    attachments, proved = _attachments(papers, ledger, rows.files.get(row.id, ()), ref=ref)
    leaves += (*own, *proved)
    content = None if row.content is None else contents.decode(row.content)
    known = rows.known.get(row.id)
    ordered = sorted(events, key=lambda event: event.t_received)
    return Message(
        ref=ref,
        person=plan.persons.get(row.contact_id or 0, ""),
        direction="inbound" if row.direction == "inbound" else "outbound",
        kind=row.kind,
        t_written=row.written_at,
        t_recorded=row.created_at,
        text=row.text or "",
        content=content,
        wamid=row.wamid or next((a.wamid for a in reversed(rows.attempts[row.id]) if a.wamid), ""),
        author=occurrences.author(row),
        approver=plan.approvers.get(row.id),
        template=_template(content),
        quotes=plan.refs.get(row.quoted_id, "") if row.quoted_id is not None else "",
        context_id=row.quoted_wamid or row.target_wamid or "",
        attachments=attachments,
        submissions=submissions,
        events=tuple(msgspec.structs.replace(each, seq=seq) for seq, each in enumerate(ordered, 1)),
        delivery=_delivery(row, known),
        content_sha256=_content_sha256(papers, item, rows.attempts[row.id], row),
        raw_path=item.path if item else "",
        source=row.source,
        conversation=rows.threads[row.conversation_id],
        conversation_seqs=ledger.numbers(leaves),
        leaves=tuple(sorted(leaves)),
        is_main=row.id in plan.main,
    )


def _reported(rows: _Rows, ledger: Witnesses, row: MessageRow, events: list[Event], *, ref: str) -> tuple[int, ...]:
    """Add what came of a message, and what people did about it, to its events; return the leaves."""
    leaves: tuple[int, ...] = ()
    numbers: dict[int, int] = {attempt.id: seq for seq, attempt in enumerate(rows.attempts[row.id], 1)}
    for echo in rows.echoes[row.id]:
        came = rows.items[echo.event_id]
        proved = ledger.prove("message", echo.id, came.parts, ref=ref)
        events.append(occurrences.echo(echo, came, proved))
        leaves += proved
    for version in rows.versions[row.id]:
        also = rows.items[version.event_id]
        proved = ledger.prove("version", version.id, also.parts, ref=ref)
        events.append(occurrences.version(version, also, proved))
        leaves += proved
    for status in rows.statuses[row.id]:
        report = rows.items[status.event_id]
        proved = ledger.prove("status", status.id, report.parts, ref=ref)
        events.append(occurrences.report(status, report, proved, numbers.get(status.attempt_id or 0)))
        leaves += proved
    for kind, done in (("decision", rows.decisions[row.id]), ("act", rows.acts[row.id])):
        for each in done:
            proved = ledger.prove(kind, each.id, {}, ref=ref)  # type: ignore[arg-type]  # both are kinds
            events.append(occurrences.done(each, proved))
            leaves += proved
    return leaves


def _submissions(
    papers: Papers, ledger: Witnesses, attempts: Sequence[AttemptRow], events: list[Event], *, ref: str
) -> tuple[tuple[Submission, ...], tuple[int, ...]]:
    made: list[Submission] = []
    leaves: tuple[int, ...] = ()
    for seq, attempt in enumerate(attempts, 1):
        name = f"raw/{ref}.a{seq}"
        request = papers.add(f"{name}.request", attempt.request, "request", item=ref)
        response = headers = ""
        if attempt.response is not None:
            response = papers.add(f"{name}.response", attempt.response, "response", item=ref)
        if attempt.headers is not None:
            headers = papers.add(f"{name}.response-headers.json", attempt.headers, "response_headers", item=ref)
        opened = ledger.prove("attempt", attempt.id, {"request": Shown(request)}, ref=ref)
        shown = {"response": Shown(response), "headers": Shown(headers)}
        answered = ledger.prove("answer", attempt.id, {k: v for k, v in shown.items() if v.path}, ref=ref)
        leaves += (*opened, *answered)
        events.extend(occurrences.handing_over(attempt, seq, response, answered))
        made.append(
            Submission(
                seq=seq,
                t_opened=attempt.opened_at,
                url=attempt.url,
                recipient=attempt.recipient,
                callback_data=attempt.token,
                outcome=attempt.outcome,
                request_path=request,
                request_sha256=hashlib.sha256(attempt.request).hexdigest(),
                t_settled=attempt.settled_at,
                settled_by=attempt.settled_by or "",
                reason=attempt.reason or "",
                code=attempt.code,
                http_status=attempt.status,
                response_path=response,
                response_headers_path=headers,
                wamid=attempt.wamid or "",
                trace_id=occurrences.trace_id(attempt.headers),
                leaves=(*opened, *answered),
            )
        )
    return tuple(made), leaves


def _attachments(
    papers: Papers, ledger: Witnesses, files: Sequence[MediaFile], *, ref: str
) -> tuple[tuple[Attachment, ...], tuple[int, ...]]:
    shown: list[Attachment] = []
    leaves: tuple[int, ...] = ()
    for number, file in enumerate(files, 1):
        path, parts = "", {"file": Shown(withheld="not_here")}
        is_lost = file.kept is not None and file.kept.name in papers.lost
        if file.kept is not None and file.sha256 and not is_lost:
            suffix = filenames.suffix(file.file_name) or "bin"
            path = papers.add_kept(f"media/{ref}.{number}.{suffix}", file.kept, "media", sha256=file.sha256, item=ref)
            parts = {"file": Shown(path)}
        leaves += ledger.prove("media", file.id, parts, ref=ref)
        shown.append(
            Attachment(
                file_name=file.file_name or "",
                mime_type=file.mime_type or "",
                size_bytes=file.size,
                sha256=file.sha256 or "",
                path=path,
                missing="" if path else "lost" if is_lost else file.reason or file.state,
                media_id=file.file_id or "",
                stated_sha256=file.claimed_sha256 or "",
                is_as_stated=file.is_as_claimed,
            )
        )
    return tuple(shown), leaves


def _template(content: Content | None) -> Template | None:
    body = content.body if content else None
    if not isinstance(body, TemplateMessage):
        return None
    return Template(
        name=body.name,
        language=body.language,
        text=body.approved,
        version=body.template_id or "",
        category=body.category,
    )


def _delivery(row: MessageRow, known: delivery.Known | None) -> Delivery | None:
    """Return what is known of its delivery; of what was written elsewhere only if Meta has reported anything."""
    if known is None or row.direction != "outbound":
        return None
    return known.delivery if known.events or row.author_kind not in _ELSEWHERE else None


def _content_sha256(papers: Papers, item: Item | None, attempts: Sequence[AttemptRow], row: MessageRow) -> str:
    if attempts:
        return hashlib.sha256(attempts[-1].request).hexdigest()
    if item is not None and item.path:
        return papers.sha256(item.path)
    return hashlib.sha256((row.text or "").encode()).hexdigest()


def _by_message(rows: Iterable[_R]) -> dict[MessageId, list[_R]]:
    found: dict[MessageId, list[_R]] = defaultdict(list)
    for row in rows:
        found[row.message_id].append(row)
    return found
