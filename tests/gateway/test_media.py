import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from tests.arrivals import BUDI, column
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken, eventually
from tests.gateway.downloads import CONTENT, Fetching, bytes_of, file_of, message, receive, send
from tests.outbound import LAWYER
from tests.storage.disks import full_disk, holds
from wabridge.core import media as files
from wabridge.core.office import Office
from wabridge.model.media import LAST_TRIES, LIFETIME
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta

DAY = 86_400
OPEN_ALERTS = "SELECT kind FROM notification WHERE kind LIKE 'media%' AND seen_at IS NULL"


async def test_a_file_is_fetched_by_the_address_of_its_webhook(
    office: Office, meta: PretendMeta, fetching: Fetching, data_folder: Path
) -> None:
    """It is in the vault, whole and unreadable from outside, and the row says what it is."""
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until(lambda file: file.state == "stored")
    assert await bytes_of(office) == CONTENT
    assert (file.size, file.is_as_claimed, file.reason) == (len(CONTENT), True, None)
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (file.kind, file.mime_type, file.file_name) == ("document", "text/plain", "kuitansi.txt")
    assert file.kept is not None
    assert file.kept.key.startswith("contact/")
    assert [visit.path for visit in meta.files.visits] == ["/whatsapp_business/attachments/"]
    assert not holds(data_folder, b"Kuitansi")
    assert not holds(data_folder, b"kuitansi.txt")


@pytest.mark.parametrize("fault", [Fault.NO_MEDIA_URL, Fault.MEDIA_URL_OLD])
async def test_without_a_good_address_it_is_asked_for_by_id(
    office: Office, meta: PretendMeta, fetching: Fetching, fault: Fault
) -> None:
    """A missing or expired address costs no waiting: the id leads to a fresh one within the same try."""
    meta.faults.add(fault)
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until(lambda file: file.state == "stored")
    assert file.tries == 0
    assert meta.violations == []


@pytest.mark.parametrize("fault", [Fault.HEX_HASH, Fault.SIZE_AS_TEXT])
async def test_claims_are_read_however_they_are_written(
    office: Office, meta: PretendMeta, fetching: Fetching, fault: Fault
) -> None:
    """Hash in hexadecimal or base64, size as text or number: what fits is said to fit."""
    meta.faults.update({fault, Fault.NO_MEDIA_URL})
    await send(office, meta)
    async with fetching() as fetcher:
        assert (await fetcher.until(lambda file: file.state == "stored")).is_as_claimed is True


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.MEDIA_CUT, "cut_off"),
        (Fault.MEDIA_DOWN, "server"),
        (Fault.MEDIA_THROTTLED, "throttled"),
        (Fault.MEDIA_ELSEWHERE, "elsewhere"),
        (Fault.MEDIA_GONE, "gone"),
        (Fault.WRONG_HASH, "changed"),
    ],
)
async def test_what_cannot_be_had_now_is_tried_again(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock, fault: Fault, reason: str
) -> None:
    """The row says why, nothing is left in the vault, and after a pause the file comes."""
    meta.faults.add(fault)
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until_tried(1)
        assert (file.state, file.reason) == ("waiting", reason)
        assert timedelta(seconds=30) <= file.next_try_at - fake_clock.now <= timedelta(seconds=38)
        meta.faults.clear()
        fake_clock.advance(90)
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")
    assert len(list((office.settings.data_folder / "vault").iterdir())) == 1


