"""A send without a trustworthy answer: Meta settles it, or a person decides, and nothing is ever repeated by itself."""

from typing import Any

from tests.clocks import FakeClock
from tests.journeys.site import SITI, Site, eventually
from tests.web.parsed import text_of
from wabridge.sandbox import answers
from wabridge.sandbox.graph import RATE_LIMIT, UNDELIVERABLE

_ASK = "Apakah pesan ini sampai? Mohon putuskan."
_TWICE = "Klien mungkin menerima pesan ini dua kali."


async def _lose(site: Site, text: str = "Satu kali saja", *, taken: bool = True) -> int:
    """Let a reply time out; taken: after Meta took it. Meta reports nothing by itself."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo")
    site.meta.answers.append(answers.html(502, accepted=taken))
    message = await site.reply(text)
    await site.until_status(message, "unknown")
    return message


async def _resend(site: Site, message: int, *, attempts: int = 1) -> tuple[int, Any]:
    return await site.call("POST", f"/messages/{message}/resend", json={"attempts": attempts})


async def _close(site: Site, message: int, note: str = "Sudah ditelepon", *, attempts: int = 1) -> tuple[int, Any]:
    return await site.call("POST", f"/messages/{message}/close", json={"note": note, "attempts": attempts})


async def _worklist(site: Site) -> list[tuple[str, int]]:
    status, found = await site.call("GET", "/worklist")
    assert status == 200, found
    return [(each["kind"], each["message_id"]) for each in found["items"]]


async def test_a_person_is_asked_after_a_while_and_not_before(timed: Site, time: FakeClock) -> None:
    """Meta has a minute to report by itself; then conversation, worklist and API ask, with what is known."""
    message = await _lose(timed)
    assert _ASK not in text_of(await timed.bubble(message))
    status, problem = await _resend(timed, message)
    assert (status, problem["reason"]) == (409, "too_early")
    assert (await _close(timed, message))[1]["reason"] == "too_early"
    assert await _worklist(timed) == []
    time.advance(61)
    said = text_of(await timed.bubble(message))
    for words in (
        _ASK,
        "Yang diterima bukan jawaban dari Meta.",
        "HTTP 502",
        "Kirim lagi",
        "Tutup dengan catatan",
    ):
        assert words in said
    assert await _worklist(timed) == [("unknown", message)]
    assert "Tanpa jawaban dari Meta: 1" in await timed.get("/inbox")
    assert len(timed.meta.requests) == 1


async def test_sending_again_is_a_new_attempt_in_the_old_place(timed: Site, time: FakeClock) -> None:
    """It goes with a token of its own, before what waited behind it, exactly once."""
    message = await _lose(timed)
    behind = await timed.reply("Sesudahnya")
    time.advance(61)
    page = await timed.conversation()
    assert await timed.submit(page, f"/messages/{message}/resend") == 303
    await timed.until_status(message, "sent")
    await timed.until_status(behind, "sent")
    bodies = [request.body for request in timed.meta.requests]
    assert [body["text"]["body"] for body in bodies] == ["Satu kali saja", "Satu kali saja", "Sesudahnya"]
    assert len({body["biz_opaque_callback_data"] for body in bodies}) == 3
    assert "memutuskan untuk mengirim lagi" in text_of(await timed.bubble(message))
    known = await timed.message(message)
    assert (known["attempts"], known["resends"], [each["kind"] for each in known["decisions"]]) == (
        2,
        False,
        ["resend"],
    )


async def test_if_both_arrived_everybody_says_so(timed: Site, time: FakeClock) -> None:
    """A late status for the first attempt: page and API say that the client may have received it twice."""
    message = await _lose(timed)
    time.advance(61)
    assert (await _resend(timed, message))[0] == 202
    await timed.until_status(message, "sent")
    assert (await timed.message(message))["delivery"]["twice"] is False
    first, second = timed.meta.accepted
    timed.meta.emit_status(second.wamid, "delivered")
    timed.meta.emit_status(first.wamid, "delivered")
    await timed.until_reports(message, "delivered")
    await timed.catch_up()
    assert (await timed.message(message))["delivery"]["twice"] is True
    assert _TWICE in await timed.delivery(message)


async def test_what_was_settled_meanwhile_is_not_sent_again(timed: Site, time: FakeClock) -> None:
    """The page is open, Meta reports, then the button is pressed: refused with what happened, and nothing goes out."""
    message = await _lose(timed)
    time.advance(61)
    page = await timed.conversation()
    form = await timed.form(page, f"/messages/{message}/resend")
    timed.meta.emit_status(timed.meta.accepted[0].wamid, "delivered")
    await timed.until_status(message, "delivered")
    assert await timed.press(f"/messages/{message}/resend", form) == 409
    status, problem = await _resend(timed, message)
    assert (status, problem["reason"]) == (409, "already_answered")
    assert "delivered" in problem["detail"]
    assert (await _close(timed, message))[1]["reason"] == "already_answered"
    assert len(timed.meta.requests) == 1


async def test_a_decision_pressed_twice_is_one(timed: Site, time: FakeClock) -> None:
    """The same button twice leads to one attempt, even if the first has already led to it."""
    message = await _lose(timed)
    time.advance(61)
    form = await timed.form(await timed.conversation(), f"/messages/{message}/resend")
    assert await timed.press(f"/messages/{message}/resend", form) == 303
    await timed.until_status(message, "sent")
    assert await timed.press(f"/messages/{message}/resend", form) == 303
    await timed.until_status(await timed.reply("Penutup"), "sent")
    assert [request.body["text"]["body"] for request in timed.meta.requests] == ["Satu kali saja"] * 2 + ["Penutup"]


async def test_a_second_unknown_asks_again_and_does_not_repeat_itself(timed: Site, time: FakeClock) -> None:
    """The decision makes one attempt: if that one gets no answer either, a person is asked once more."""
    message = await _lose(timed)
    time.advance(61)
    timed.meta.answers.append(answers.html(502))
    assert (await _resend(timed, message))[0] == 202

    async def was_lost_again() -> bool:
        known = await timed.message(message)
        return (known["attempts"], known["status"]) == (2, "unknown") and len(timed.meta.requests) == 2

    await eventually(was_lost_again)
    time.advance(600)
    assert await _worklist(timed) == [("unknown", message)]
    assert (await _resend(timed, message))[0] == 202, "the first decision once more: it is used up and does nothing"
    await timed.until_status(await timed.reply("Penutup"), "sent")
    assert len(timed.meta.requests) == 3
    assert (await _resend(timed, message, attempts=2))[0] == 202
    await timed.until_status(message, "sent")


async def test_while_a_repetition_is_being_handed_over_nobody_decides(timed: Site, time: FakeClock) -> None:
    """The second attempt is under way and may still arrive: neither another one nor a note is taken then."""
    message = await _lose(timed)
    time.advance(61)
    timed.meta.answers.append(answers.Answer(accepts=False, delay_seconds=1.5, page=answers.html(502).page))
    assert (await _resend(timed, message))[0] == 202

    async def is_under_way() -> bool:
        return len(timed.meta.requests) == 2

    await eventually(is_under_way)
    assert (await timed.message(message))["attempts"] == 2
    assert (await _resend(timed, message, attempts=2))[1]["reason"] == "already_answered"
    assert (await _close(timed, message, attempts=2))[1]["reason"] == "already_answered"
    assert _ASK not in text_of(await timed.bubble(message))

    async def asks_again() -> bool:
        time.advance(61)
        return _ASK in text_of(await timed.bubble(message))

    await eventually(asks_again)
    await timed.until_status(await timed.reply("Penutup"), "sent")
    assert [request.body["text"]["body"] for request in timed.meta.requests] == ["Satu kali saja"] * 2 + ["Penutup"]


async def test_a_repetition_that_surely_did_not_go_is_tried_again(timed: Site, time: FakeClock) -> None:
    """Meta refuses the repetition for the moment: the decision still holds, and it goes out once."""
    message = await _lose(timed)
    time.advance(61)
    timed.meta.answers.append(answers.refuse(RATE_LIMIT))
    assert (await _resend(timed, message))[0] == 202
    await timed.until_tried(message)
    assert (await timed.message(message))["resends"] is True
    time.advance(3)
    await timed.until_status(message, "sent")
    assert len(timed.meta.requests) == 3


async def test_closing_with_a_note_frees_what_waits_and_claims_nothing(timed: Site, time: FakeClock) -> None:
    """Closed: neither sent nor failed, with who and why; later messages go, and the worklist is empty."""
    message = await _lose(timed)
    behind = await timed.reply("Sesudahnya")
    time.advance(61)
    page = await timed.conversation()
    assert await timed.submit(page, f"/messages/{message}/close", note="Ditelepon: belum sampai") == 303
    await timed.until_status(behind, "sent")
    said = text_of(await timed.bubble(message))
    assert "hasilnya tidak pernah diketahui" in said
    assert "Ditelepon: belum sampai" in said
    assert await timed.delivery(message) == "Hasilnya tidak pernah diketahui"
    known = await timed.message(message)
    assert (known["status"], known["is_closed"], known["decisions"][0]["note"]) == (
        "unknown",
        True,
        "Ditelepon: belum sampai",
    )
    assert await _worklist(timed) == []
    assert len(timed.meta.requests) == 2


async def test_whoever_has_not_seen_that_it_was_closed_does_not_send_it_again(timed: Site, time: FakeClock) -> None:
    """One closes it with a note, the other presses at once: refused with that; having seen it, it goes."""
    message = await _lose(timed)
    time.advance(61)
    page, again = await timed.conversation(), f"/messages/{message}/resend"
    form = await timed.form(page, again)
    assert (await _close(timed, message, "Klien membaca lewat telepon istrinya"))[0] == 200
    assert await timed.press(again, form) == 409
    assert (await _resend(timed, message))[1]["reason"] == "already_answered"
    assert len(timed.meta.requests) == 1
    assert await timed.submit(page, again) == 303
    await timed.until_status(message, "sent")
    assert (await timed.message(message))["is_closed"] is False


async def test_a_status_after_the_closing_still_counts(timed: Site, time: FakeClock) -> None:
    """Days later Meta reports: the level rises, and the remark stays that it had been closed."""
    message = await _lose(timed)
    time.advance(61)
    assert (await _close(timed, message))[0] == 200
    time.advance(3 * 24 * 3600)
    timed.meta.emit_status(timed.meta.accepted[0].wamid, "delivered")
    await timed.until_status(message, "delivered")
    said = text_of(await timed.bubble(message))
    assert "Sampai di perangkat" in said
    assert "Sesudah itu Meta masih melaporkannya." in said
    assert (await timed.message(message))["is_closed"] is False


async def test_a_note_is_needed_to_close(timed: Site, time: FakeClock) -> None:
    """Without a word of what is known nothing is closed."""
    message = await _lose(timed)
    time.advance(61)
    assert (await _close(timed, message, "  "))[1]["reason"] == "note_unfit"
    form = await timed.form(await timed.conversation(), f"/messages/{message}/close")
    assert await timed.press(f"/messages/{message}/close", {**form, "note": " "}) == 422
    assert (await timed.message(message))["is_closed"] is False


async def test_a_possible_match_is_shown_where_somebody_decides(timed: Site, time: FakeClock) -> None:
    """A failure that names nobody's message stands beside the question, and deciding takes the remark down."""
    message = await _lose(timed, taken=False)
    timed.meta.emit_status("wamid.nobody-knows", "failed", [UNDELIVERABLE.report()], to=SITI)
    await timed.until_banner("Meta melaporkan kegagalan yang mungkin menyangkut 1 pesan")
    time.advance(61)
    said = text_of(await timed.bubble(message))
    assert "Mungkin pesan ini." in said
    assert "Kode Meta 131026" in said
    assert (await _close(timed, message))[0] == 200
    assert await timed.banners() == []


