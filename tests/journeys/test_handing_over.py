"""What Meta's answer to a send makes of a message: sent, refused, tried again, or unknown and never repeated."""

import aiohttp
import pytest

from tests.clocks import FakeClock
from tests.journeys.site import BUDI, SITI, Site, open_meta
from wabridge import __version__
from wabridge.sandbox import answers
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.graph import RATE_LIMIT, UNDELIVERABLE

_UNKNOWN = "Belum ada jawaban pasti dari Meta. Tidak dikirim ulang otomatis."
_UNREACHABLE = (
    "WhatsApp tidak dapat menjangkau orang ini: tidak memakai WhatsApp, aplikasinya usang, "
    "atau ia memblokir nomor kantor."
)


async def test_a_final_refusal_is_failed_with_a_sentence(site: Site) -> None:
    """131026 is not tried again: the page says in Indonesian why it failed and what to do, with Meta's code."""
    await site.write("Halo")
    site.meta.answers.append(answers.refuse(UNDELIVERABLE))
    message = await site.reply("Selamat siang")
    await site.until_status(message, "failed")
    bubble = await site.bubble(message)
    said = [" ".join("".join(each.itertext()).split()) for each in bubble.iter("div") if each.get("class") == "failure"]
    assert len(said) == 1
    assert _UNREACHABLE in said[0]
    assert "Kode Meta 131026" in said[0]
    assert await site.delivery(message) == "Gagal"
    assert len(site.meta.requests) == 1


async def test_a_failure_reported_later_is_failed_with_a_sentence(site: Site) -> None:
    """Taken with 200 and reported failed by a status: failed, with the sentence and the time Meta gave."""
    await site.write("Halo")
    site.meta.answers.append(answers.accept_then_fail(UNDELIVERABLE))
    message = await site.reply("Selamat siang")
    await site.until_status(message, "failed")
    assert "Gagal" in await site.delivery(message)
    assert _UNREACHABLE in "".join((await site.bubble(message)).itertext())
    _, said = await site.call("GET", f"/messages/{message}")
    assert said["delivery"]["failure"]["code"] == UNDELIVERABLE.code


async def test_too_fast_is_tried_again_by_itself(timed: Site, time: FakeClock) -> None:
    """130429 leaves the message pending, and after a pause it goes out, once."""
    await timed.write("Halo")
    timed.meta.answers.append(answers.refuse(RATE_LIMIT))
    message = await timed.reply("Sabar")
    await timed.until_tried(message)
    assert await timed.status_of(message) == "pending"
    assert await timed.delivery(message) == "Belum diserahkan; akan dicoba lagi otomatis"
    time.advance(3)
    await timed.until_status(message, "delivered")
    assert [taken.text for taken in timed.meta.accepted] == ["Sabar"]
    assert len(timed.meta.requests) == 2


