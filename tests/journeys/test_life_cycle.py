"""Start, stop and failure of the whole process, as the operator meets them."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.house import House, free_port
from tests.journeys.site import SITI, eventually
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage.cipher import WRITER, connect
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import bytes_on_disk

_FULL_BYTES = 8192
"""No file may grow past it: less than any commit writes, even one that begins the log anew."""

_BROKEN_WORKER = """
import asyncio, sys
from pathlib import Path
from wabridge import app, log, settings
from wabridge.clock import system_clock

async def raise_soon():
    await asyncio.sleep(0.2)
    raise ZeroDivisionError("a secret of somebody")

async def ready(running):
    print("ready", flush=True)

async def main():
    await app.run(
        settings.load(Path(sys.argv[1])), clock=system_clock(), stop=asyncio.Event(), ready=ready,
        more_workers=[raise_soon]
    )

log.configure()
asyncio.run(main())
"""


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[House]:
    """A wabridge of its own process, pointed at the pretend Meta, not yet started."""
    made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    meta.callback_url = f"{made.url}/webhook"
    yield made
    await made.kill()


async def test_sigterm_ends_it_in_time_with_an_open_page_and_a_send_in_flight(house: House, meta: PretendMeta) -> None:
    """A stop waits for nobody longer than 25 seconds and ends with 0; the open send is unknown afterwards."""
    await house.start()
    meta.answers.append(answers.hang_after_accepting())
    async with _api(house, await house.token()) as session:
        await _written(house, session, meta, "Halo")
        message = await _queue(house, session, "Sedang di jalan")
        await meta.wait_until(lambda: len(meta.accepted) == 1)
        async with session.get(f"{house.url}/events"):
            begun = time.monotonic()
            assert await house.stop() == 0
        assert time.monotonic() - begun < 25
        await house.start()
        assert await _status(house, session, message) in {"unknown", "sent", "delivered"}
        assert len(meta.accepted) == 1


async def test_a_dead_worker_ends_the_process(house: House) -> None:
    """When a worker raises, the process ends within 5 seconds, not with 0, and says where without repeating words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BROKEN_WORKER, str(house.folder / "config.toml"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    async with asyncio.timeout(5):
        _, printed = await process.communicate()
    assert process.returncode not in (0, None)
    assert b"ZeroDivisionError" in printed


async def test_a_second_start_ends_with_one_sentence(house: House) -> None:
    """One process serves; another one says so and leaves the first alone."""
    await house.start()
    with pytest.raises(RuntimeError, match="wabridge: ") as caught:
        await house.command()
    assert len(str(caught.value).strip().splitlines()) == 1


async def test_a_full_disk_answers_503_and_nothing_is_lost_or_doubled(house: House, meta: PretendMeta) -> None:
    """While the disk is full door and health say 503; when it is mended the repeated webhook is stored once."""
    await house.start()
    assert house.process is not None
    async with _api(house, await house.token()) as session:
        await _written(house, session, meta, "sebelum")
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (_FULL_BYTES, resource.RLIM_INFINITY))
        meta.client_writes(SITI, "Siti", "selama penuh")
        await meta.wait_until(lambda: meta.courier.refused_count > 0)
        await eventually(lambda: _health_is(house, session, 503))
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await _arrived(house, session, "selama penuh")
        await eventually(lambda: _health_is(house, session, 200))
        texts = [message["text"] for message in await _messages(house, session)]
        assert sorted(texts) == ["sebelum", "selama penuh"]


async def test_a_locked_database_answers_503_and_recovers(house: House, meta: PretendMeta) -> None:
    """Another program that holds the database costs a retry, not a message."""
    await house.start()
    async with _api(house, await house.token()) as session:
        await _written(house, session, meta, "sebelum")
        key = Keyring.open_or_create(house.folder / "data" / "keyring", house.master_key()).get("database")
        holder = connect(house.folder / "data" / "wabridge.db", key, WRITER)
        holder.execute("BEGIN IMMEDIATE")
        meta.client_writes(SITI, "Siti", "selama terkunci")
        await meta.wait_until(lambda: meta.courier.refused_count > 0)
        await eventually(lambda: _health_is(house, session, 503))
        holder.execute("ROLLBACK")
        holder.close()
        await _arrived(house, session, "selama terkunci")
        texts = [message["text"] for message in await _messages(house, session)]
        assert sorted(texts) == ["sebelum", "selama terkunci"]


