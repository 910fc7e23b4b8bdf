"""Every measurement runs in its small size, so that none rots; what it promises is checked, its speed is not."""

import asyncio
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


async def _measure(name: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench", name, "--small", cwd=_PROJECT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


async def test_five_rounds_of_kill_lose_and_double_nothing() -> None:
    """After five kills under load both books agree: nothing lost, nothing doubled, nothing mis-stated."""
    printed = await _measure("kill")
    assert "BROKEN" not in printed
    assert printed.count("kept") == 9


async def test_four_hundred_spoiled_webhooks_lose_nothing() -> None:
    """Whatever is done to webhooks, every item ends in a named state, no worker ends, and nothing answers 5xx."""
    printed = await _measure("fuzz")
    assert "kept 0 violations in 400 inputs" in printed
    assert "faults of ours, caught within their item: none" in printed


async def test_a_small_storm_sends_everything_once() -> None:
    """Through every kind of answer, a kill and a restart of Meta, each message goes once or says why not."""
    printed = await _measure("storm")
    assert printed.count("kept") == 10
    assert "BROKEN" not in printed


@pytest.mark.parametrize(
    ("name", "says"),
    [("ack", "median ratio"), ("backlog", "ratio p50"), ("hops", "ratio:"), ("pace", "refused for speed: 0")],
)
async def test_a_measurement_prints_its_figure(name: str, says: str) -> None:
    """A measurement ends well and prints the figure to quote."""
    assert says in await _measure(name)


async def test_two_hundred_leaves_fit_into_one_transaction() -> None:
    """The ledger keeps the writer no longer than any worker may."""
    assert "200 leaves at once" in await _measure("ledger")


async def test_a_file_costs_the_others_nothing_and_survives_a_kill() -> None:
    """A file goes out with little memory, and one that a kill meets on its way arrives once and whole."""
    printed = await _measure("upload")
    assert "once and whole" in printed


async def test_evidence_is_handed_out_of_a_real_database_and_checks() -> None:
    """A bundle of messages that came through the door is made beside the daily work, and verify.py agrees."""
    printed = await _measure("handout")
    assert "messages gathered alone in" in printed
