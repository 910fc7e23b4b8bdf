"""Some thousand inputs through one installation, in a process of their own, and what is wrong afterwards."""

import asyncio
import logging
import resource
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from bench.fuzzing import books, damages, whereabouts
from bench.fuzzing.damages import Input
from bench.fuzzing.road import Caught, Road, open_road

_AT_ONCE = 1000
_ROWS = 2000
_SOCKET_EVERY = 40
_VISIT_EVERY = 25


@dataclass
class Seen:
    """What was seen of some inputs. faults: of ours, caught within their item; wrong: a sentence for each violation."""

    inputs: int = 0
    bodies: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    megabytes: int = 0
    cpu_seconds: float = 0.0

    def add(self, other: "Seen") -> None:
        """Take over what was seen of others."""
        self.inputs += other.inputs
        self.bodies += other.bodies
        for mine, theirs in ((self.states, other.states), (self.reasons, other.reasons), (self.faults, other.faults)):
            mine.update(theirs)
        self.statuses.update(other.statuses)
        self.wrong += other.wrong
        self.megabytes = max(self.megabytes, other.megabytes)
        self.cpu_seconds += other.cpu_seconds


def run(seed: int, numbers: range, *, tells: bool = False) -> Seen:
    """Send these inputs through an installation of their own. tells: say what became of each item."""
    caught = Caught()
    log = logging.getLogger("wabridge")
    log.addHandler(caught)
    log.propagate = False
    seen = Seen(inputs=len(numbers))
    try:
        inputs = {number: damages.make(seed, number) for number in numbers}
        seen.wrong = asyncio.run(_go_through(inputs, seen, tells=tells))
    finally:
        log.removeHandler(caught)
        log.propagate = True
    seen.faults = caught.faults
    used = resource.getrusage(resource.RUSAGE_SELF)
    seen.megabytes = used.ru_maxrss // 1024
    seen.cpu_seconds = used.ru_utime + used.ru_stime
    return seen


async def _go_through(inputs: dict[int, Input], seen: Seen, *, tells: bool) -> list[str]:
    """Send these through one installation and return what is wrong afterwards."""
    async with open_road() as road:
        wrong = await _send(road, inputs)
        try:
            await road.settle()
        except BaseException as fault:  # noqa: BLE001 - whatever a worker raised is what is looked for
            return [*wrong, f"a worker ended: {fault!r}"]
        wrong += await _compare(road, inputs, seen, tells=tells)
        wrong += await road.office.database.read(books.list_unkept)
        wrong += await road.office.database.read(whereabouts.list_homeless)
        for path in await road.office.database.read(lambda tx: books.places_to_visit(tx, every=_VISIT_EVERY)):
            if (status := await road.visit(path)) != 200:
                wrong.append(f"{path} is answered {status}")
        seen.statuses += road.statuses
        seen.bodies += sum(len(each.bodies) for each in inputs.values())
        return wrong


async def _send(road: Road, inputs: dict[int, Input]) -> list[str]:
    """Hand the inputs in, most of them directly; an input of several bodies keeps their order."""
    wrong: list[str] = []
    numbers = list(inputs)
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        for turn in range(max(len(inputs[number].bodies) for number in part)):
            waiting = {number: inputs[number].bodies[turn] for number in part if turn < len(inputs[number].bodies)}
            by_socket = {number: waiting.pop(number) for number in list(waiting) if number % _SOCKET_EVERY == 0}
            wrong += [f"the door raised {fault!r}" for fault in await road.hand_in(list(waiting.values()))]
            for number, body in by_socket.items():
                if (status := await road.post(body)) != 200:
                    wrong.append(f"{number}: the socket answered {status}")
    return wrong


async def _compare(road: Road, inputs: dict[int, Input], seen: Seen, *, tells: bool) -> list[str]:
    """Hold all that became of the inputs against what they hold."""
    kept, last = books.Books(), 0
    while rows := await road.office.database.read(partial(books.list_rows, after=last, limit=_ROWS)):
        last = rows[-1].id
        for row in rows:
            seen.states[f"{row.kind} {row.state}"] += 1
            seen.reasons[row.reason] += row.state == "quarantined"
            if tells:
                print(row.state, row.kind, row.pointer, row.reason, row.payload.decode()[:300])
        await asyncio.to_thread(kept.enter, rows)
    return await asyncio.to_thread(_miss, inputs, kept)


def _miss(inputs: dict[int, Input], kept: books.Books) -> list[str]:
    wrong = kept.wrong
    for number, each in inputs.items():
        for body in each.bodies:
            if lost := books.things(body) - kept.found:
                wrong.append(f"{number}: lost {b' '.join(sorted(lost)).decode()}")
        wrong += [f"{number}: {loss}" for loss in books.lost_siblings(each.intact, kept.messages)]
    return wrong
