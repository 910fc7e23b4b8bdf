"""Rounds of kill -9 under load, then a comparison of the books.

Inbound, outbound and statuses run at once, and the program is started again after each kill.

What must hold afterwards: every webhook that was answered 200 is stored exactly once; no message reached the pretend
Meta twice; after its statuses have arrived every `unknown` whose POST had reached the pretend Meta is settled, and
only those it never got stay unknown; no accepted API call is lost.
"""

import argparse
import asyncio
import itertools
import json
import random
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench import books
from bench.house import House, account, free_port
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta

_PEOPLE = 40
_PEOPLE_PER_ROUND = 8
"""So many that nobody gets more than WhatsApp takes for one person in the time there is."""
_SETTLING_SECONDS = 2
_QUIET_SECONDS = 90.0
_STILL_SECONDS = 45.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)


@dataclass
class _Books:
    """What the outside saw: the texts the clients wrote, and the replies that were answered 202."""

    written: dict[str, str] = field(default_factory=dict)
    queued: dict[str, int] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)


async def measure(options: argparse.Namespace) -> int:
    """Print one line for each promise; returns 1 if one was broken."""
    rounds = 5 if options.small else options.rounds
    chance = random.Random(options.seed)  # repeatable, not secret
    meta = PretendMeta(account(), behaviour=_behaviour())
    await meta.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            house = House.make(
                Path(folder) / "house",
                port=free_port(),
                api_url=meta.base_url,
                account=meta.account,
                settling_seconds=_SETTLING_SECONDS,
            )
            return await _rounds(house, meta, rounds, chance)
    finally:
        await meta.stop()


class _Siege:
    """One installation under load from all sides."""

    def __init__(self, house: House, meta: PretendMeta, token: str, *, people: int) -> None:
        self._house = house
        self._meta = meta
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._people = [f"62812{n:08d}" for n in range(people)]
        self._numbers = itertools.count()
        self.books = _Books()

    async def begin(self) -> None:
        """Let everybody write once, so that every window is open."""
        for phone in self._people:
            self._write(phone)
        await self._meta.drain(30)

    async def one_round(self, seconds: float) -> None:
        """Load it and kill it in the middle."""
        if self._house.process is None:
            await self._house.start()
        async with aiohttp.ClientSession(headers=self._bearer) as session, asyncio.TaskGroup() as tasks:
            load = [tasks.create_task(self._people_write())]
            load += [tasks.create_task(self._office_replies(session)) for _ in range(4)]
            await asyncio.sleep(seconds)
            await self._house.kill()
            for task in load:
                task.cancel()

    async def _people_write(self) -> None:
        for phone in itertools.cycle(self._people):
            self._write(phone)
            await asyncio.sleep(0.01)

    def _write(self, phone: str) -> None:
        text = f"inbound {next(self._numbers)}"
        self.books.written[self._meta.client_writes(phone, f"Person {phone[-3:]}", text)] = text

    async def _office_replies(self, session: aiohttp.ClientSession) -> None:
        """Send replies as fast as they are answered; a call without an answer is repeated by nobody here."""
        while True:
            number = next(self._numbers)
            text = f"outbound {number}"
            self.books.offered.add(text)
            body = {"to": "+" + self._people[number % len(self._people)], "text": text}
            headers = {"Idempotency-Key": f"reply-{number}"}
            with suppress(aiohttp.ClientError):
                async with session.post(f"{self._house.url}/api/v1/messages", json=body, headers=headers) as response:
                    if response.status == 202:
                        self.books.queued[text] = (await response.json())["id"]
            await asyncio.sleep(0.005)


async def _rounds(house: House, meta: PretendMeta, rounds: int, chance: random.Random) -> int:
    meta.callback_url = f"{house.url}/webhook"
    await house.start()
    token = await house.token()
    siege = _Siege(house, meta, token, people=max(_PEOPLE, _PEOPLE_PER_ROUND * rounds))
    await siege.begin()
    for number in range(rounds):
        await siege.one_round(chance.uniform(0.2, 1.2))
        print(f"\rround {number + 1} of {rounds}", end="", flush=True)
    print()
    await house.start()
    try:
        await meta.drain(_QUIET_SECONDS)
        return await _compare(house, meta, siege.books, token)
    finally:
        await house.stop()


async def _compare(house: House, meta: PretendMeta, books: _Books, token: str) -> int:
    """Hold the office's books against the pretend Meta's."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        messages = await _settled(house, session, set(books.written.values()))
    inbound = Counter(m["text"] for m in messages if m["direction"] == "inbound")
    outbound = {m["text"]: m for m in messages if m["direction"] == "outbound"}
    copies = Counter(m["text"] for m in messages if m["direction"] == "outbound")
    reached = Counter(message.text for message in meta.accepted)
    answered = {m["id"] for body in meta.courier.acknowledged for m in _messages_of(body)}
    status = Counter(m["status"] for m in outbound.values())
    unsettled = [t for t, m in outbound.items() if m["status"] == "unknown" and reached[t]]
    astray = [t for t, m in outbound.items() if m["status"] in {"sent", "delivered", "read"} and not reached[t]]
    promises = {
        "webhooks answered 200 and not stored exactly once": sum(
            inbound[books.written[wamid]] != 1 for wamid in answered
        ),
        "messages from clients missing or doubled": sum(inbound[text] != 1 for text in books.written.values()),
        "replies that reached Meta twice": sum(count > 1 for count in reached.values()),
        "replies answered 202 and lost or doubled": sum(copies[text] != 1 for text in books.queued),
        "unknown although Meta had it": len(unsettled),
        "said to be sent although Meta never had it": len(astray),
        "still pending": status["pending"],
        "requests Meta would call malformed": len(meta.violations),
        "kinds of load that never got through": sum(not load for load in (answered, books.queued, meta.accepted)),
    }
    print(
        f"inbound {len(books.written)}, replies {len(books.queued)} of {len(books.offered)} answered, "
        f"{len(meta.accepted)} reached Meta; {dict(status)}"
    )
    for promise, broken in promises.items():
        print(f"{'BROKEN' if broken else 'kept':6} {broken:5}  {promise}")
    return 1 if any(promises.values()) else 0


async def _settled(house: House, session: aiohttp.ClientSession, written: set[str]) -> list[dict[str, Any]]:
    """Return all messages once nothing is on its way any more: what was answered 200 is filed a little later.

    What is still missing or pending when nothing has changed for long is missing for good.
    """
    before, changed_at = -1, time.monotonic()
    while True:
        messages = await books.all_messages(house, session)
        moving = sum(m.get("status") == "pending" for m in messages) + len(written - {m["text"] for m in messages})
        if not moving or time.monotonic() - changed_at > _STILL_SECONDS:
            return messages
        if moving != before:
            before, changed_at = moving, time.monotonic()
        await asyncio.sleep(0.5)


def _messages_of(body: bytes) -> list[dict[str, Any]]:
    changes = [change for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return [message for change in changes for message in change["value"].get("messages", [])]


def _behaviour() -> Behaviour:
    behaviour = Behaviour.instant()
    behaviour.read = True
    behaviour.sent_seconds, behaviour.delivered_seconds, behaviour.read_seconds = 0.05, 0.1, 0.1
    return behaviour
