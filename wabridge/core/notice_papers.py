"""Legal notices as a bundle of evidence shows them: what was approved, what carried it, what answered it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from wabridge.core.exhibits import Plan
from wabridge.core.papers import Papers, Shown
from wabridge.core.witnesses import Witnesses
from wabridge.evidence.exhibits import (
    Actor,
    Attachment,
    Button,
    Confirmation,
    Event,
    EventWord,
    Message,
    Notice,
    NoticeOutcome,
    Response,
)
from wabridge.model import confirmation, filenames, notice_level
from wabridge.model import notice as notices
from wabridge.model.ids import MessageId
from wabridge.model.notice import Document, NoticeEvent, Who
from wabridge.storage import exhibits, notice_files
from wabridge.storage.database import Transaction
from wabridge.storage.witnessed import SubjectKind

_MEANINGS: dict[str, str] = {"yes": "confirmed", "question": "question", "notme": "not_me"}
_RESPONSES: dict[str, Response] = {
    "confirmed": "confirmed",
    "confirmed_late": "confirmed",
    "repeated": "confirmed",
    "question": "question",
    "not_me": "not_me",
    "refused": "refused",
    "responded": "quoted",
    "not_counted": "confirmed",
}
"""What was answered, whatever it is worth: that says `counts`."""
_ANSWERED: dict[str, EventWord] = {
    "confirmed": "confirmed",
    "confirmed_late": "confirmed",
    "question": "question",
    "not_me": "not_me",
}
"""What an answer is called in the timeline; what is not here answered, and did not count."""
_CHANNELS: dict[str, str] = {"call": "call", "visit": "visit", "letter": "post", "reply": "reply", "other": "other"}
_OUTCOMES: dict[str, NoticeOutcome] = {
    "confirmed": "confirmed",
    "confirmed_late": "confirmed_late",
    "question": "question",
    "not_me": "not_me",
    "refused": "refused",
    "overdue": "overdue",
    "failed": "failed",
    "withdrawn": "withdrawn",
}
"""What a level of the notice's own ladder is called in a report; what is not here is still open."""
_WHY_NOT = {
    "repeated": "confirmed_before",
    "question": "no_confirmation",
    "not_me": "no_confirmation",
    "refused": "no_confirmation",
    "responded": "not_read_by_staff",
}
"""Why an answer to which nothing is objected does not count as a confirmation."""
_EVENTS: dict[str, EventWord] = {
    "queued": "recorded",
    "overdue": "overdue",
    "reminded": "reminded",
    "recorded": "other_channel",
}


def approvers(found: Iterable[notices.Notice]) -> dict[MessageId, Actor]:
    """Return who approved what each message carries."""
    by_version = {approval.version_id: _actor(approval.by) for notice in found for approval in notice.approvals}
    return {
        carrier.message_id: by_version[carrier.version_id]
        for notice in found
        for carrier in notice.carriers
        if carrier.purpose == "notice" and carrier.version_id in by_version
    }


def build_many(
    tx: Transaction, papers: Papers, found: Sequence[notices.Notice], plan: Plan, messages: Iterable[Message]
) -> tuple[Notice, ...]:
    """Return notices with everything that happened to them; the messages are in the bundle already."""
    by_ref = {message.ref: message for message in messages}
    return tuple(_notice(tx, papers, each, plan, by_ref) for each in found)


def _notice(
    tx: Transaction, papers: Papers, notice: notices.Notice, plan: Plan, by_ref: Mapping[str, Message]
) -> Notice:
    version = notice.told
    approval = next((each for each in notice.approvals if each.version_id == version.id), None)
    standing = notice_level.stand(notice)
    ref = notice.number  # as evidence.json calls it
    content = papers.add(f"notices/{notice.number}.content.json", version.content, "notice_content", item=ref)
    refs = tuple(plan.refs[c.message_id] for c in notice.carriers if c.message_id in plan.refs)
    leaves = _prove(tx, papers, notice, plan, {("notice_version", version.id): {"content": Shown(content)}}, ref)
    persons = {message.person for each in refs if (message := by_ref.get(each)) is not None}
    return Notice(
        notice_id=notice.number,
        title=version.title,
        person=next(iter(persons), plan.persons.get(notice.contact_id, "")),
        text=version.text,
        document=_document(tx, papers, notice, version.document, by_ref, refs),
        content_sha256=version.sha256,
        author=_actor(version.author),
        approver=_actor(approval.by) if approval else None,
        t_approved=approval.at if approval else None,
        wanted_level=version.wanted,
        t_deadline=version.deadline_at,
        outcome=_outcome(standing),
        t_outcome=_decided_at(notice, standing),
        buttons=_buttons(notice),
        messages=refs,
        confirmations=tuple(_confirmations(tx, papers, notice, plan, by_ref)),
        events=tuple(_events(notice)),
        leaves=leaves,
    )


def _prove(
    tx: Transaction,
    papers: Papers,
    notice: notices.Notice,
    plan: Plan,
    shown: Mapping[tuple[str, int], Mapping[str, Shown]],
    ref: str,
) -> tuple[int, ...]:
    """Put the leaves of what was written, approved and sent, and of what happened to it, into the bundle."""
    ledger = Witnesses(tx, papers, plan.size)
    approvals = exhibits.list_approvals(tx, notice.id)
    wanted: tuple[tuple[SubjectKind, list[int]], ...] = (
        ("notice_version", [version.id for version in notice.versions]),
        ("notice_approval", approvals),
        ("notice_carrier", [carrier.message_id for carrier in notice.carriers]),
        ("notice_event", [event.id for event in notice.events]),
    )
    for kind, ids in wanted:
        ledger.want(kind, ids)
    ledger.read()
    return tuple(
        sorted(
            leaf
            for kind, ids in wanted
            for row_id in ids
            for leaf in ledger.prove(kind, row_id, shown.get((kind, row_id), {}), ref=ref)
        )
    )


