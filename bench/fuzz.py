"""A million webhooks that nobody should send: how many get through, how fast, and whether anything is lost.

Each input goes through the door with the right signature, intake and the workers of a whole wabridge on a real database;
one in forty over the real socket. Afterwards every message id, status id and field of it must lie in an item that is done,
quarantined or foreign, and what nothing was done to must be done. One line for each violation, with the number to repeat
it alone: `python3 -m bench fuzz --seed S --only N`.
"""

import argparse
import asyncio
import logging
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.fuzzing import books, damages
from bench.fuzzing.damages import Input
from bench.fuzzing.road import Caught, Road, open_road

_GENERATION = 4000
"""So many inputs share one database; then a new one is begun, so that none grows large."""
_AT_ONCE = 200
_MOST_LINES = 40
_SOCKET_EVERY = 40
_VISIT_EVERY = 25


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", type=int, help="repeat one input and say what became of it")


@dataclass
class _Sums:
    """What was seen so far."""

    inputs: int = 0
    bodies: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    violations: int = 0


async def measure(options: argparse.Namespace) -> int:
    """Print a line a generation and for each violation; returns 1 if there was one."""
    caught = Caught()
    log = logging.getLogger("wabridge")
    log.addHandler(caught)
    log.propagate = False
    try:
        sums = await _run(options)
    finally:
        log.removeHandler(caught)
        log.propagate = True
    _print(sums, caught)
    return 1 if sums.violations else 0


async def _run(options: argparse.Namespace) -> _Sums:
    sums, begun = _Sums(), time.monotonic()
    for numbers in _generations(options):
        if time.monotonic() - begun > options.minutes * 60:
            break
        inputs = {number: damages.make(options.seed, number) for number in numbers}
        wrong = await _generation(inputs, sums, tells=options.only is not None)
        sums.violations += len(wrong)
        for violation in wrong[:_MOST_LINES]:
            print(
                f"VIOLATION seed {options.seed} inputs {numbers.start} to {numbers.stop - 1}: {violation}", flush=True
            )
        sums.inputs += len(inputs)
        spent = time.monotonic() - begun
        print(
            f"{sums.inputs} inputs, {sums.bodies} bodies, {sums.inputs / spent:.0f} inputs/s, "
            f"{sums.violations} violations, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
            flush=True,
        )
    return sums


def _generations(options: argparse.Namespace) -> Iterator[range]:
    if options.only is not None:
        yield range(options.only, options.only + 1)
        return
    end = options.first + (400 if options.small else options.inputs)
    for start in range(options.first, end, _GENERATION):
        yield range(start, min(start + _GENERATION, end))


async def _generation(inputs: dict[int, Input], sums: _Sums, *, tells: bool) -> list[str]:
    """Send these through one installation and return what is wrong afterwards."""
    async with open_road() as road:
        wrong = await _send(road, inputs)
        try:
            await road.settle()
        except BaseException as fault:  # noqa: BLE001 - whatever a worker raised is what is looked for
            return [*wrong, f"a worker ended: {fault!r}"]
        rows = await road.office.database.read(books.list_rows)
        for row in rows:
            sums.states[f"{row.kind} {row.state}"] += 1
            sums.reasons[row.reason] += row.state == "quarantined"
            if tells:
                print(row.state, row.kind, row.pointer, row.reason, row.payload.decode()[:300])
        wrong += await asyncio.to_thread(_compare, inputs, rows)
        wrong += await road.office.database.read(books.missing)
        for path in await road.office.database.read(lambda tx: books.places_to_visit(tx, every=_VISIT_EVERY)):
            if (status := await road.visit(path)) != 200:
                wrong.append(f"{path} is answered {status}")
        sums.statuses += road.statuses
        sums.bodies += sum(len(each.bodies) for each in inputs.values())
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


def _compare(inputs: dict[int, Input], rows: Iterable[books.Row]) -> list[str]:
    found, wrong, messages = books.compare(rows)
    for number, each in inputs.items():
        for body in each.bodies:
            if lost := books.things(body) - found:
                wrong.append(f"{number}: lost {b' '.join(sorted(lost)).decode()}")
        wrong += [f"{number}: {loss}" for loss in books.lost_siblings(each.intact, messages)]
    return wrong


def _print(sums: _Sums, caught: Caught) -> None:
    print("states:", dict(sums.states.most_common()))
    print("in quarantine because:", dict(sums.reasons.most_common(30)))
    print("answers over the socket and of pages:", dict(sums.statuses))
    print("faults of ours, caught within their item:", dict(caught.faults) or "none")
    kept = "kept" if not sums.violations else "BROKEN"
    print(f"{kept} {sums.violations} violations in {sums.inputs} inputs: nothing lost, nothing escaped, no 5xx")