async def test_outside_the_window_only_the_note_is_left(timed: Site, time: FakeClock) -> None:
    """After 24 hours it cannot be sent again; the page says why and still lets it be closed."""
    message = await _lose(timed)
    time.advance(25 * 3600)
    assert (await _resend(timed, message))[1]["reason"] == "window_closed"
    said = text_of(await timed.bubble(message))
    assert "Sekarang tidak dapat dikirim lagi" in said
    assert (await _close(timed, message))[0] == 200


async def test_a_waiting_repetition_can_be_withdrawn(timed: Site, time: FakeClock) -> None:
    """While all sending is stopped the decision can be taken back; the message is what it was: unknown."""
    message = await _lose(timed)
    time.advance(61)
    assert await timed.submit("/worklist", "/sending/stop", reason="Tunggu dulu") == 303
    assert (await _resend(timed, message))[0] == 202
    assert (await timed.message(message))["resends"] is True
    assert await timed.delivery(message) == "Akan dikirim lagi; hasil pengiriman sebelumnya tidak diketahui"
    assert (await timed.call("POST", f"/messages/{message}/cancel"))[0] == 200
    known = await timed.message(message)
    assert (known["status"], known["resends"]) == ("unknown", False)
    assert "Akhirnya tidak dikirim lagi." in text_of(await timed.bubble(message))
    assert len(timed.meta.requests) == 1


