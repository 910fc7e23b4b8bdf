"""The worklist: what waits for a person, for the page that says so and for programs."""

from datetime import timedelta

from wabridge.core import notice_lists
from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model.followup import next_step
from wabridge.model.ids import NumberId
from wabridge.model.notice_level import stand
from wabridge.model.offers import UNDELIVERED_AFTER
from wabridge.model.staff import Actor
from wabridge.model.worklist import KINDS, NoticeTask, Stop, Task, TaskKind, Worklist
from wabridge.storage import contacts, conversations, messages, numbers, quarantine, standstills, worklist
from wabridge.storage.database import Transaction
from wabridge.storage.worklist import Limits, Waiting

_NOT_LEFT: frozenset[TaskKind] = frozenset({"held", "overdue"})


async def get(office: Office, actor: Actor, *, limit: int = 100) -> Worklist:
    """Return what waits for a person; raises NotAllowed. limit: of tasks, the oldest are kept."""
    _require_read(actor)
    limits = _limits(office)

    def look(tx: Transaction) -> Worklist:
        found = [(kind, each) for kind in KINDS for each in worklist.list_kind(tx, kind, limits, limit=limit)]
        oldest = sorted(found, key=lambda each: each[1].since)[:limit]
        return _worklist(tx, office, actor, limits, _tasks(tx, office, oldest))

    return await office.database.read(look)


async def count(office: Office, actor: Actor) -> int:
    """Return how many things wait for a person; raises NotAllowed."""
    _require_read(actor)
    limits = _limits(office)
    return await office.database.read(lambda tx: _worklist(tx, office, actor, limits, ()).number)


def _worklist(tx: Transaction, office: Office, actor: Actor, limits: Limits, tasks: tuple[Task, ...]) -> Worklist:
    number_id = numbers.find(tx, office.settings.whatsapp.phone_number_id)
    stops: list[Stop] = []
    pause = None if number_id is None else numbers.get_pause(tx, number_id)
    if pause is not None:
        stops.append(Stop(since=pause.since, reason=pause.reason, code=pause.code))
    stop = None if number_id is None else standstills.find(tx, number_id)
    if stop is not None:
        stops.append(Stop(since=stop.begun_at, reason=stop.reason, by=stop.begun_by))
    return Worklist(
        tasks=tasks,
        counts={kind: worklist.count(tx, kind, limits) for kind in KINDS},
        stops=tuple(stops),
        waiting=0 if number_id is None or not stops else worklist.count_waiting(tx, number_id),
        quarantined=quarantine.count(tx) if actor.may("review_quarantine") else None,
        notices=_notices(tx),
    )


def _notices(tx: Transaction) -> tuple[NoticeTask, ...]:
    needing = notice_lists.list_needing(tx)
    people = contacts.get_many(tx, {found.contact_id for found in needing})
    tasks = []
    for found in needing:
        standing = stand(found)
        heard_at = max(event.at for event in found.events)
        tasks.append(
            NoticeTask(
                notice_id=found.id,
                number=found.number,
                title=found.version.title,
                contact=people[found.contact_id],
                level=standing.level,
                step=next_step(found, standing),
                since=(found.told.deadline_at if standing.level == "overdue" else None) or heard_at,
            )
        )
    return tuple(sorted(tasks, key=lambda task: task.since))


def _tasks(tx: Transaction, office: Office, found: list[tuple[TaskKind, Waiting]]) -> tuple[Task, ...]:
    known = {m.id: m for m in messages.get_many(tx, [each.message_id for _, each in found if each.message_id])}
    threads = {each.conversation_id for _, each in found if each.conversation_id is not None}
    wholes = conversations.find_wholes(tx, threads)
    lines = conversations.get_lines(tx, set(wholes.values()))
    ids = {each.contact_id for _, each in found} | {line.contact_id for line in lines.values()}
    people = contacts.get_many(tx, [contact_id for contact_id in ids if contact_id is not None])
    ours = numbers.find(tx, office.settings.whatsapp.phone_number_id)
    tasks = []
    for kind, waiting in found:
        message = known.get(waiting.message_id) if waiting.message_id is not None else None
        thread = None if waiting.conversation_id is None else wholes[waiting.conversation_id]
        contact_id = waiting.contact_id if thread is None else lines[thread].contact_id
        tasks.append(
            Task(
                kind=kind,
                since=waiting.since,
                conversation_id=thread,
                contact=None if contact_id is None else people[contact_id],
                message_id=waiting.message_id,
                message_kind=message.kind if message else None,
                text=message.text if message else None,
                content=message.content if message else None,
                author_name=message.author_name if message else None,
                failure_code=message.delivery.failure_code if message and message.delivery else None,
                is_stranded=kind in _NOT_LEFT and _is_stranded(tx, waiting, ours),
            )
        )
    return tuple(tasks)


def _is_stranded(tx: Transaction, waiting: Waiting, ours: NumberId | None) -> bool:
    thread = waiting.conversation_id
    return thread is not None and conversations.get(tx, thread).number_id != ours


def _limits(office: Office) -> Limits:
    now, settings = office.clock.now(), office.settings
    return Limits(
        asked_before=now - timedelta(seconds=settings.whatsapp.asking_seconds),
        late_before=now - timedelta(minutes=settings.office.late_after_minutes),
        taken_before=now - UNDELIVERED_AFTER,
    )


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
