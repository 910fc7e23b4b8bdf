"""Files from the pretend Meta to the vault, through the whole program."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.journeys.site import SITI, Site, eventually, make_settings, open_site
from tests.storage.disks import holds
from wabridge.broker import Topic
from wabridge.cli.commands import OPERATOR
from wabridge.core import media as files
from wabridge.model.ids import MediaId
from wabridge.model.media import MediaFile
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import SAMPLES
from wabridge.sandbox.meta import PretendMeta

SECRET = b"Perjanjian damai antara Pak Budi dan Bu Siti. "
NAME = "perjanjian-damai-rahasia.txt"


@dataclass(frozen=True)
class Case:
    """Siti has sent the office a file."""

    site: Site

    async def file(self, media_id: int = 1) -> MediaFile | None:
        """Return the file as the office knows it, None before its message is filed."""
        found = await self.site.office.database.read(
            lambda tx: tx.all("SELECT id FROM media WHERE id = ?", (media_id,))
        )
        return await files.get(self.site.office, OPERATOR, MediaId(media_id)) if found else None

    async def until(self, state: str, *, reason: str | None = None, media_id: int = 1) -> MediaFile:
        """Return the file as soon as it is in a state, for a reason."""

        async def is_so() -> bool:
            file = await self.file(media_id)
            return file is not None and (file.state, file.reason) == (state, reason)

        await eventually(is_so)
        file = await self.file(media_id)
        assert file is not None
        return file

    async def content(self, media_id: int = 1) -> bytes:
        """Return the bytes that the office has."""
        file = await files.get(self.site.office, OPERATOR, MediaId(media_id))
        return b"".join([piece async for piece in files.read(self.site.office, file)])

    def go_on(self, time: FakeClock, seconds: float) -> None:
        """Let time pass, and let the fetcher look."""
        time.advance(seconds)
        self.site.office.broker.ring(Topic.MEDIA, 0)


def send(site: Site, content: bytes = SECRET, *, name: str = NAME) -> None:
    """Let Siti send a document of her own."""
    handset = site.meta.handset(SITI, "Siti Rahayu")
    site.meta.talk.send_file(handset, content, "text/plain", name=name)


@pytest.fixture
async def case(timed: Site) -> AsyncIterator[Case]:
    """A running wabridge whose time stands still."""
    yield Case(timed)
    assert timed.meta.violations == []


async def test_every_kind_of_file_arrives_byte_for_byte(site: Site) -> None:
    """Pictures, videos, voice notes, documents and stickers are fetched as they are filed, each as announced."""
    case, handset = Case(site), site.meta.handset(SITI, "Siti Rahayu")
    for kind in SAMPLES:
        site.meta.talk.send_kind(handset, kind)
    for media_id in range(1, len(SAMPLES) + 1):
        file = await case.until("stored", media_id=media_id)
        assert file.is_as_claimed is True
        assert len(await case.content(media_id)) == file.size


async def test_nothing_of_a_file_is_readable_on_the_disk(site: Site, tmp_path: Path) -> None:
    """Neither its content nor its name is in any file of the installation."""
    case = Case(site)
    send(site, SECRET * 5_000)
    await case.until("stored")
    assert await case.content() == SECRET * 5_000
    for needle in (SECRET, NAME.encode(), b"perjanjian-damai"):
        assert holds(tmp_path, needle) == []


@pytest.mark.parametrize("fault", [Fault.NO_MEDIA_URL, Fault.MEDIA_URL_OLD, Fault.HEX_HASH, Fault.SIZE_AS_TEXT])
async def test_meta_s_varieties_cost_nothing(case: Case, fault: Fault) -> None:
    """No address, an expired one, another spelling of the hash or the size: the file is there at once."""
    case.site.meta.faults.add(fault)
    send(case.site)
    file = await case.until("stored")
    assert (file.tries, file.is_as_claimed) == (0, True)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.MEDIA_GONE, "gone"),
        (Fault.MEDIA_CUT, "cut_off"),
        (Fault.MEDIA_THROTTLED, "throttled"),
        (Fault.MEDIA_DOWN, "server"),
        (Fault.MEDIA_ELSEWHERE, "elsewhere"),
        (Fault.TOKEN_EXPIRED, "token"),
    ],
)
async def test_a_fault_at_meta_delays_the_file_and_nothing_else(
    case: Case, time: FakeClock, fault: Fault, reason: str
) -> None:
    """The message is in the conversation at once; the file says why it waits, and comes when the fault is over."""
    case.site.meta.faults.add(fault)
    send(case.site)
    await case.until("waiting", reason=reason)
    assert [message["kind"] for message in await case.site.messages()] == ["document"]
    case.site.meta.faults.clear()
    case.go_on(time, 600)
    await case.until("stored")
    assert await case.content() == SECRET


async def test_the_token_stays_with_meta(case: Case) -> None:
    """Sent on to another host, the fetcher neither goes there nor shows the token there."""
    case.site.meta.faults.add(Fault.MEDIA_ELSEWHERE)
    send(case.site)
    await case.until("waiting", reason="elsewhere")
    hosts = {visit.host.partition(":")[0] for visit in case.site.meta.files.visits}
    assert hosts == {"127.0.0.1"}


async def test_a_file_that_is_not_what_was_announced_is_kept_and_marked(case: Case, time: FakeClock) -> None:
    """It is fetched twice; what comes twice alike is evidence, and is said to differ."""
    case.site.meta.faults.add(Fault.WRONG_HASH)
    send(case.site)
    await case.until("waiting", reason="changed")
    case.go_on(time, 60)
    assert (await case.until("stored")).is_as_claimed is False
    assert await case.content() == SECRET


async def test_a_slow_file_holds_up_nobody(site: Site) -> None:
    """While one trickles in, texts are filed, another person's file arrives, and the program still ends in time."""
    case = Case(site)
    site.meta.faults.add(Fault.MEDIA_SLOW)
    send(site)
    await case.until("waiting")
    await eventually(lambda: _is(bool(site.meta.files.visits)))
    site.meta.faults.clear()
    await site.write("Sudah saya kirim")
    send(site, b"another")
    await case.until("stored", media_id=2)
    await case.until("waiting")


