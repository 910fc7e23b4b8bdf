"""What the office sees of a delivery: it only gets better informed, and never claims more than Meta reported."""

import pytest

from tests.journeys.site import Site
from wabridge.sandbox import answers
from wabridge.sandbox.graph import UNDELIVERABLE

_SENT = "Terkirim"
_DELIVERED = "Sampai di perangkat (belum tentu dibaca)"
_READ = "Ditampilkan di WhatsApp klien"
_CONFLICT = "Meta juga melaporkan gagal"


@pytest.fixture
async def quiet(site: Site) -> Site:
    """A site with a person who wrote, whose phone reports nothing by itself."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo")
    return site


async def _sent(site: Site) -> tuple[int, str]:
    """Send a reply; returns its id and its wamid."""
    message = await site.reply("Balasan")
    await site.until_status(message, "sent")
    return message, site.meta.accepted[-1].wamid


async def test_accepted_is_not_called_sent_before_meta_says_so(quiet: Site) -> None:
    """Meta's 200 is shown as what it is, and `sent` only once the webhook came."""
    message, wamid = await _sent(quiet)
    said = await quiet.delivery(message)
    assert said.startswith("Diterima sistem WhatsApp")
    assert _SENT not in said
    quiet.meta.emit_status(wamid, "sent")
    await quiet.until_reports(message, "sent")
    assert _SENT in await quiet.delivery(message)


async def test_delivered_is_never_called_read(quiet: Site) -> None:
    """A delivered message says that it need not have been read, on its page and in the inbox."""
    message, wamid = await _sent(quiet)
    quiet.meta.emit_status(wamid, "delivered")
    await quiet.until_status(message, "delivered")
    said = await quiet.delivery(message)
    assert _DELIVERED in said
    assert _READ not in said
    (line,) = (await quiet.show("/inbox")).texts("span", "status")
    assert line == _DELIVERED


async def test_a_status_that_overtakes_the_answer_is_not_lost(site: Site) -> None:
    """The `sent` webhook before the answer with the wamid: one message, its report kept, nothing contradictory."""
    await site.write("Halo")
    site.meta.answers.append(answers.status_first())
    message = await site.reply("Cepat")
    await site.until_status(message, "delivered")
    await site.until_reports(message, "sent", "delivered")
    said = await site.message(message)
    assert (said["delivery"]["conflict"], said["delivery"]["twice"]) == (False, False)
    assert len(site.meta.accepted) == 1


async def test_read_before_delivered_implies_it_without_a_time(quiet: Site) -> None:
    """A `read` alone means that it arrived, at a time nobody knows."""
    message, wamid = await _sent(quiet)
    quiet.meta.emit_status(wamid, "read")
    await quiet.until_status(message, "read")
    said = await quiet.delivery(message)
    assert "Sampai (tersirat, waktunya tidak diketahui)" in said
    assert _READ in said
    quiet.meta.emit_status(wamid, "delivered")
    await quiet.until_reports(message, "read", "delivered")
    assert await quiet.status_of(message) == "read"
    assert _DELIVERED in await quiet.delivery(message)


@pytest.mark.parametrize("late", ["sent", "delivered", "read"])
async def test_late_and_repeated_reports_take_nothing_away(quiet: Site, late: str) -> None:
    """After `read` whatever comes late or again is kept and changes nothing."""
    message, wamid = await _sent(quiet)
    quiet.meta.emit_status(wamid, "read")
    await quiet.until_status(message, "read")
    parcels = [quiet.meta.emit_status(wamid, late) for _ in range(3)]
    for parcel in parcels:
        await parcel.arrived.wait()
    await quiet.until_reports(message, "read", late)
    assert await quiet.status_of(message) == "read"
    assert _READ in await quiet.delivery(message)


async def test_failed_beside_delivered_is_a_contradiction_that_is_shown(quiet: Site) -> None:
    """A failure after a delivery hides neither: the page says both, and that they contradict each other."""
    message, wamid = await _sent(quiet)
    quiet.meta.emit_status(wamid, "delivered")
    await quiet.until_status(message, "delivered")
    quiet.meta.emit_status(wamid, "failed", [UNDELIVERABLE.report()])
    await quiet.until_reports(message, "delivered", "failed")
    said = await quiet.message(message)
    assert (said["status"], said["delivery"]["conflict"]) == ("delivered", True)
    words = await quiet.delivery(message)
    assert _DELIVERED in words
    assert _CONFLICT in words


async def test_every_report_stands_on_the_page_with_its_times(quiet: Site) -> None:
    """Each status object is listed under its message, with Meta's time and ours."""
    message, wamid = await _sent(quiet)
    for word in ("sent", "delivered", "read"):
        quiet.meta.emit_status(wamid, word)
    await quiet.until_reports(message, "sent", "delivered", "read")
    bubble = await quiet.bubble(message)
    (body,) = list(bubble.iter("tbody"))
    rows = [["".join(cell.itertext()).strip() for cell in row.iter("td")] for row in body.iter("tr")]
    assert {row[0] for row in rows} == {_SENT, _DELIVERED, _READ}
    assert all(row[1] and row[2] for row in rows)