async def test_a_decision_lapses_when_meta_answers_first(timed: Site, time: FakeClock) -> None:
    """A repetition still waits when Meta reports the first attempt: it never goes, even if that one fails."""
    message = await _lose(timed)
    time.advance(61)
    assert await timed.submit("/worklist", "/sending/stop") == 303
    assert (await _resend(timed, message))[0] == 202
    wamid = timed.meta.accepted[0].wamid
    timed.meta.emit_status(wamid, "sent")
    await timed.until_status(message, "sent")
    timed.meta.emit_status(wamid, "failed", [UNDELIVERABLE.report()])
    await timed.until_status(message, "failed")
    form = await timed.form("/worklist", "/sending/resume")
    assert await timed.press("/sending/resume", form) == 303
    await timed.until_status(await timed.reply("Penutup"), "sent")
    assert [request.body["text"]["body"] for request in timed.meta.requests] == ["Satu kali saja", "Penutup"]


async def test_a_failure_can_be_sent_again_and_its_author_is_told(timed: Site, time: FakeClock) -> None:
    """131026: the author's own banner says so, the worklist names it, one press makes a new attempt."""
    await timed.write("Halo")
    timed.meta.answers.append(answers.refuse(UNDELIVERABLE))
    page = await timed.conversation()
    assert await timed.submit(page, page + "/reply", text="Mohon datang") == 303
    message = (await timed.messages())[-1]["id"]
    await timed.until_status(message, "failed")
    await timed.until_banner("Pesan Anda kepada Siti Rahayu tidak dapat disampaikan.")
    assert len(await timed.banners()) == 1
    assert await _worklist(timed) == [("failed", message)]
    assert await timed.submit(page, f"/messages/{message}/resend") == 303
    await timed.until_status(message, "delivered")
    assert await timed.banners() == []
    assert await _worklist(timed) == []
    assert [taken.text for taken in timed.meta.accepted] == ["Mohon datang"]