async def test_a_restart_takes_up_what_was_on_its_way(tmp_path: Path, meta: PretendMeta) -> None:
    """A file that was half here when the program ended is fetched by the next run, and nothing of the half is left."""
    settings = make_settings(tmp_path, meta)
    meta.faults.add(Fault.MEDIA_SLOW)
    async with open_site(settings, meta) as site:
        send(site, bytes(1_000_000))
        await eventually(lambda: _is(bool(list((tmp_path / "data" / "vault").glob("*.part")))))
    meta.faults.clear()
    async with open_site(settings, meta) as site:
        await Case(site).until("stored")
        assert len(await Case(site).content()) == 1_000_000
    assert not list((tmp_path / "data" / "vault").glob("*.part"))


async def test_a_page_learns_of_the_file_by_itself(site: Site) -> None:
    """An open page is told that the conversation changed once more when the file is there."""
    send(site)
    async with asyncio.timeout(10):
        with site.office.broker.listen() as changes:
            async for change in changes:
                file = await Case(site).file()
                if change.topic == "conversation" and file is not None and file.state == "stored":
                    break


async def test_a_day_before_the_end_every_page_says_so(case: Case, time: FakeClock) -> None:
    """The banner counts what WhatsApp is about to delete, and goes when the file has come after all."""
    case.site.meta.faults.add(Fault.MEDIA_DOWN)
    send(case.site)
    await case.until("waiting", reason="server")
    case.go_on(time, 6 * 86_400 + 60)
    await case.site.until_banner("1 berkas belum berhasil diunduh dari WhatsApp")
    case.site.meta.faults.clear()
    file = await case.file()
    assert file is not None
    await files.retry(case.site.office, OPERATOR, file.id)
    await case.until("stored")

    async def is_quiet() -> bool:
        return not any("berkas" in banner for banner in await case.site.banners())

    await eventually(is_quiet)


async def _is(holds_now: bool) -> bool:
    return holds_now
