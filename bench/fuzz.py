"""A million webhooks that nobody should send: how many get through, how fast, and whether anything is lost.

Each input goes through the door with the right signature, intake and the workers of a whole wabridge on a real
database; one in forty over the real socket. Afterwards every message id, status id and field of it must lie in an item
that is done, quarantined or foreign, and what nothing was done to must be done. One line for each violation, with the
number to repeat it alone: `python3 -m bench fuzz --seed S --only N`.
"""

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from bench.fuzzing import generation
from bench.fuzzing.generation import Seen

_GENERATION = 12_000
"""So many inputs share one database and one process; then new ones are begun, so that neither grows large."""
_MOST_LINES = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", type=int, help="repeat one input and say what became of it")


async def measure(options: argparse.Namespace) -> int:
    """Print a line a generation and for each violation; returns 1 if there was one."""
    sums, begun = Seen(), time.monotonic()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, max_tasks_per_child=1, mp_context=context) as children:
        for numbers in _generations(options):
            if time.monotonic() - begun > options.minutes * 60:
                break
            seen = await _run(children, options, numbers)
            sums.add(seen)
            for violation in seen.wrong[:_MOST_LINES]:
                span = f"inputs {numbers.start} to {numbers.stop - 1}"
                print(f"VIOLATION seed {options.seed} {span}: {violation}", flush=True)
            spent = time.monotonic() - begun
            print(
                f"{sums.inputs} inputs, {sums.bodies} bodies, {sums.inputs / spent:.0f}/s, "
                f"{sums.inputs / sums.cpu_seconds:.0f} a second of one core, {len(sums.wrong)} violations, "
                f"{sums.megabytes} MB",
                flush=True,
            )
    _print(sums)
    return 1 if sums.wrong else 0


async def _run(children: ProcessPoolExecutor, options: argparse.Namespace, numbers: range) -> Seen:
    is_alone = options.only is not None
    work = children.submit(generation.run, options.seed, numbers, tells=is_alone)
    return await asyncio.wrap_future(work)


def _generations(options: argparse.Namespace) -> Iterator[range]:
    if options.only is not None:
        yield range(options.only, options.only + 1)
        return
    end = options.first + (400 if options.small else options.inputs)
    for start in range(options.first, end, _GENERATION):
        yield range(start, min(start + _GENERATION, end))


def _print(sums: Seen) -> None:
    print("states:", dict(sums.states.most_common()))
    print("in quarantine because:", dict((+sums.reasons).most_common(30)))
    print("answers over the socket and of pages:", dict(sums.statuses))
    print("faults of ours, caught within their item:", dict(sums.faults) or "none")
    kept = "BROKEN" if sums.wrong else "kept"
    print(f"{kept} {len(sums.wrong)} violations in {sums.inputs} inputs: nothing lost, nothing escaped, no 5xx")