def _deciding(notice: notices.Notice) -> Iterable[NoticeEvent]:
    """Return what makes a notice what it is: the events that count on the rung where it stands, oldest first."""
    level = notice_level.stand(notice).level
    return [event for event in notice.counting if notice_level.level_of(notice, event) == level]


def _decided_at(notice: notices.Notice, standing: notice_level.Standing) -> datetime | None:
    """Return when it came out so, by the clock of whoever tells."""
    if standing.is_contradicted:
        return None
    if _outcome(standing) == "closed":
        return next(event.at for event in notice.counting if event.kind == "closed")
    return min((event.happened_at or event.at for event in _deciding(notice)), default=None)


def _outcome(standing: notice_level.Standing) -> NoticeOutcome:
    if standing.is_contradicted:
        return "disputed"
    if standing.level in _OUTCOMES:
        return _OUTCOMES[standing.level]
    if standing.reach is None:
        return "not_sent"
    if standing.is_overdue:
        return "overdue"
    if standing.is_enough:
        return "reached"
    return "closed" if standing.is_closed else "open"


def _buttons(notice: notices.Notice) -> tuple[Button, ...]:
    nonce = notice.nonce
    if nonce is None:
        return ()
    titles = notices.TITLES[notice.told.language]
    return tuple(
        Button(id=confirmation.build_button(notice.id, nonce, choice), title=titles[choice], meaning=_MEANINGS[choice])
        for choice in notices.CHOICES
    )


def _confirmations(
    tx: Transaction, papers: Papers, notice: notices.Notice, plan: Plan, by_ref: Mapping[str, Message]
) -> Iterable[Confirmation]:
    counting = {event.id for event in notice.counting}
    deciding = {event.id for event in _deciding(notice)}
    answers = [event for event in notice.events if event.kind in ("answered", "recorded")]
    for seq, event in enumerate(answers, 1):
        message = by_ref.get(plan.refs.get(event.message_id, "")) if event.message_id is not None else None
        is_recorded = event.kind == "recorded"
        yield Confirmation(
            seq=seq,
            response=_RESPONSES.get(event.word or "", "other_channel"),
            channel=_CHANNELS[event.means or "other"] if is_recorded else _channel(message),
            t_received=event.at,
            counts=event.id in deciding and notice_level.level_of(notice, event) in notice_level.CONFIRMED,
            decides=event.id in deciding,
            t_meta=None if event.happened_at is None or is_recorded else int(event.happened_at.timestamp()),
            counts_not="corrected"
            if event.id not in counting
            else event.objection or _WHY_NOT.get(event.word or "", ""),
            happened_at=event.happened_at if is_recorded else None,
            button_title=event.note if not is_recorded else "",
            context_id=message.context_id if message else "",
            wamid=message.wamid if message else "",
            text=event.note or (message.text if message else ""),
            document_sha256=notice.told.document.sha256 if notice.told.document else "",
            recorded_by=_actor(event.by) if is_recorded else None,
            raw_path=message.raw_path if message else "",
            attachments=() if event.document is None else (_file(tx, papers, notice, event.document),),
            leaf=message.leaves[-1] if message and message.leaves else None,
        )


def _channel(message: Message | None) -> str:
    return "button" if message is not None and message.kind in ("interactive", "button") else "reply"


def _events(notice: notices.Notice) -> Iterable[Event]:
    for seq, event in enumerate(notice.events, 1):
        yield Event(
            seq=seq,
            event=_event_word(event),
            source="staff" if event.by.kind == "staff" else "office",
            t_received=event.at,
            details=" · ".join(filter(None, (event.reference, event.note))),
            actor=_actor(event.by),
            happened=event.kind,
            means=event.means or "",
            verdict=event.word or "",
            objection=event.objection or "",
        )


def _event_word(event: NoticeEvent) -> EventWord:
    if event.kind == "answered":
        return _ANSWERED.get(event.word or "", "answered")
    return _EVENTS.get(event.kind, "note")


def _document(
    tx: Transaction,
    papers: Papers,
    notice: notices.Notice,
    document: Document | None,
    by_ref: Mapping[str, Message],
    refs: Iterable[str],
) -> Attachment | None:
    """Return the document: the bytes that were sent are the same, and stand in the bundle once."""
    if document is None:
        return None
    sent = [a for each in refs if (message := by_ref.get(each)) for a in message.attachments]
    same = next((a for a in sent if a.path and a.sha256 == document.sha256), None)
    if same is not None:
        return msgspec.structs.replace(same, file_name=document.name)
    return _file(tx, papers, notice, document)


def _file(tx: Transaction, papers: Papers, notice: notices.Notice, file: Document) -> Attachment:
    """Put a file of the notice itself into the bundle."""
    kept = notice_files.get(tx, notice.id, file.file_id)
    suffix = filenames.suffix(file.name) or "bin"
    path, ref = f"notices/{notice.number}.{file.file_id}.{suffix}", notice.number
    is_lost = kept.name in papers.lost
    return Attachment(
        file_name=file.name,
        mime_type=file.mime_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        path="" if is_lost else papers.add_kept(path, kept, "media", sha256=file.sha256, item=ref),
        missing="lost" if is_lost else "",
    )


def _actor(who: Who) -> Actor:
    return Actor(kind=who.kind, name=who.name)
