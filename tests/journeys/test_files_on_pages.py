"""Files from the pretend phone to the lawyer's page and to programs, through the whole program."""

import asyncio
import hashlib
from xml.etree import ElementTree as ET

from tests.journeys.site import SITI, Site, eventually


async def _attachment(site: Site, tag: str) -> ET.Element:
    """Return the first element of a tag in the conversation's files, as soon as it is there."""

    async def is_there() -> bool:
        return bool(await site.messages(SITI)) and bool((await site.show(await site.conversation())).all(tag))

    await eventually(is_there)
    return (await site.show(await site.conversation())).all(tag)[0]


async def _bytes(site: Site, path: str) -> bytes:
    async with site.page.get(site.url + path) as response:
        assert response.status == 200, path
        return await response.read()


async def test_a_photo_reaches_page_and_program(site: Site) -> None:
    """What Siti photographs stands small in the conversation, whole behind it, and byte for byte in the API."""
    site.meta.talk.send_kind(site.meta.handset(SITI, "Siti Rahayu"), "image")
    shown = await _attachment(site, "img")
    assert (await _bytes(site, shown.get("src", "")))[8:12] == b"WEBP"
    held = await _bytes(site, shown.get("src", "").removesuffix("/thumbnail"))
    (message,) = await site.messages(SITI)
    told = message["media"]
    assert (told["state"], told["mime_type"], told["size"]) == ("stored", "image/jpeg", len(held))
    assert told["sha256"] == hashlib.sha256(held).hexdigest()
    async with site.api.get(site.url + told["url"]) as response:
        assert await response.read() == held


async def test_a_voice_message_can_be_heard(site: Site) -> None:
    """A voice note has a player, and its parts can be asked for."""
    site.meta.talk.send_kind(site.meta.handset(SITI, "Siti Rahayu"), "voice")
    player = await _attachment(site, "audio")
    async with site.page.get(site.url + player.get("src", ""), headers={"Range": "bytes=0-3"}) as response:
        assert (response.status, await response.read()) == (206, b"OggS")


async def test_the_program_stops_while_a_file_is_read(site: Site) -> None:
    """Somebody who loads a long file and takes their time keeps nothing from ending."""
    film = b"\0\0\0\x1cftypisom" + bytes(30_000_000)
    site.meta.talk.send_file(site.meta.handset(SITI, "Siti Rahayu"), film, "video/mp4", name="lama.mp4")
    player = await _attachment(site, "video")
    async with site.page.get(site.url + player.get("src", "")) as response:
        assert response.content_length == len(film)
        site.stop.set()
        async with asyncio.timeout(20):
            await asyncio.wait([site.running])
    assert site.running.exception() is None
