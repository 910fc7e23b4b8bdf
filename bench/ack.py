"""Durable answers: wabridge's door beside a bare aiohttp handler that only checks the signature.

Both run as servers on one core with the load on the other, in turns. wabridge's workers run as in production: what it
answers is committed, and is being split, stored and indexed meanwhile. The ratio is the figure to quote.
"""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench import load
from bench.house import House, account, free_port
from wabridge.sandbox import payloads
from wabridge.sandbox.account import Account

_WORK_OFF_SECONDS = 600.0

_BARE = """
import hashlib, hmac, sys
from aiohttp import web
SECRET = sys.argv[2].encode()
async def take(request):
    body = await request.read()
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    good = hmac.compare_digest(expected, request.headers.get("X-Hub-Signature-256", ""))
    return web.Response(status=200 if good else 401)
application = web.Application()
application.router.add_post("/webhook", take)
web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs of the load."""
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one turn")
    parser.add_argument("--turns", type=int, default=3, help="turns of each server")
    parser.add_argument("--connections", type=int, default=32)


async def measure(options: argparse.Namespace) -> int:
    """Print a line a turn and the median ratio; returns 1 if anything was refused."""
    seconds, turns = (0.5, 1) if options.small else (options.seconds, options.turns)
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, cores[1:])
    ratios, refused = [], 0
    for turn in range(turns):
        bare = await _bare(cores[:1], seconds, options.connections, turn)
        ours = await _wabridge(cores[:1], seconds, options.connections, turn)
        ratios.append(ours.requests_per_second / bare.requests_per_second)
        refused += bare.refused + ours.refused
        _print("bare handler", bare)
        _print("wabridge", ours)
        print(f"ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}   (floor 0.35, aim 0.50)   not answered 200: {refused}")
    return 1 if refused else 0


def _print(name: str, result: load.Result) -> None:
    print(
        f"{name:13} {result.requests_per_second:7.0f}/s   "
        f"p50 {result.p50 * 1e3:6.2f} ms   p99 {result.p99 * 1e3:6.2f} ms"
    )


async def _bare(cores: list[int], seconds: float, connections: int, turn: int) -> load.Result:
    meta, port = account(), free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _BARE, str(port), meta.app_secret)
    os.sched_setaffinity(process.pid, cores)
    try:
        await _listening(port)
        return await load.run(port, _requests(meta, turn), connections=connections, seconds=seconds)
    finally:
        process.kill()
        await process.wait()


async def _wabridge(cores: list[int], seconds: float, connections: int, turn: int) -> load.Result:
    meta = account()
    with tempfile.TemporaryDirectory() as folder:
        house = House.make(Path(folder) / "house", port=free_port(), api_url="http://127.0.0.1:9", account=meta)
        house.cores = cores
        await house.start()
        try:
            result = await load.run(house.port, _requests(meta, turn), connections=connections, seconds=seconds)
            print(f"{'':13} all of it filed {await _worked_off(house):.1f} s after the load ended")
            return result
        finally:
            await house.kill()


async def _worked_off(house: House) -> float:
    """Return how long the workers go on after the load: while the door is pressed they leave it most of the time."""
    begun = time.monotonic()
    async with aiohttp.ClientSession() as session, asyncio.timeout(_WORK_OFF_SECONDS):
        while True:
            async with session.get(f"{house.url}/health") as response:
                if (await response.json())["checks"]["backlog"]["oldest_seconds"] == 0:
                    return time.monotonic() - begun
            await asyncio.sleep(0.2)


def _requests(meta: Account, turn: int) -> Iterator[bytes]:
    """Yield signed webhooks, each with one new text message from one of 1,000 people."""
    secret = meta.app_secret.encode()
    people = [payloads.Person(phone=f"62812{n:07d}", name=f"Siti {n}", user_id=f"ID.{n:017d}") for n in range(1000)]
    for number in itertools.count():
        person = people[number % len(people)]
        message = payloads.text(person, f"Pesan {turn}-{number}: apakah suratnya sudah siap?", at=datetime.now(UTC))
        body = payloads.encode(payloads.message_webhook(meta, person, message))
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        yield (
            b"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"X-Hub-Signature-256: sha256="
            + signature.encode()
            + b"\r\nContent-Length: "
            + str(len(body)).encode()
            + b"\r\n\r\n"
            + body
        )


async def _listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
