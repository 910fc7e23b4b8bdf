"""Trouble with the access token: sending pauses, what comes in goes on, and nothing goes out silently late."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.journeys.site import BUDI, SITI, Site, make_settings, open_meta, open_site
from wabridge.settings import Settings

_PAUSED = "Pengiriman dijeda. Pesan tersimpan dan menunggu."
_HELD = "Ditahan karena menunggu terlalu lama. Kirim sekarang, atau batalkan?"


@pytest.fixture
async def refused(tmp_path: Path, time: FakeClock) -> AsyncIterator[Site]:
    """A site whose access token Meta no longer takes."""
    async with open_meta(now=lambda: time.now) as meta:
        settings = make_settings(tmp_path, meta, late_after_minutes=30)
        _set_token(settings, "EAAG-withdrawn")
        async with open_site(settings, meta, clock=time.clock) as site:
            await site.write("Halo")
            yield site


def _set_token(settings: Settings, token: str) -> None:
    path = settings.secret_path(settings.whatsapp.access_token)
    assert path is not None
    path.touch(mode=0o600)
    path.write_text(token)


def _mend(site: Site) -> None:
    """Write the token that Meta takes into the file, as the operator would."""
    _set_token(site.office.settings, site.meta.account.access_token)


async def test_a_refused_token_pauses_sending_and_nothing_else(refused: Site) -> None:
    """Code 190: the message stays pending, every page says so in red, and people's messages still come in."""
    message = await refused.reply("Tunggu token")
    await refused.until_banner(_PAUSED)
    assert "Kode Meta 190" in (await refused.banners())[0]
    assert (
        "Operator harus menaruh token akses yang baru di berkasnya (secrets/access_token)"
        in (await refused.banners())[0]
    )
    later = await refused.reply("Juga menunggu")
    await refused.write("Masih masuk", phone=BUDI, name="Budi")
    assert (await refused.status_of(message), await refused.status_of(later)) == ("pending", "pending")
    assert len(refused.meta.requests) == 1
    assert _PAUSED in "".join((await refused.show(await refused.conversation())).root.itertext())


async def test_with_a_new_token_sending_goes_on_by_itself(refused: Site) -> None:
    """As soon as another token stands in the file, what waited goes out in its order and the banner goes."""
    messages = [await refused.reply(f"Nomor {number}") for number in range(3)]
    await refused.until_banner(_PAUSED)
    _mend(refused)
    for message in messages:
        await refused.until_status(message, "delivered")
    assert [taken.text for taken in refused.meta.accepted] == ["Nomor 0", "Nomor 1", "Nomor 2"]
    assert await refused.banners() == []


async def test_a_person_can_resume_sending_with_the_same_token(refused: Site) -> None:
    """The button tries again at once; refused once more, sending pauses once more and nothing is lost."""
    message = await refused.reply("Coba lagi")
    await refused.until_banner(_PAUSED)
    assert await refused.submit("/inbox", "/sending/resume") == 303
    await refused.meta.wait_until(lambda: len(refused.meta.requests) == 2)
    await refused.until_banner(_PAUSED)
    assert await refused.status_of(message) == "pending"


async def test_what_waited_too_long_is_held_for_a_decision(refused: Site, time: FakeClock) -> None:
    """After half an hour nothing goes out silently: sent if somebody says so, withdrawn if somebody says so."""
    kept, withdrawn = await refused.reply("Masih berlaku"), await refused.reply("Sudah basi")
    await refused.until_banner(_PAUSED)
    time.advance(31 * 60)
    _mend(refused)
    await refused.until_banner("2 pesan ditahan sampai ada yang memutuskan.")
    page = await refused.conversation()
    for message in (kept, withdrawn):
        assert await refused.delivery(message) == _HELD
        buttons = ["".join(each.itertext()) for each in (await refused.bubble(message)).iter("button")]
        assert buttons == ["Kirim sekarang", "Batalkan pengiriman"]
    assert refused.meta.accepted == []
    assert await refused.submit(page, f"/messages/{withdrawn}/cancel") == 303
    assert await refused.submit(page, f"/messages/{kept}/release") == 303
    await refused.until_status(kept, "delivered")
    assert (await refused.status_of(withdrawn), await refused.delivery(withdrawn)) == (
        "cancelled",
        "Dibatalkan sebelum diserahkan",
    )
    assert [taken.text for taken in refused.meta.accepted] == ["Masih berlaku"]
    assert await refused.banners() == []


async def test_what_is_new_after_the_mending_is_not_held(refused: Site, time: FakeClock) -> None:
    """What is held keeps only itself back: a new reply to somebody else goes at once."""
    held = await refused.reply("Lama")
    await refused.until_banner(_PAUSED)
    time.advance(31 * 60)
    _mend(refused)
    await refused.until_banner("1 pesan ditahan sampai ada yang memutuskan.")
    await refused.write("Hai", phone=BUDI, name="Budi")
    await refused.until_status(await refused.reply("Baru", phone=BUDI), "delivered")
    assert (await refused.message(held))["hold"] == "late"


async def test_a_decision_can_be_made_once(refused: Site, time: FakeClock) -> None:
    """Releasing what was withdrawn is refused with a reason, and nothing is sent."""
    message = await refused.reply("Dua keputusan")
    await refused.until_banner(_PAUSED)
    time.advance(31 * 60)
    _mend(refused)
    await refused.until_banner("1 pesan ditahan sampai ada yang memutuskan.")
    page = await refused.conversation(SITI)
    form = await refused.form(page, f"/messages/{message}/release")
    assert await refused.submit(page, f"/messages/{message}/cancel") == 303
    assert await refused.press(f"/messages/{message}/release", form) == 409
    assert refused.meta.accepted == []


async def test_what_a_stopped_program_left_waiting_is_held_as_well(tmp_path: Path, time: FakeClock) -> None:
    """A reply that could not go before a stop of more than half an hour waits for a decision at the next start."""
    async with open_meta(now=lambda: time.now) as meta:
        settings = make_settings(tmp_path, meta)
        async with open_site(settings, meta, clock=time.clock) as site:
            await site.write("Halo")
            await meta.stop()
            message = await site.reply("Sebelum berhenti")
        time.advance(31 * 60)
        await meta.start(port=int(meta.base_url.rpartition(":")[2]))
        async with open_site(settings, meta, clock=time.clock) as site:
            await site.until_banner("1 pesan ditahan sampai ada yang memutuskan.")
            assert await site.submit(await site.conversation(), f"/messages/{message}/release") == 303
            await site.until_status(message, "delivered")
            assert len(meta.accepted) == 1