async def test_the_token_goes_to_no_other_host(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """A redirect to a host that is not Meta's is not followed, neither with the token nor without."""
    meta.faults.add(Fault.MEDIA_ELSEWHERE)
    await send(office, meta)
    async with fetching() as fetcher:
        await fetcher.until_tried(1)
    assert {visit.host.partition(":")[0] for visit in meta.files.visits} == {"127.0.0.1"}
    assert fake_clock.now == office.clock.now()


async def test_what_comes_twice_alike_is_kept_and_marked(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """A file that is not what was announced is fetched once more; the same bytes again are kept, and it is said."""
    meta.faults.add(Fault.WRONG_HASH)
    await send(office, meta)
    async with fetching() as fetcher:
        await fetcher.until_tried(1)
        fake_clock.advance(60)
        fetcher.ring()
        file = await fetcher.until(lambda file: file.state == "stored")
    assert file.is_as_claimed is False
    assert await bytes_of(office) == CONTENT


async def test_a_refused_token_stops_the_fetching_and_fails_nothing(
    office: Office, meta: PretendMeta, fetching: Fetching, access_token: AccessToken
) -> None:
    """No try is counted, nothing is asked meanwhile, and another token lets it go on at once."""
    right = access_token.value
    access_token.value = "withdrawn"
    await send(office, meta)
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.reason == "token")
        await send(office, meta, sender=BUDI)
        asked = len(meta.files.visits)
        for _ in range(3):
            await fetcher.worker.look()
        assert len(meta.files.visits) == asked
        access_token.value = right
        fetcher.ring()
        file = await fetcher.until(lambda file: file.state == "stored")
    assert file.tries == 0


async def test_a_token_that_cannot_be_read_makes_files_wait(
    office: Office, meta: PretendMeta, fetching: Fetching, access_token: AccessToken
) -> None:
    """Neither the program nor a file comes to harm."""
    right, access_token.value = access_token.value, ""
    await send(office, meta)
    async with fetching() as fetcher:
        assert await fetcher.worker.look() is False
        assert (await file_of(office)).tries == 0
        access_token.value = right
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_full_disk_changes_no_state(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """The file waits, no try is counted, and when there is room again it comes."""
    await send(office, meta, bytes(3_000_000))
    async with fetching() as fetcher:
        with full_disk(1_000_000):
            await eventually(lambda: fetcher.worker._rests_until_ns > 0)  # noqa: SLF001 - the only trace it leaves
            file = await file_of(office)
        assert (file.state, file.tries, file.reason) == ("waiting", 0, None)
        fake_clock.advance(60)
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_file_beyond_the_limit_is_given_up(office: Office, meta: PretendMeta, fetching: Fetching) -> None:
    """What is too large by its own account is not fetched, and a person is told."""
    await send(office, meta)
    async with fetching(largest_bytes=1000) as fetcher:
        file = await fetcher.until(lambda file: file.state == "failed")
    assert file.reason == "too_large"
    assert await column(office.database, OPEN_ALERTS) == ["media_failed"]


async def test_a_slow_file_delays_nobody(office: Office, meta: PretendMeta, fetching: Fetching) -> None:
    """While several files of one person trickle in, another person's file arrives."""
    meta.faults.add(Fault.MEDIA_SLOW)
    for _ in range(5):
        await send(office, meta)
    async with fetching() as fetcher:
        await eventually(lambda: len(meta.files.visits) >= 2)
        meta.faults.clear()
        await send(office, meta, sender=BUDI)
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored", media_id=6)
        assert (await file_of(office)).state == "waiting"


async def test_a_stop_in_the_middle_leaves_the_file_wanted(
    office: Office, meta: PretendMeta, fetching: Fetching, data_folder: Path
) -> None:
    """What was on its way is dropped at once, and fetched by the next run."""
    meta.faults.add(Fault.MEDIA_SLOW)
    await send(office, meta)
    async with fetching() as fetcher:
        await eventually(lambda: bool(meta.files.visits))
        del fetcher
    assert (await file_of(office)).state == "waiting"
    assert list((data_folder / "vault").glob("*")) == []
    meta.faults.clear()
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_person_is_told_a_day_before_the_end_and_the_end_is_said(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """Six days in vain raise an alert; after the seventh, some more tries in vain give the file up with its reason."""
    meta.faults.add(Fault.MEDIA_GONE)
    await send(office, meta)
    alerted_at = None
    tries = 0
    async with fetching() as fetcher:
        begun = fake_clock.now
        while True:
            file = await fetcher.until_tried(tries + 1)
            tries = file.tries
            if alerted_at is None and "media_expiring" in await column(office.database, OPEN_ALERTS):
                alerted_at = fake_clock.now
            if file.state == "failed":
                break
            fake_clock.now = file.next_try_at
            fetcher.ring()
    assert file.reason == "gone"
    assert alerted_at is not None
    assert timedelta(days=6) <= alerted_at - begun < timedelta(days=6, minutes=1)
    assert LIFETIME < fake_clock.now - begun < LIFETIME + timedelta(hours=LAST_TRIES * 8)
    assert 20 < tries < 60
    assert await column(office.database, OPEN_ALERTS) == ["media_failed"]


async def test_an_alert_goes_when_the_file_comes(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """Also after a week of refused tokens a person is told in time; nothing stays to be looked at once all is well."""
    meta.faults.add(Fault.TOKEN_EXPIRED)
    await send(office, meta)
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.reason == "token")
        fake_clock.advance(6 * DAY + 1)
        fetcher.ring()

        async def is_told() -> bool:
            return await column(office.database, OPEN_ALERTS) == ["media_expiring"]

        await eventually(is_told)
        meta.faults.clear()
        fake_clock.advance(301)
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")
    assert await column(office.database, OPEN_ALERTS) == []


async def test_a_clock_that_jumps_costs_no_file(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """Ten days ahead, one try in vain, ten days back: the file is still wanted, and comes at once."""
    meta.faults.add(Fault.MEDIA_DOWN)
    await send(office, meta)
    async with fetching() as fetcher:
        await fetcher.until_tried(1)
        fake_clock.now += timedelta(days=10)
        fetcher.ring()
        assert (await fetcher.until_tried(2)).state == "waiting"
        fake_clock.now -= timedelta(days=10)
        meta.faults.clear()
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_person_asks_again(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """A file that waits comes at once; one that was given up gets one more try, and comes if WhatsApp still has it."""
    meta.faults.add(Fault.MEDIA_GONE)
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until_tried(1)
        while file.state == "waiting":
            fake_clock.now = file.next_try_at
            fetcher.ring()
            file = await fetcher.until_tried(file.tries + 1)
        again = await files.retry(fetcher.office, LAWYER, file.id)
        assert (again.state, again.reason) == ("waiting", None)
        await fetcher.until(lambda file: file.state == "failed")
        meta.faults.clear()
        fake_clock.now = file.wanted_at
        await files.retry(fetcher.office, LAWYER, file.id)
        file = await fetcher.until(lambda file: file.state == "stored")
        await files.retry(fetcher.office, LAWYER, file.id)
    assert (await file_of(office)).state == "stored"
    verbs = await column(office.database, "SELECT verb FROM act")
    assert verbs == ["retried_file", "retried_file"]


async def test_another_content_with_another_file_loses_neither(
    office: Office, meta: PretendMeta, fetching: Fetching
) -> None:
    """Two files under one wamid are both fetched; a repeat of either is no third one."""
    parts = [
        meta.files.parts("image", meta.files.keep(content, "image/jpeg"), {})
        for content in (b"the first", b"the other")
    ]
    for part in (*parts, *parts):
        await receive(office, message(part, wamid="wamid.same", at=office.clock.now()))
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.state == "stored")
        await fetcher.until(lambda file: file.state == "stored", media_id=2)
    assert [await bytes_of(office, media_id) for media_id in (1, 2)] == [b"the first", b"the other"]
    assert await column(office.database, "SELECT count(*) FROM media") == [2]


async def test_a_placeholder_that_becomes_a_file_is_fetched(
    office: Office, meta: PretendMeta, fetching: Fetching
) -> None:
    """The content that follows under the placeholder's wamid brings its file."""
    await receive(office, message({"type": "unsupported"}, wamid="wamid.same", at=office.clock.now()))
    await send(office, meta, wamid="wamid.same")
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_changed_message_and_a_group_have_their_files(
    office: Office, meta: PretendMeta, fetching: Fetching
) -> None:
    """The file of an edit belongs to the edit, by its address; in a group the conversation has the key."""
    parts = meta.files.parts("image", meta.files.keep(CONTENT, "image/jpeg"), {"caption": "baru"})
    edit = {"type": "edit", "edit": {"original_message_id": "wamid.1", "message": parts}}
    await receive(office, message(edit, at=office.clock.now()))
    await send(office, meta, group_id="group")
    async with fetching() as fetcher:
        await fetcher.until(lambda file: file.state == "stored")
        file = await fetcher.until(lambda file: file.state == "stored", media_id=2)
    assert file.kept is not None
    assert file.kept.key == f"conversation/{file.conversation_id}"
    assert {visit.path for visit in meta.files.visits} == {"/whatsapp_business/attachments/"}


async def test_a_message_whose_file_meta_could_not_take_wants_none(office: Office, fetching: Fetching) -> None:
    """Without an id and an address there is nothing to fetch."""
    await receive(office, message({"type": "image", "image": {"mime_type": "image/png"}}, at=office.clock.now()))
    async with fetching() as fetcher:
        await fetcher.worker.look()
    assert await column(office.database, "SELECT count(*) FROM media") == [0]


async def test_a_conversation_is_told_when_its_file_is_there(
    office: Office, meta: PretendMeta, fetching: Fetching
) -> None:
    """Open pages learn of it by the conversation's id and nothing else."""
    await send(office, meta)
    async with fetching() as fetcher:
        with fetcher.office.broker.listen() as changes:
            async with asyncio.timeout(10):
                async for change in changes:
                    if change.topic == "conversation":
                        break
    assert change.conversation_id == (await file_of(office)).conversation_id
