"""Meta's rate to many people, and what one person in back-off and one call that hangs cost the others.

80 messages a second are queued for 80 people, in turns: alone, and beside a person whom Meta calls too fast again and
again and another whose call never ends. The delay is from the API's 202 to the pretend Meta's receipt.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench import books
from bench.house import House, account, free_port
from wabridge.sandbox import answers
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta

_PER_SECOND = 80
_QUIET_SECONDS = 120.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--seconds", type=int, default=15, help="length of one turn")


async def measure(options: argparse.Namespace) -> int:
    """Print a line a turn; returns 1 if Meta refused anything for its speed, or something was not sent."""
    seconds, people = (2, 20) if options.small else (options.seconds, _PER_SECOND)
    broken = 0
    for name, is_troubled in (("alone", False), ("beside one in back-off and one that hangs", True)):
        with tempfile.TemporaryDirectory() as folder:
            broken += await _turn(Path(folder), name, seconds, people, is_troubled=is_troubled)
    return 1 if broken else 0


async def _turn(folder: Path, name: str, seconds: int, people: int, *, is_troubled: bool) -> int:
    behaviour = Behaviour.instant()
    behaviour.limit_speed()
    meta = PretendMeta(account(), behaviour=behaviour)
    await meta.start()
    house = House.make(folder / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    meta.callback_url = f"{house.url}/webhook"
    await house.start()
    try:
        token = await house.token()
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
            return await _load(session, house, meta, name, seconds, people, is_troubled=is_troubled)
    finally:
        await meta.stop()
        await house.kill()


async def _load(
    session: aiohttp.ClientSession,
    house: House,
    meta: PretendMeta,
    name: str,
    seconds: int,
    people: int,
    *,
    is_troubled: bool,
) -> int:
    phones = [f"62812{n:08d}" for n in range(people)]
    slow, hung = "6281399999901", "6281399999902"
    for phone in (*phones, slow, hung):
        meta.client_writes(phone, f"Person {phone[-3:]}", "Halo")
    await meta.drain(_QUIET_SECONDS)
    await books.until_known(house, session, people + 2)
    if is_troubled:
        meta.answers_to(slow).extend([answers.graph_error(400, 131056)] * 20)
        meta.answers_to(hung).append(answers.hang_before_accepting())
        for phone in (slow, hung):
            await _queue(session, house, phone, f"{phone} in trouble")
    queued = await _queue_evenly(session, house, phones, seconds)
    async with asyncio.timeout(_QUIET_SECONDS):
        await meta.wait_until(lambda: _taken(meta) >= len(queued), _QUIET_SECONDS)
    return _tell(name, meta, queued)


async def _queue_evenly(
    session: aiohttp.ClientSession, house: House, phones: list[str], seconds: int
) -> dict[str, datetime]:
    """Queue the same number of messages in each second, and return when each was answered 202."""
    queued: dict[str, datetime] = {}

    async def one(phone: str, text: str) -> None:
        await _queue(session, house, phone, text)
        queued[text] = datetime.now(UTC)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number in range(len(phones) * seconds):
            await asyncio.sleep(max(begun + number / len(phones) - time.perf_counter(), 0))
            phone = phones[number % len(phones)]
            tasks.create_task(one(phone, f"{phone} {number:05d}"))
    return queued


async def _queue(session: aiohttp.ClientSession, house: House, phone: str, text: str) -> None:
    url = f"{house.url}/api/v1/messages"
    async with session.post(url, json={"to": "+" + phone, "text": text}) as response:
        response.raise_for_status()


def _taken(meta: PretendMeta) -> int:
    return sum("trouble" not in message.text for message in meta.accepted)


def _tell(name: str, meta: PretendMeta, queued: dict[str, datetime]) -> int:
    taken = {message.text: message.accepted_at for message in meta.accepted if message.text in queued}
    delays = sorted((taken[text] - at).total_seconds() for text, at in queued.items())
    span = (max(taken.values()) - min(taken.values())).total_seconds()
    throttled = sum(meta.throttled.values())
    print(
        f"{name:42} {(len(taken) - 1) / span:5.1f}/s   p50 {delays[len(delays) // 2] * 1e3:6.1f} ms   "
        f"p99 {delays[int(len(delays) * 0.99)] * 1e3:6.1f} ms   refused for speed: {throttled}",
        flush=True,
    )
    return throttled + (len(meta.accepted) != len({message.text for message in meta.accepted}))
