"""Gathers everything that a bundle of evidence says, a few hundred messages at a time.

Rule 1: nothing is told that the scope does not hold; of the rest only how much it is. Rule 2: all of it is read below
one head of the ledger, so that proofs and facts belong together.
"""

import asyncio
import hashlib
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

from wabridge import __version__
from wabridge.core import anchoring, exhibits, notice_papers, originals, proofs, scopes, surroundings
from wabridge.core.exhibits import Plan
from wabridge.core.office import Office
from wabridge.core.originals import Reader, Webhooks
from wabridge.core.papers import Papers
from wabridge.core.scopes import Contents
from wabridge.core.surroundings import Missing
from wabridge.errors import NotFound, TooMuchToExport
from wabridge.evidence import dossier, sentences
from wabridge.evidence.dossier import Custody, Dossier, Report
from wabridge.evidence.exhibits import Actor, Message
from wabridge.model.export import MOST_MESSAGES, Export, Scope
from wabridge.model.ids import ConversationId, MessageId
from wabridge.storage import contacts, extents
from wabridge.storage import exhibits as rows
from wabridge.storage.checkpoints import Head
from wabridge.storage.database import Transaction
from wabridge.storage.exports import Requested

AT_ONCE = 200
"""So many messages are read in one go."""
_LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"


class Gathered(NamedTuple):
    """A dossier with the papers that its files are taken from.

    has_moved: while it was gathered something came to the same conversations that its head of the ledger does not hold.
    """

    dossier: Dossier
    papers: Papers
    has_moved: bool


class _Frame(NamedTuple):
    """What is known before the first message is read."""

    contents: Contents
    plan: Plan
    persons: Mapping[int, dossier.Person]
    from_at: datetime
    conversations: frozenset[ConversationId]


async def gather(
    office: Office, requested: Requested, head: Head, read: Reader, *, lost: frozenset[str] = frozenset()
) -> Gathered:
    """Return the dossier of an export below a head of the ledger; lost: files of the vault that cannot be read.

    Raises NotFound if its scope holds nothing, and TooMuchToExport.
    """
    roots = await asyncio.to_thread(_read_roots, office)
    papers = Papers(lost)
    export, database = requested.export, office.database
    frame = await database.read(lambda tx: _frame(tx, export, head, read))
    found: list[Message] = []
    wanted = frame.contents.message_ids
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found += await database.read(partial(_build, papers=papers, plan=frame.plan, message_ids=some))
    return await database.read(
        lambda tx: _finish(
            tx, office, requested=requested, head=head, frame=frame, messages=found, papers=papers, roots=roots
        )
    )


def _read_roots(office: Office) -> Sequence[x509.Certificate]:
    """Return what timestamps lead to; without an authority of the office's nobody's roots are wanted."""
    return anchoring.read_trust(office.settings).roots if office.settings.anchors.timestamp_urls else ()


def _frame(tx: Transaction, export: Export, head: Head, read: Reader) -> _Frame:
    contents = scopes.read(tx, export.scope)
    if not contents.message_ids and not contents.notices:
        raise NotFound("nothing in this scope")
    if len(contents.message_ids) > MOST_MESSAGES:
        raise TooMuchToExport("it has grown since it was asked for")
    whole = rows.list_whole(tx, contents.message_ids)
    messages = rows.list_messages(tx, contents.message_ids)
    seen = {row.contact_id for row in messages if row.contact_id is not None}
    about = {contacts.find_whole(tx, notice.contact_id) for notice in contents.notices}
    shown = (row for row in messages if row.id in contents.main or row.conversation_id in contents.runs)
    about |= {row.contact_id for row in shown if row.contact_id is not None}
    persons = surroundings.build_persons(tx, about, strangers=seen - about, size=head.size)
    refs = {message_id: f"P-{number:04}" for number, message_id in enumerate(contents.message_ids, 1)}
    plan = Plan(
        refs=refs,
        main=contents.main,
        persons={contact_id: person.ref for contact_id, person in persons.items()},
        webhooks=Webhooks(read, whole),
        size=head.size,
        approvers=notice_papers.approvers(contents.notices),
    )
    begun = min((row.created_at for row in messages), default=export.requested_at)
    since = min([begun, *(notice.created_at for notice in contents.notices)])
    conversations = {row.conversation_id for row in messages} | {each.conversation_id for each in contents.notices}
    return _Frame(contents, plan, persons, since, frozenset(conversations))


