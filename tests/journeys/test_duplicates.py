"""Meta delivers at least once, on parallel connections: what comes again is known, and what is new is not lost."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys import webhooks
from tests.journeys.site import Site, make_settings, open_site
from wabridge.sandbox.meta import PretendMeta


async def test_the_same_webhook_ten_times_in_parallel_is_one_message(site: Site) -> None:
    """Ten equal webhooks at once are all answered 200 and make one message and one notification."""
    body = webhooks.body(site.meta, webhooks.message(site.meta, "Sekali saja"))
    assert await asyncio.gather(*(site.meta.courier.post(body) for _ in range(10))) == [200] * 10
    await site.until_filed("Sekali saja")
    await site.catch_up()
    assert await site.texts() == ["Sekali saja"]
    assert await site.unread() == ["1", "1"]


async def test_a_message_in_ten_batches_at_once_is_one_message(site: Site) -> None:
    """The same message in ten different bodies at once, so that no cache knows it, is filed once."""
    known = webhooks.message(site.meta, "Di mana-mana")
    bodies = [webhooks.body(site.meta, known, webhooks.message(site.meta, f"Beserta {number}")) for number in range(10)]
    assert await asyncio.gather(*(site.meta.courier.post(body) for body in bodies)) == [200] * 10
    await site.catch_up()
    assert sorted(map(str, await site.texts())) == [*(f"Beserta {number}" for number in range(10)), "Di mana-mana"]
    assert sorted(await site.unread()) == ["1", "11"]


async def test_a_known_message_in_another_batch_is_not_doubled(site: Site) -> None:
    """Re-batched with a new message, a known one stays one and the new one is added."""
    known = webhooks.message(site.meta, "Yang lama")
    await site.meta.courier.post(webhooks.body(site.meta, known))
    await site.until_filed("Yang lama")
    fresh = webhooks.message(site.meta, "Yang baru")
    assert await site.meta.courier.post(webhooks.body(site.meta, known, fresh)) == 200
    await site.until_filed("Yang baru")
    assert await site.texts() == ["Yang lama", "Yang baru"]
    assert await site.unread() == ["2"]


async def test_other_content_under_a_known_id_is_kept_and_shown(site: Site) -> None:
    """The same wamid with other words neither replaces the first ones nor disappears: the page says that it came."""
    first = webhooks.message(site.meta, "Saya setuju")
    other = webhooks.message(site.meta, "Saya tidak setuju", wamid=first["id"])
    await site.meta.courier.post(webhooks.body(site.meta, first))
    await site.until_filed("Saya setuju")
    assert await site.meta.courier.post(webhooks.body(site.meta, other)) == 200
    await site.catch_up()
    page = await site.show(await site.conversation())
    assert page.texts("div", "text") == ["Saya setuju"]
    assert page.texts("span", "doubt") == ["1 isi lain datang dengan tanda pengenal yang sama; semuanya disimpan"]


def _delete(cache: Path, _older: Path) -> None:
    shutil.rmtree(cache)


def _fill_with_garbage(cache: Path, _older: Path) -> None:
    for file in cache.rglob("*"):
        if file.is_file():
            file.write_bytes(os.urandom(8192))


def _put_back(cache: Path, older: Path) -> None:
    shutil.rmtree(cache)
    shutil.copytree(older, cache)


@pytest.mark.parametrize("befall", [_delete, _fill_with_garbage, _put_back])
async def test_whatever_befalls_the_cache_while_stopped_nothing_is_doubled_or_lost(
    tmp_path: Path, meta: PretendMeta, befall: Callable[[Path, Path], None]
) -> None:
    """With the folder of bodies deleted, damaged or older than the database, repeats are known and news is stored."""
    settings = make_settings(tmp_path, meta)
    cache, older = settings.data_folder / "cache", tmp_path / "older"
    early, late = (webhooks.body(meta, webhooks.message(meta, words)) for words in ("Awal", "Kemudian"))
    async with open_site(settings, meta) as site:
        await meta.courier.post(early)
        await site.until_filed("Awal")
    shutil.copytree(cache, older)
    async with open_site(settings, meta) as site:
        await meta.courier.post(late)
        await site.until_filed("Kemudian")
    befall(cache, older)
    async with open_site(settings, meta) as site:
        assert [await meta.courier.post(body) for body in (late, early)] == [200, 200]
        await site.write("Terakhir")
        assert await site.texts() == ["Awal", "Kemudian", "Terakhir"]
        assert await site.unread() == ["3"]


async def test_deleting_the_cache_under_the_running_program_changes_nothing(tmp_path: Path, meta: PretendMeta) -> None:
    """The folder of bodies may be deleted at any time: what repeats is known, what is new is stored."""
    settings = make_settings(tmp_path, meta)
    async with open_site(settings, meta) as site:
        first = webhooks.body(meta, webhooks.message(meta, "Sebelum"))
        await meta.courier.post(first)
        await site.until_filed("Sebelum")
        shutil.rmtree(settings.data_folder / "cache")
        second = webhooks.body(meta, webhooks.message(meta, "Sesudah"))
        assert [await meta.courier.post(body) for body in (first, second, second, first)] == [200] * 4
        await site.catch_up()
        assert await site.texts() == ["Sebelum", "Sesudah"]
