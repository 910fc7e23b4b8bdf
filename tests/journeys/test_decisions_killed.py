"""A program killed between a decision and its send, or in the midst of the repetition: once, or unknown again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.house import House, free_port
from tests.journeys.site import BUDI, SITI, eventually
from tests.journeys.test_replay_command import open_data
from wabridge.model.ids import NumberId
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import standstills

_OURS = NumberId(1)


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[House]:
    """A wabridge of its own process that asks after a second; its Meta reports nothing."""
    meta.behaviour.report_sent = meta.behaviour.deliver = False
    made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    with (made.folder / "config.toml").open("a") as config:
        config.write("asking_seconds = 1\n")
    meta.callback_url = f"{made.url}/webhook"
    await made.start()
    yield made
    await made.kill()


class _Program:
    """A program with a token, at a house that may be killed under it."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self._url, self._session = f"{house.url}/api/v1", session

    async def call(self, method: str, path: str, **json: Any) -> tuple[int, Any]:
        async with self._session.request(method, self._url + path, json=json or None) as response:
            return response.status, await response.json()

    async def know(self, message: int) -> dict[str, Any]:
        return dict((await self.call("GET", f"/messages/{message}"))[1])

    async def queue(self, text: str, *, to: str = SITI, **more: Any) -> int:
        said: Any = None

        async def is_taken() -> bool:
            nonlocal said
            status, said = await self.call("POST", "/messages", to="+" + to, text=text, **more)
            return status == 202

        await eventually(is_taken)  # the person's message may still be on its way in
        return int(said["id"])

    async def until(self, message: int, **wanted: Any) -> None:
        async def reached() -> bool:
            return wanted.items() <= (await self.know(message)).items()

        await eventually(reached)

    async def lose(self, meta: PretendMeta) -> int:
        """Let a reply get no answer, and return once somebody may decide about it."""
        meta.client_writes(SITI, "Siti Rahayu", "Halo")
        meta.answers.append(answers.html(502, accepted=True))
        message = await self.queue("Satu kali saja")
        await self.until(message, status="unknown")

        async def is_asked() -> bool:
            return any(each["message_id"] == message for each in (await self.call("GET", "/worklist"))[1]["items"])

        await eventually(is_asked)
        return message


@pytest.fixture
async def program(house: House) -> AsyncIterator[_Program]:
    """Somebody who decides."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {await house.token()}"}) as session:
        yield _Program(house, session)


async def test_killed_between_decision_and_send(house: House, program: _Program, meta: PretendMeta) -> None:
    """What was decided is on the disk: after the next start it goes, once."""
    message = await program.lose(meta)
    async with open_data(house) as database:
        now = datetime.now(UTC)
        await database.write(lambda tx: standstills.begin(tx, _OURS, by="Sari", reason="", now=now))
        assert (await program.call("POST", f"/messages/{message}/resend", attempts=1))[0] == 202
        await house.kill()
        assert len(meta.requests) == 1
        await house.start()
        assert (await program.know(message))["resends"] is True
        await database.write(lambda tx: standstills.end(tx, _OURS, by="Sari", now=now))
    await program.until(message, status="sent", attempts=2, resends=False)
    assert len(meta.requests) == 2


async def test_killed_in_the_midst_of_the_repetition(house: House, program: _Program, meta: PretendMeta) -> None:
    """The second attempt is unknown like the first: nobody repeats it until somebody decides once more."""
    message = await program.lose(meta)
    meta.answers.append(answers.hang_after_accepting())
    assert (await program.call("POST", f"/messages/{message}/resend", attempts=1))[0] == 202
    await meta.wait_until(lambda: len(meta.accepted) == 2)
    await house.kill()
    await house.start()
    await program.until(message, status="unknown", attempts=2, resends=False)
    meta.client_writes(BUDI, "Budi", "Hai")
    await program.until(await program.queue("Untuk yang lain", to=BUDI), status="sent")
    assert len(meta.requests) == 3


async def test_killed_in_the_pause_for_undoing(house: House, program: _Program, meta: PretendMeta) -> None:
    """What could still be taken back can be taken back after the next start, and otherwise goes at its time."""
    meta.client_writes(SITI, "Siti Rahayu", "Halo")
    withdrawn = await program.queue("Salah kirim", undo_seconds=300)
    await house.kill()
    await house.start()
    assert (await program.know(withdrawn))["status"] == "pending"
    assert (await program.call("POST", f"/messages/{withdrawn}/cancel"))[0] == 200
    kept = await program.queue("Tetap kirim", undo_seconds=1)
    await house.kill()
    await house.start()
    await program.until(kept, status="sent")
    assert [taken.text for taken in meta.accepted] == ["Tetap kirim"]
