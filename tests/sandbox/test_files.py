import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import MOST_FILES, SAMPLES
from wabridge.sandbox.meta import PretendMeta


class Shelf:
    """A pretend Meta whose clock is set by hand, and a way to fetch from it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.now = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)
        self.meta = PretendMeta(Account.invented(), behaviour=Behaviour.instant(), now=lambda: self.now)
        self._session = session

    async def fetch(self, url: str, *, token: str | None = None, method: str = "GET") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {token or self.meta.account.access_token}"}
        async with self._session.request(method, url, headers=headers) as response:
            return response.status, await response.read()

    async def look_up(self, media_id: str, query: str = "", *, method: str = "GET") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.meta.account.access_token}"}
        url = f"{self.meta.base_url}/v25.0/{media_id}{query}"
        async with self._session.request(method, url, headers=headers) as response:
            return response.status, await response.json()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    """Return a running pretend Meta with files."""
    async with aiohttp.ClientSession() as session:
        shelf = Shelf(session)
        await shelf.meta.start()
        yield shelf
        await shelf.meta.stop()


@pytest.mark.parametrize("kind", SAMPLES)
async def test_each_invented_file_can_be_fetched_and_is_what_it_says(shelf: Shelf, kind: str) -> None:
    """The webhook's url and the one that is looked up give the bytes whose hash, size and type were named."""
    parts = shelf.meta.files.invent(kind)
    element = parts[parts["type"]]
    status, content = await shelf.fetch(element["url"])
    assert status == 200
    assert base64.b64decode(element["sha256"]) == hashlib.sha256(content).digest()
    _, known = await shelf.look_up(element["id"])
    assert known.pop("url").startswith(shelf.meta.base_url)
    assert known == {
        "messaging_product": "whatsapp",
        "mime_type": element["mime_type"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "file_size": len(content),
        "id": element["id"],
    }
    assert await shelf.fetch((await shelf.look_up(element["id"]))[1]["url"]) == (200, content)


async def test_a_file_is_handed_out_with_the_token_only(shelf: Shelf) -> None:
    """Without the right token neither the address nor the id says anything."""
    url = shelf.meta.files.invent("image")["image"]["url"]
    assert (await shelf.fetch(url, token="stolen"))[0] == 401
    assert (await shelf.fetch(f"{shelf.meta.base_url}/v25.0/123", token="stolen"))[0] == 401
    assert (await shelf.fetch(f"{shelf.meta.base_url}/v25.0/123", token="stolen", method="DELETE"))[0] == 401


async def test_an_address_lives_five_minutes_and_an_id_seven_days(shelf: Shelf) -> None:
    """After five minutes the address is 404 and a new one can be asked for; after seven days the id is unknown."""
    image = shelf.meta.files.invent("image")["image"]
    shelf.now += timedelta(minutes=5)
    assert (await shelf.fetch(image["url"]))[0] == 200
    shelf.now += timedelta(seconds=1)
    assert await shelf.fetch(image["url"]) == (404, b"")
    _, known = await shelf.look_up(image["id"])
    assert (await shelf.fetch(known["url"]))[0] == 200
    shelf.now += timedelta(days=7)
    status, said = await shelf.look_up(image["id"])
    assert (status, said["error"]["code"], said["error"]["error_subcode"]) == (400, 100, 33)


async def test_an_address_cannot_be_made_up(shelf: Shelf) -> None:
    """Another id, another end or no hash in an address is 404."""
    image = shelf.meta.files.invent("image")["image"]
    bare = image["url"].partition("&hash=")[0]
    later = image["url"].replace("&ext=", "&ext=9")
    for url in (bare, later, image["url"].replace(image["id"], "1"), bare.partition("?")[0]):
        assert (await shelf.fetch(url))[0] == 404


async def test_a_deleted_file_is_gone(shelf: Shelf) -> None:
    """DELETE answers with success once; then nothing is there."""
    image = shelf.meta.files.invent("image")["image"]
    assert await shelf.look_up(image["id"], method="DELETE") == (200, {"success": True})
    assert (await shelf.look_up(image["id"], method="DELETE"))[0] == 400
    assert (await shelf.fetch(image["url"]))[0] == 404


async def test_asking_with_a_phone_number_is_an_error(shelf: Shelf) -> None:
    """For what people sent the parameter phone_number_id is refused and noted."""
    image = shelf.meta.files.invent("image")["image"]
    assert (await shelf.look_up(image["id"], "?phone_number_id=1"))[0] == 400
    assert len(shelf.meta.violations) == 1


async def test_the_switches_change_how_a_file_is_described(shelf: Shelf) -> None:
    """Hash in hex, no address, the size as text, and everything gone."""
    shelf.meta.faults.update({Fault.HEX_HASH, Fault.NO_MEDIA_URL, Fault.SIZE_AS_TEXT})
    image = shelf.meta.files.invent("image")["image"]
    assert "url" not in image
    _, known = await shelf.look_up(image["id"])
    assert known["sha256"] == image["sha256"]
    assert known["file_size"] == str(int(known["file_size"]))
    shelf.meta.faults.add(Fault.MEDIA_GONE)
    assert (await shelf.fetch(known["url"]))[0] == 404
    assert (await shelf.look_up(image["id"]))[0] == 400


async def test_only_so_many_files_are_remembered(shelf: Shelf) -> None:
    """The oldest file makes room for the newest."""
    ids = [shelf.meta.files.keep(b"x", "text/plain").media_id for _ in range(MOST_FILES + 1)]
    assert (await shelf.look_up(ids[0]))[0] == 400
    assert (await shelf.look_up(ids[1]))[0] == 200
