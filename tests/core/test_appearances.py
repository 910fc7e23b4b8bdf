"""What stored files look like is found out once, by their bytes, and kept."""

import io

import pytest
from PIL import Image

from tests.clocks import FakeClock
from tests.pictures import bomb, picture
from tests.storage.disks import locked
from tests.stored import damage, store
from wabridge.core import files, media, staff
from wabridge.core.appearances import Appearances
from wabridge.core.office import Office
from wabridge.errors import NotFound, StorageUnavailable
from wabridge.model.media import MediaFile


async def _seen(office: Office, file: MediaFile) -> MediaFile:
    while await Appearances(office).look():
        pass
    owner = await staff.ensure_owner(office)
    return await media.get(office, owner.actor, file.id)


async def test_a_picture_gets_a_small_one(office: Office) -> None:
    """A stored picture is recognised, and its small picture lies encrypted in the vault."""
    file = await _seen(office, await store(office, picture("PNG")))
    assert file.appearance is not None
    assert file.appearance.mime_type == "image/png"
    small = file.appearance.thumbnail
    assert small is not None
    assert (small.width, small.height) == (480, 300)
    owner = await staff.ensure_owner(office)
    webp = await files.read_thumbnail(office, owner.actor, file.id)
    assert Image.open(io.BytesIO(webp)).size == (480, 300)
    assert webp[:64] not in (office.settings.data_folder / "vault" / small.kept.name).read_bytes()


async def test_a_document_that_is_a_picture_gets_a_small_one(office: Office) -> None:
    """What a file is sent as does not matter."""
    file = await _seen(office, await store(office, picture("JPEG"), "document", file_name="KTP.jpg"))
    assert file.appearance is not None
    assert file.appearance.thumbnail is not None


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_picture_that_ran_out_of_time_is_tried_again(
    office: Office, fake_clock: FakeClock, *, restarts: bool
) -> None:
    """A busy machine costs nobody their small picture: after a while it is made with more time, restarted or not."""
    file = await store(office, picture("PNG"))
    worker = Appearances(office, seconds=0.0)
    assert await worker.look()
    assert not await worker.look()
    owner = await staff.ensure_owner(office)
    seen = await media.get(office, owner.actor, file.id)
    assert seen.appearance is not None
    assert seen.appearance.thumbnail is None
    fake_clock.advance(601)
    worker = Appearances(office) if restarts else worker
    worker.seconds = 60.0
    assert await worker.look()
    seen = await media.get(office, owner.actor, file.id)
    assert seen.appearance is not None
    assert seen.appearance.thumbnail is not None
    assert not await worker.look()


async def test_a_picture_is_not_tried_for_ever(office: Office) -> None:
    """Whatever takes too long three times stays without a small picture, over every restart."""
    await store(office, picture("PNG"))
    for _ in range(3):
        assert await Appearances(office, seconds=0.0).look()
    assert not await Appearances(office).look()


async def test_what_is_no_picture_is_only_named(office: Office) -> None:
    """HTML called a picture is plain bytes; a picture nobody can decode stays a picture without a small one."""
    page = await _seen(office, await store(office, b"<script>alert(1)</script>", mime_type="image/jpeg"))
    deadly = await _seen(office, await store(office, bomb()))
    assert page.appearance is not None
    assert page.appearance.mime_type == "application/octet-stream"
    assert deadly.appearance is not None
    assert (deadly.appearance.mime_type, deadly.appearance.thumbnail) == ("image/png", None)
    assert not await Appearances(office).look()


async def test_an_empty_file_is_seen_too(office: Office) -> None:
    """A file without a byte is unknown, and is not looked at for ever."""
    file = await _seen(office, await store(office, b"", "document"))
    assert file.appearance is not None
    assert file.appearance.mime_type == "application/octet-stream"


async def test_a_damaged_picture_counts_as_lost(office: Office) -> None:
    """A file that was changed on the disk gets no small picture, and is not stored any more."""
    file = await store(office, picture("PNG"))
    assert file.kept is not None
    damage(office, file.kept, at=100)
    after = await _seen(office, file)
    assert after.state != "stored"
    assert after.reason == "lost"


async def test_a_damaged_small_picture_is_made_again(office: Office) -> None:
    """Nobody is bothered about it: the next look makes another one."""
    file = await _seen(office, await store(office, picture("PNG")))
    assert file.appearance is not None
    small = file.appearance.thumbnail
    assert small is not None
    damage(office, small.kept, at=20)
    owner = await staff.ensure_owner(office)
    with pytest.raises(NotFound):
        await files.read_thumbnail(office, owner.actor, file.id)
    again = await _seen(office, file)
    assert again.state == "stored"
    assert again.appearance is not None
    assert again.appearance.thumbnail is not None
    assert again.appearance.thumbnail.kept.name != small.kept.name


async def test_a_database_that_takes_nothing_leaves_no_small_pictures_behind(office: Office) -> None:
    """The worker tries again every second; the vault must not fill with what no row names."""
    await store(office, picture("PNG"))
    before = sorted((office.settings.data_folder / "vault").iterdir())
    with locked(office.settings.data_folder / "wabridge.db"), pytest.raises(StorageUnavailable):
        await Appearances(office).look()
    assert sorted((office.settings.data_folder / "vault").iterdir()) == before