async def test_while_meta_cannot_be_reached_nothing_is_lost_or_unknown(timed: Site, time: FakeClock) -> None:
    """With Meta's port closed the message stays pending, and goes out once when Meta is back on the same port."""
    await timed.write("Halo")
    port = int(timed.meta.base_url.rpartition(":")[2])
    await timed.meta.stop()
    message = await timed.reply("Sesudah Meta kembali")
    await timed.until_tried(message)
    assert await timed.status_of(message) == "pending"
    await timed.meta.start(port=port)
    time.advance(3)
    await timed.until_status(message, "delivered")
    assert [taken.text for taken in timed.meta.accepted] == ["Sesudah Meta kembali"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answers.html(502), id="a page with 502"),
        pytest.param(answers.html(502, accepted=True), id="a page with 502 though it was taken"),
        pytest.param(answers.html(200), id="a page with 200"),
        pytest.param(answers.without_id(), id="200 without an id"),
        pytest.param(answers.empty(), id="200 and nothing"),
        pytest.param(answers.not_json(), id="200 and no JSON"),
        pytest.param(answers.huge(2 * 1024 * 1024), id="200 and far too much"),
        pytest.param(answers.graph_error(500, 131000), id="an error object that says nothing"),
        pytest.param(answers.reset_before_accepting(), id="a reset"),
        pytest.param(answers.cut_after_accepting(), id="half an answer"),
    ],
)
async def test_what_may_have_arrived_is_unknown_and_never_sent_again(site: Site, answer: Answer) -> None:
    """No trustworthy answer: the page says so, no second POST goes out, and what is for others goes on."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo")
    await site.write("Hai", phone=BUDI, name="Budi")
    site.meta.answers.append(answer)
    message = await site.reply("Satu kali saja")
    await site.until_status(message, "unknown")
    assert await site.delivery(message) == _UNKNOWN
    behind = await site.reply("Menunggu di belakangnya")
    await site.until_status(await site.reply("Untuk yang lain", phone=BUDI), "sent")
    assert (await site.status_of(behind), await site.status_of(message)) == ("pending", "unknown")
    assert [request.body["text"]["body"] for request in site.meta.requests] == ["Satu kali saja", "Untuk yang lain"]
    note = (await site.show(await site.conversation())).texts("p", "waiting")
    assert len(note) == 1


async def test_a_redirect_is_not_followed(site: Site) -> None:
    """A 307 is an unknown outcome, and nobody calls the address it names."""
    await site.write("Halo")
    async with open_meta() as elsewhere:
        target = f"{elsewhere.base_url}/v25.0/{elsewhere.account.phone_number_id}/messages"
        site.meta.answers.append(answers.redirect(target))
        message = await site.reply("Tidak ikut")
        await site.until_status(message, "unknown")
        assert elsewhere.requests == []
    assert len(site.meta.requests) == 1


async def test_after_the_settling_time_the_rest_goes_on(timed: Site, time: FakeClock) -> None:
    """An unknown send holds its contact for the settling time, then what waits behind it goes; itself it never does."""
    timed.meta.behaviour.report_sent = timed.meta.behaviour.deliver = False
    await timed.write("Halo")
    timed.meta.answers.append(answers.html(502))
    first = await timed.reply("Tidak jelas")
    await timed.until_status(first, "unknown")
    second = await timed.reply("Sesudahnya")
    time.advance(121)
    await timed.until_status(second, "sent")
    assert await timed.status_of(first) == "unknown"
    assert [request.body["text"]["body"] for request in timed.meta.requests] == ["Tidak jelas", "Sesudahnya"]


async def test_an_unknown_send_is_settled_by_its_status_and_lets_the_rest_go(site: Site) -> None:
    """The status webhook that carries the attempt's token settles it at once, and what waited behind it goes out."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo")
    site.meta.answers.append(answers.html(502, accepted=True))
    first = await site.reply("Ternyata sampai")
    await site.until_status(first, "unknown")
    second = await site.reply("Sesudahnya")
    taken = site.meta.accepted[0]
    site.meta.emit_status(taken.wamid, "sent")
    await site.until_status(first, "sent")
    await site.until_status(second, "sent")
    assert [each.text for each in site.meta.accepted] == ["Ternyata sampai", "Sesudahnya"]


async def test_a_failure_that_names_neither_token_nor_message_is_only_shown(site: Site) -> None:
    """A failed status of an unknown wamid to the recipient of an open unknown is a possible match, never applied."""
    await site.write("Halo")
    site.meta.answers.append(answers.html(502))
    message = await site.reply("Tidak jelas")
    await site.until_status(message, "unknown")
    site.meta.emit_status("wamid.nobody-knows", "failed", [UNDELIVERABLE.report()], to=SITI)
    await site.until_banner("Meta melaporkan kegagalan yang mungkin menyangkut 1 pesan")
    assert await site.status_of(message) == "unknown"


async def test_the_door_of_meta_sees_no_private_header(site: Site) -> None:
    """A send carries the bearer token, our words and nothing that says more about the machine it comes from."""
    await site.write("Halo")
    await site.until_status(await site.reply("Polos"), "delivered")
    (request,) = site.meta.requests
    assert request.headers["User-Agent"] == f"wabridge/{__version__}"
    assert aiohttp.hdrs.COOKIE not in request.headers
    assert request.body["biz_opaque_callback_data"].startswith("a:")
    assert set(request.body) == {
        "messaging_product",
        "recipient_type",
        "to",
        "type",
        "text",
        "biz_opaque_callback_data",
    }
