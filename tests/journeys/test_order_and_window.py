"""In which order replies reach Meta, and when free text is refused."""

from datetime import UTC, datetime, timedelta

from tests.clocks import FakeClock
from tests.journeys import webhooks
from tests.journeys.site import BUDI, SITI, Site
from wabridge.sandbox import answers

_CLOSED = "WhatsApp hanya menerima teks bebas dalam 24 jam setelah orang ini terakhir menulis."


async def test_replies_to_one_person_reach_meta_in_order(site: Site) -> None:
    """Many replies to one person go one at a time, in the order they were written, however slow the first answer is."""
    await site.write("Halo")
    site.meta.answers.append(answers.slow(0.3))
    messages = [await site.reply(f"Bagian {number}") for number in range(5)]
    for message in messages:
        await site.until_status(message, "delivered")
    assert [taken.text for taken in site.meta.accepted] == [f"Bagian {number}" for number in range(5)]
    gaps = [later.at - earlier.at for earlier, later in zip(site.meta.requests, site.meta.requests[1:], strict=False)]
    assert gaps[0] >= timedelta(seconds=0.3)


async def test_one_persons_slow_answer_delays_nobody_else(site: Site) -> None:
    """While Meta keeps one reply waiting without an answer, a reply to somebody else arrives."""
    await site.write("Halo")
    await site.write("Hai", phone=BUDI, name="Budi")
    site.meta.answers.append(answers.hang_before_accepting())
    slow = await site.reply("Menggantung")
    await site.meta.wait_until(lambda: len(site.meta.requests) == 1)
    behind = await site.reply("Di belakangnya")
    await site.until_status(await site.reply("Cepat", phone=BUDI), "delivered")
    assert await site.status_of(behind) == "pending"
    assert [taken.text for taken in site.meta.accepted] == ["Cepat"]
    await site.meta.stop()  # ends the answer that hangs
    await site.until_status(slow, "unknown")


async def test_a_failed_message_does_not_hold_the_ones_behind_it(site: Site) -> None:
    """A final refusal settles its message, and the next one to the same person goes."""
    await site.write("Halo")
    site.meta.answers.append(answers.graph_error(400, 131009))
    first, second = await site.reply("Ditolak"), await site.reply("Berikutnya")
    await site.until_status(second, "delivered")
    assert await site.status_of(first) == "failed"


async def test_outside_the_window_free_text_is_refused_with_the_reason(site: Site) -> None:
    """A person who wrote 25 hours ago: the API answers 409 and why, the page has no form and says why."""
    old = webhooks.message(site.meta, "Kemarin", at=datetime.now(UTC) - timedelta(hours=25))
    await site.meta.courier.post(webhooks.body(site.meta, old))
    await site.until_filed("Kemarin")
    status, problem = await site.call("POST", "/messages", json={"to": "+" + SITI, "text": "Terlambat"})
    assert (status, problem["status"], problem["reason"]) == (409, 409, "window_closed")
    assert "24 hours" in problem["detail"]
    page = await site.show(await site.conversation())
    assert page.all("form", "reply") == []
    (note,) = page.texts("p", "closed")
    assert _CLOSED in note
    assert site.meta.requests == []


async def test_a_window_that_closes_while_somebody_writes_keeps_the_draft(timed: Site, time: FakeClock) -> None:
    """The form of an open window, sent after it closed, is refused with the reason and gives the text back."""
    await timed.write("Halo")
    path = await timed.conversation()
    form = {**await timed.form(path, f"{path}/reply"), "text": "Jawaban yang panjang"}
    time.advance(24 * 60 * 60)
    async with timed.page.post(f"{timed.url}{path}/reply", data=form, headers={"Origin": timed.url}) as answer:
        assert answer.status == 409
        said = await answer.text()
    assert "Tidak terkirim: sudah lewat 24 jam sejak orang ini terakhir menulis." in said
    assert "Jawaban yang panjang" in said
    await timed.write("Saya kembali")
    assert await timed.submit(path, f"{path}/reply", text="Jawaban yang panjang") == 303
    await timed.meta.wait_until(lambda: len(timed.meta.accepted) == 1)


async def test_a_window_that_closes_while_a_message_waits_fails_it(timed: Site, time: FakeClock) -> None:
    """What could not go before the window closed is not handed over any more: failed, with the sentence."""
    await timed.write("Halo")
    timed.meta.answers.append(answers.graph_error(503, 2))
    message = await timed.reply("Terlambat sehari")
    await timed.until_tried(message)
    time.advance(24 * 60 * 60)
    await timed.until_status(message, "failed")
    assert "WhatsApp menolak teks bebas" in "".join((await timed.bubble(message)).itertext())
    assert len(timed.meta.requests) == 1
