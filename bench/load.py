"""A small HTTP load: raw requests over a fixed number of connections, each timed.

It must cost less than what it measures.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Result(NamedTuple):
    """What a load found. Latencies in seconds."""

    requests_per_second: float
    p50: float
    p99: float
    refused: int


@dataclass
class _Tally:
    latencies: list[float] = field(default_factory=list)
    refused: int = 0


async def run(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Result:
    """Send requests as fast as they are answered, for that long, over that many connections."""
    tally = _Tally()
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(_talk(port, requests, begun + seconds, tally))
    took = time.perf_counter() - begun
    ordered = sorted(tally.latencies)
    return Result(len(ordered) / took, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], tally.refused)


async def _talk(port: int, requests: Iterator[bytes], until: float, tally: _Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (begun := time.perf_counter()) < until:
            writer.write(next(requests))
            head = await reader.readuntil(b"\r\n\r\n")
            length = _content_length(head)
            if length:
                await reader.readexactly(length)
            tally.latencies.append(time.perf_counter() - begun)
            tally.refused += not head.startswith(b"HTTP/1.1 200")
    finally:
        writer.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0