async def test_what_would_fail_again_is_not_sent_again(timed: Site) -> None:
    """A body Meta does not take is refused before it is queued again, and can be closed."""
    await timed.write("Halo")
    timed.meta.answers.append(answers.graph_error(400, 131009))
    message = await timed.reply("Bentuknya salah")
    await timed.until_status(message, "failed")
    assert (await _resend(timed, message))[1]["reason"] == "pointless"
    assert (await _close(timed, message))[0] == 200
    assert await _worklist(timed) == []


async def test_what_is_on_no_device_after_a_day_is_on_the_worklist(timed: Site, time: FakeClock) -> None:
    """Taken by Meta and never delivered: after a day somebody is told, and may close it with a note."""
    timed.meta.behaviour.deliver = False
    await timed.write("Halo")
    message = await timed.reply("Sampai?")
    await timed.until_status(message, "sent")
    assert await _worklist(timed) == []
    time.advance(24 * 3600 + 60)
    assert await _worklist(timed) == [("undelivered", message)]
    assert (await _close(timed, message))[0] == 200
    assert await _worklist(timed) == []


async def test_after_a_stop_nothing_stale_leaves_by_itself(timed: Site, time: FakeClock) -> None:
    """Stopped for more than half an hour: at the end of the stop both a reply and a repetition wait for a decision."""
    lost = await _lose(timed)
    time.advance(61)
    assert await timed.submit("/worklist", "/sending/stop", reason="Rapat") == 303
    assert (await _resend(timed, lost))[0] == 202
    later = await timed.reply("Juga menunggu")
    await timed.until_banner("menghentikan semua pengiriman")
    time.advance(31 * 60)
    assert sorted(await _worklist(timed)) == [("overdue", lost), ("overdue", later)]
    assert await timed.press("/sending/resume", await timed.form("/worklist", "/sending/resume")) == 303
    await timed.until_banner("2 pesan ditahan sampai ada yang memutuskan.")
    assert sorted(await _worklist(timed)) == [("held", lost), ("held", later)]
    assert len(timed.meta.requests) == 1
    for message in (lost, later):
        assert (await timed.call("POST", f"/messages/{message}/release"))[0] == 200
        await timed.until_status(message, "sent")
    assert [taken.text for taken in timed.meta.accepted] == ["Satu kali saja", "Satu kali saja", "Juga menunggu"]


async def test_a_program_may_ask_for_a_pause_of_its_own(timed: Site, time: FakeClock) -> None:
    """`undo_seconds` holds one message back for so long; without it a program's message goes at once."""
    await timed.write("Halo")
    body = {"to": "+" + SITI, "text": "Nanti", "undo_seconds": 30}
    status, queued = await timed.call("POST", "/messages", json=body)
    assert (status, queued["undo_until"] is not None) == (202, True)
    assert (await timed.call("POST", "/messages", json={**body, "undo_seconds": 301}))[0] == 422
    behind = await timed.reply("Sesudahnya")
    time.advance(31)
    await timed.until_status(behind, "delivered")
    assert [taken.text for taken in timed.meta.accepted] == ["Nanti", "Sesudahnya"]
