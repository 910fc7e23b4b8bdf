"""Sends through a pretend Meta that drops, delays, times out after accepting, throttles and restarts, with kill -9.

What must hold afterwards: every message was delivered exactly once, or is `unknown` or `failed` with its reason; after
the statuses have arrived every `unknown` whose POST reached the pretend Meta is settled; what reached one person came
in its order; nothing waits in silence.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp

from bench import books
from bench.house import House, account, free_port
from wabridge.sandbox import answers
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.graph import UNDELIVERABLE
from wabridge.sandbox.meta import PretendMeta

_EACH = 10
"""Messages to one person."""
_SETTLING_SECONDS = 8
"""Longer than a report takes on a busy machine, kills and restarts included; the office's default is two minutes."""
_QUIET_SECONDS = 300.0
_UNSURE = answers.graph_error(500, 131000).error

_FEW = 100
_CALM = 13
"""A small storm has only the first kinds of weather: the others keep somebody waiting for a minute and more."""

_WEATHER: tuple[tuple[int, Answer], ...] = (
    (60, answers.usual()),
    (6, answers.slow(0.3)),
    (2, answers.status_first()),
    (3, answers.reset_before_accepting()),
    (3, answers.reset_after_accepting()),
    (2, answers.cut_after_accepting()),
    (2, answers.html(502)),
    (2, answers.html(502, accepted=True)),
    (1, answers.empty(accepted=True)),
    (2, answers.without_id(accepted=True)),
    (1, answers.refuse(UNDELIVERABLE)),
    (1, answers.refuse(UNDELIVERABLE, also_status=True)),
    (2, answers.accept_then_fail(UNDELIVERABLE)),
    (1, answers.hang_before_accepting()),
    (1, answers.hang_after_accepting()),
    (2, answers.graph_error(500, 131000)),
    (2, Answer(error=_UNSURE)),
    (2, answers.graph_error(500, 131016)),
    (3, answers.graph_error(400, 130429)),
    (2, answers.graph_error(400, 131056)),
)
"""How often each answer comes, in parts of the whole."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--sends", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=4.0, help="seconds from one kill or restart to the next")


async def measure(options: argparse.Namespace) -> int:
    """Print one line for each promise; returns 1 if one was broken."""
    sends, every = (20, 2.0) if options.small else (options.sends, options.every)
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
            return await _Storm(house, meta, chance, sends, every).run()
    finally:
        await meta.stop()


@dataclass
class _Storm:
    """One installation, one pretend Meta, and what blows between them."""

    house: House
    meta: PretendMeta
    chance: random.Random
    sends: int
    every: float
    queued: dict[str, int] = field(default_factory=dict)
    blows: Counter[str] = field(default_factory=Counter)

    async def run(self) -> int:
        """Send everything, let it calm down, compare."""
        people = [f"62812{n:08d}" for n in range(max(self.sends // _EACH, 2))]
        self.meta.callback_url = f"{self.house.url}/webhook"
        await self.house.start()
        token = await self.house.token()
        for phone in people:
            self.meta.client_writes(phone, f"Person {phone[-3:]}", "Halo")
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
            await self._meet(session, len(people))
            self.meta.answers.extend(self._weather())
            begun = time.monotonic()
            async with asyncio.TaskGroup() as tasks:
                writing = [tasks.create_task(self._write(session, people, part)) for part in range(4)]
                await self._blow(writing)
            try:
                messages = await self._calm_down(session)
                took = time.monotonic() - begun
                health = await _health(session, self.house)
            finally:
                await self.house.stop()
        return self._compare(messages, took=took, health=health)

    def _weather(self) -> list[Answer]:
        parts, drawn = zip(*(_WEATHER if self.sends > _FEW else _WEATHER[:_CALM]), strict=True)
        return self.chance.choices(drawn, parts, k=2 * self.sends)

    async def _meet(self, session: aiohttp.ClientSession, people: int) -> None:
        """Return when everybody who wrote may be answered."""
        await self.meta.drain(60)
        await books.until_known(self.house, session, people)

    async def _write(self, session: aiohttp.ClientSession, people: list[str], part: int) -> None:
        """Queue this part's messages, each until it is answered 202; the key makes one message of many tries."""
        url = f"{self.house.url}/api/v1/messages"
        for number in range(self.sends // len(people)):
            for phone in people[part::4]:
                text = f"{phone} {number:04d}"
                body, key = {"to": "+" + phone, "text": text}, {"Idempotency-Key": text.replace(" ", "-")}
                while text not in self.queued:
                    with suppress(aiohttp.ClientConnectionError):
                        async with session.post(url, json=body, headers=key) as response:
                            if response.status < 500:
                                response.raise_for_status()
                                self.queued[text] = (await response.json())["id"]
                    await asyncio.sleep(0.02)

    async def _blow(self, writing: list[asyncio.Task[None]]) -> None:
        """Kill wabridge and restart Meta in turns, at least once each, until all is written and tried once."""
        while not self.blows or not all(task.done() for task in writing) or len(self.meta.requests) < self.sends:
            await asyncio.sleep(self.every * self.chance.uniform(0.5, 1.5))
            await self.house.kill()
            self.blows["kill -9"] += 1
            await self.house.start()
            await asyncio.sleep(self.every * self.chance.uniform(0.5, 1.5))
            await self._restart_meta()
            self.blows["restarts of Meta"] += 1

    async def _restart_meta(self) -> None:
        port = int(self.meta.base_url.rpartition(":")[2])
        await self.meta.stop()
        await asyncio.sleep(0.3)
        await self.meta.start(port=port)
        self._report_what_was_lost()

    def _report_what_was_lost(self) -> None:
        """Report what nobody has acknowledged: the real Meta keeps that over its own troubles."""
        bodies = (json.loads(body) for body in self.meta.courier.acknowledged)
        values = (change["value"] for body in bodies for entry in body["entry"] for change in entry["changes"])
        known = {status["id"] for value in values for status in value.get("statuses", ())}
        for message in self.meta.accepted:
            if message.wamid not in known:
                self.meta.emit_status(message.wamid, "sent")

    async def _calm_down(self, session: aiohttp.ClientSession) -> list[dict[str, Any]]:
        """Return all messages once nothing waits any more and everything Meta knows was reported."""
        self.meta.answers.clear()
        async with asyncio.timeout(_QUIET_SECONDS):  # the longest rests that chance may bring are within it
            while True:
                self._report_what_was_lost()
                await self.meta.drain(_QUIET_SECONDS)
                messages = await books.all_messages(self.house, session)
                waiting = [m for m in messages if m.get("status") == "pending"]
                if not waiting:
                    await asyncio.sleep(_SETTLING_SECONDS + 3)  # so long may an unknown hope for a report
                    return await books.all_messages(self.house, session)
                print(f"\r{len(waiting)} still wait   ", end="", flush=True)
                await asyncio.sleep(1)

    def _compare(self, messages: list[dict[str, Any]], *, took: float, health: dict[str, Any]) -> int:
        outbound = {m["text"]: m for m in messages if m["direction"] == "outbound"}
        copies = Counter(m["text"] for m in messages if m["direction"] == "outbound")
        reached = Counter(message.text for message in self.meta.accepted)
        order: dict[str, list[str]] = defaultdict(list)
        for message in self.meta.accepted:
            order[message.to].append(message.text)
        status = Counter(m["status"] for m in outbound.values())
        arrived = {"sent", "delivered", "read"}
        promises = {
            "messages lost or doubled here": sum(copies[text] != 1 for text in self.queued),
            "messages that reached Meta twice": sum(count > 1 for count in reached.values()),
            "said to be sent although Meta never had it": sum(
                m["status"] in arrived and not reached[text] for text, m in outbound.items()
            ),
            "unknown although Meta had it and said so": sum(
                # One attempt may stay open beside another that Meta has reported on.
                m["status"] == "unknown" and reached[text] > 0 and not m["events"]
                for text, m in outbound.items()
            ),
            "failed without a reason": sum(
                m["status"] == "failed" and not (m["delivery"]["failure"] or {}).get("code") for m in outbound.values()
            ),
            "waiting in silence": status["pending"] + sum(m["status"] not in _ENDS for m in outbound.values()),
            "out of order for one person": sum(
                earlier >= later for texts in order.values() for earlier, later in pairwise(texts)
            ),
            "refused by Meta for our speed": sum(self.meta.throttled.values()),
            "requests Meta would call malformed": len(self.meta.violations),
            "storms that did not blow": sum(not self.blows[name] for name in ("kill -9", "restarts of Meta")),
        }
        print(
            f"\r{len(self.queued)} sends in {took:.0f} s, {len(self.meta.requests)} requests, "
            f"{len(self.meta.accepted)} taken; {dict(self.blows)}; {dict(status)}; health {health['status']}"
        )
        for promise, broken in promises.items():
            print(f"{'BROKEN' if broken else 'kept':6} {broken:5}  {promise}")
        return 1 if any(promises.values()) else 0


_ENDS = frozenset({"sent", "delivered", "read", "failed", "unknown"})


async def _health(session: aiohttp.ClientSession, house: House) -> dict[str, Any]:
    async with session.get(f"{house.url}/health") as response:
        return dict(await response.json())


def _behaviour() -> Behaviour:
    behaviour = Behaviour.instant()
    behaviour.read = True
    behaviour.sent_seconds, behaviour.delivered_seconds, behaviour.read_seconds = 0.05, 0.1, 0.1
    behaviour.limit_speed()
    return behaviour