def _build(tx: Transaction, *, papers: Papers, plan: Plan, message_ids: tuple[MessageId, ...]) -> list[Message]:
    return exhibits.build_many(tx, papers, plan, message_ids)


def _finish(
    tx: Transaction,
    office: Office,
    *,
    requested: Requested,
    head: Head,
    frame: _Frame,
    messages: list[Message],
    papers: Papers,
    roots: Sequence[x509.Certificate],
) -> Gathered:
    export, language = requested.export, requested.export.language
    notices = notice_papers.build_many(tx, papers, frame.contents.notices, frame.plan, messages)
    threads = proofs.read_runs(tx, papers, frame.contents, frame.plan, size=head.size)
    outside = proofs.read_anchors(tx, papers, head, roots)
    until = office.clock.now()
    return Gathered(
        Dossier(
            format=dossier.FORMAT,
            report=_report(office, requested, until, frame),
            sender=surroundings.build_sender(tx, office, frame.plan.webhooks.read),
            persons=tuple(frame.persons.values()),
            notices=notices,
            messages=tuple(messages),
            system=surroundings.build_system(
                tx, office, language, from_at=frame.from_at, until_at=until, size=head.size
            ),
            ledger=proofs.build_ledger(tx, head, threads, outside),
            left_out=surroundings.list_left_out(_missing(tx, frame, export.scope, messages, papers), language),
            custody=Custody(t_exported=until, exported_by=_actor(requested), handed_to=export.handed_to),
            files=tuple(papers.files),
            checkpoint=head.note,
            openings=tuple(papers.openings),
            leaves=proofs.prove_leaves(tx, papers, size=head.size),
            consistency=proofs.prove_anchors(tx, outside, head),
        ),
        papers,
        has_moved=rows.has_moved(tx, frame.conversations, size=head.size),
    )


def _missing(tx: Transaction, frame: _Frame, scope: Scope, messages: list[Message], papers: Papers) -> Missing:
    """Count what the bundle does not hold, as it has come out."""
    around = extents.count_around(tx, frame.contents.runs, from_at=scope.from_at, until_at=scope.until_at)
    shown = frame.contents.message_ids
    return Missing(
        is_shared=any(opening.withheld == originals.OTHERS for opening in papers.openings),
        before=around.earlier,
        after=around.later,
        beside=0 if frame.contents.runs else extents.count_beside(tx, shown),
        files=sum(bool(file.missing) for message in messages for file in message.attachments),
        unsent=frame.contents.unsent,
        outside=frame.contents.outside,
    )


def _report(office: Office, requested: Requested, now: datetime, frame: _Frame) -> Report:
    export, actor = requested.export, _actor(requested)
    zone = zoneinfo.ZoneInfo(office.settings.office.timezone)
    local = now.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    matters = {notice.told.matter for notice in frame.contents.notices if notice.told.matter}
    return Report(
        report_id=export.number,
        t_created=now,
        created_by=actor,
        purpose=export.reason,
        requested_by=export.actor_name,
        scope=export.scope.kind,
        language=export.language,
        zone=local.tzname() or "UTC",
        utc_offset_minutes=offset // timedelta(minutes=1),
        classification=sentences.say("classification", export.language),
        software="wabridge",
        version=__version__,
        commit="",
        lock_sha256=_lock_sha256(),
        matter=export.scope.matter or ", ".join(sorted(matters)),
        t_from=export.scope.from_at or frame.from_at,
        t_until=export.scope.until_at or now,
        handed_to=export.handed_to,
    )


def _actor(requested: Requested) -> Actor:
    actor = requested.actor
    return Actor(kind=actor.kind, name=actor.name, role=actor.role)


def _lock_sha256() -> str:
    try:
        return hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    except OSError:
        return ""