async def test_nothing_private_lies_on_the_disk_or_in_the_logs(house: House, meta: PretendMeta) -> None:
    """No canary sentence, name, number, file or wamid is in any file: database, vault, cache, backup, logs at DEBUG."""
    await house.start("--debug")
    async with _api(house, await house.token()) as session:
        await _written(house, session, meta, "KENARI rahasia klien", name="Nyonya Kenari")
        file = b"KENARI " * 50_000
        meta.talk.send_file(meta.handset(SITI), file, "text/plain", name="KENARI.txt")
        await eventually(lambda: _is_kept(house, len(file)))
        message = await _queue(house, session, "KENARI jawaban kantor")
        await eventually(lambda: _reached(house, session, message, "delivered"))
        await house.command("backup", str(house.folder / "office.backup"))
        await meta.courier.post(b'{"text": "KENARI tanpa tanda tangan"}', {"X-Hub-Signature-256": "sha256=" + "0" * 64})
        private = [b"KENARI", b"Kenari", SITI.encode(), *(accepted.wamid.encode() for accepted in meta.accepted)]
        files = [path for path in house.folder.rglob("*") if path.is_file() and path.parent.name != "secrets"]
        assert {"wabridge.db", "wabridge.db-wal", "office.backup", "log", "cache.db"} <= {path.name for path in files}
        leaks = [(path.name, word) for path in files for word in private if word in path.read_bytes()]
        assert leaks == []
    assert await house.stop() == 0
    assert not [word for word in private if word in (house.folder / "log").read_bytes()]


async def test_a_backup_brings_everything_back(house: House, meta: PretendMeta) -> None:
    """What a backup held is there after a restore, and the old cache hides nothing that came later."""
    await house.start()
    token = await house.token()
    async with _api(house, token) as session:
        await _written(house, session, meta, "di dalam cadangan")
        await house.command("backup", str(house.folder / "office.backup"))
        await _written(house, session, meta, "sesudah cadangan")
        late = meta.courier.acknowledged[-1]
        await house.stop()
        await house.command("restore", str(house.folder / "office.backup"))
        await house.start()
        assert [m["text"] for m in await _messages(house, session)] == ["di dalam cadangan"]
        assert await meta.courier.post(late) == 200
        await _arrived(house, session, "sesudah cadangan")


def _api(house: House, token: str) -> aiohttp.ClientSession:
    del house
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"})


async def _written(
    house: House, session: aiohttp.ClientSession, meta: PretendMeta, text: str, name: str = "Siti"
) -> None:
    meta.client_writes(SITI, name, text)
    await _arrived(house, session, text)


async def _arrived(house: House, session: aiohttp.ClientSession, text: str) -> None:
    async def is_there() -> bool:
        return any(message["text"] == text for message in await _messages(house, session))

    await eventually(is_there, seconds=20)


async def _messages(house: House, session: aiohttp.ClientSession) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with session.get(f"{house.url}/api/v1/contacts") as response:
        contacts = (await response.json())["items"]
    for contact in contacts:
        async with session.get(f"{house.url}/api/v1/contacts/{contact['id']}/messages") as response:
            found += (await response.json())["items"]
    return found


async def _queue(house: House, session: aiohttp.ClientSession, text: str) -> int:
    async with session.post(f"{house.url}/api/v1/messages", data=json.dumps({"to": "+" + SITI, "text": text}),
                            headers={"Content-Type": "application/json"}) as response:  # fmt: skip
        assert response.status == 202
        return int((await response.json())["id"])


async def _is_kept(house: House, size_bytes: int) -> bool:
    """Say whether a file of this size is in the vault; what a name or the content say cannot be asked from here."""
    return any(path.stat().st_size == bytes_on_disk(size_bytes) for path in house.folder.glob("**/vault/*[0-9a-f]"))


async def _status(house: House, session: aiohttp.ClientSession, message: int) -> str:
    async with session.get(f"{house.url}/api/v1/messages/{message}") as response:
        return str((await response.json())["status"])


async def _reached(house: House, session: aiohttp.ClientSession, message: int, word: str) -> bool:
    return await _status(house, session, message) == word


async def _health_is(house: House, session: aiohttp.ClientSession, status: int) -> bool:
    async with session.get(f"{house.url}/health") as response:
        return response.status == status
