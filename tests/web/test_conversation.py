"""Reading, answering, deciding: as it comes from the server."""

import asyncio
from pathlib import Path

import pytest

from tests.arrivals import column, text_message
from tests.clocks import FakeClock
from tests.storage.disks import locked
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of

PAGE = "/conversations/1"


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation in which somebody has asked something."""
    await receive(desk.office, "Kapan sidang saya?")
    return desk


async def texts(desk: Desk) -> list[object]:
    """Return what the office has written."""
    return await column(desk.office.database, "SELECT text FROM message WHERE direction = 'outbound' ORDER BY id")


async def unread(desk: Desk) -> list[object]:
    """Return what the inbox counts as unread."""
    return await column(desk.office.database, "SELECT unread FROM conversation")


async def test_opening_marks_as_seen(asked: Desk) -> None:
    """Who opens a conversation has seen it."""
    assert await unread(asked) == [1]
    await asked.show(PAGE)
    assert await unread(asked) == [0]


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"X-Wabridge-Background": "1"}])
async def test_what_nobody_looks_at_stays_unread(asked: Desk, headers: dict[str, str]) -> None:
    """A browser's guess and a tab in the background mark nothing as seen."""
    await asked.show(PAGE, **headers)
    assert await unread(asked) == [1]


async def test_a_reply_is_queued_and_shown(asked: Desk) -> None:
    """An answer leads back to the conversation, where it waits to be sent."""
    answer = await asked.post(PAGE + "/reply", text="Kamis pukul 10.", form_token=await asked.form_token(PAGE))
    assert (answer.status, answer.location) == (303, PAGE + "#latest")
    tree = await asked.show(PAGE)
    assert tree.texts("div", "text") == ["Kapan sidang saya?", "Kamis pukul 10."]
    assert tree.texts("p", "delivery") == ["Menunggu dikirim"]


async def test_a_form_sends_once_however_often_it_arrives(asked: Desk) -> None:
    """Ten presses of one form are one message."""
    token = await asked.form_token(PAGE)
    answers = await asyncio.gather(
        *(asked.post(PAGE + "/reply", text="Sekali saja", form_token=token) for _ in range(10))
    )
    assert {answer.status for answer in answers} == {303}
    assert await texts(asked) == ["Sekali saja"]


async def test_a_used_form_with_another_text_keeps_the_text(asked: Desk) -> None:
    """A form that has sent does not send something else; the new text comes back in a new form."""
    token = await asked.form_token(PAGE)
    await asked.post(PAGE + "/reply", text="Pertama", form_token=token)
    answer = await asked.post(PAGE + "/reply", text="Kedua", form_token=token)
    assert answer.status == 422
    assert answer.tree.one("textarea", id="text").text == "Kedua"
    assert answer.tree.one("input", name="form_token").get("value") != token
    assert await texts(asked) == ["Pertama"]


@pytest.mark.parametrize("text", ["x" * 4097, " \r\n\t "])
async def test_a_refused_text_comes_back_with_the_reason(asked: Desk, text: str) -> None:
    """What cannot be sent is neither lost nor cut."""
    answer = await asked.post(PAGE + "/reply", text=text, form_token="t")
    assert answer.status == 422
    assert answer.tree.one("textarea", id="text").text == text.replace("\r\n", "\n")
    assert answer.tree.one("p", "refusal").get("role") == "alert"
    assert await texts(asked) == []


async def test_a_closed_window_keeps_the_text(asked: Desk, fake_clock: FakeClock) -> None:
    """An answer that comes too late is refused with the reason, and its text stays."""
    token = await asked.form_token(PAGE)
    fake_clock.advance(24 * 3600)
    answer = await asked.post(PAGE + "/reply", text="Terlambat", form_token=token)
    assert answer.status == 409
    assert answer.tree.one("textarea", id="text").text == "Terlambat"
    assert "24 jam" in text_of(answer.tree.one("p", "refusal"))
    assert not answer.tree.all("form", "reply")


async def test_a_failing_disk_keeps_the_text_and_the_token(asked: Desk, data_folder: Path) -> None:
    """While the disk fails the text comes back in a form that still can send only once."""
    token = await asked.form_token(PAGE)
    csrf = await asked.csrf()
    with locked(data_folder / "wabridge.db"):
        answer = await asked.post(PAGE + "/reply", csrf=csrf, text="Simpan ini", form_token=token)
    assert answer.status == 503
    assert answer.tree.one("textarea", id="text").text == "Simpan ini"
    assert answer.tree.one("input", name="form_token").get("value") == token
    again = await asked.post(PAGE + "/reply", text="Simpan ini", form_token=token)
    assert again.status == 303
    assert await texts(asked) == ["Simpan ini"]


async def test_a_reply_without_a_token_is_refused(asked: Desk) -> None:
    """A form that could send twice is no form of ours."""
    assert (await asked.post(PAGE + "/reply", text="Halo")).status == 400


async def test_a_waiting_message_can_be_cancelled_once(asked: Desk) -> None:
    """What was not handed over is taken back; a second time is told that it is too late."""
    await asked.post(PAGE + "/reply", text="Salah kirim", form_token="t")
    answer = await asked.post("/messages/2/cancel")
    assert (answer.status, answer.location) == (303, PAGE + "#m2")
    again = await asked.post("/messages/2/cancel")
    assert again.status == 409
    assert "Terlambat" in text_of(again.tree.one("p", "refusal"))
    assert again.tree.texts("p", "delivery") == ["Dibatalkan sebelum diserahkan"]


@pytest.mark.parametrize("button", ["/messages/2/cancel", "/messages/2/release", PAGE + "/reply"])
async def test_the_address_of_a_refusal_can_be_loaded_anew(asked: Desk, button: str) -> None:
    """A refusal stands at its form's address; opened again that leads to the conversation, not to an error."""
    await asked.post(PAGE + "/reply", text="Baik", form_token="t")
    answer = await asked.get(button)
    assert (answer.status, answer.location.partition("#")[0]) == (303, PAGE)


async def test_a_held_message_can_be_let_go(asked: Desk) -> None:
    """What waited too long is sent when a person says so."""
    await asked.post(PAGE + "/reply", text="Tertahan", form_token="t")
    await asked.office.database.write(lambda tx: tx.run("UPDATE message SET hold = 'late' WHERE id = 2"))
    assert (await asked.show(PAGE)).all("form", action="/messages/2/release")
    assert (await asked.post("/messages/2/release")).status == 303
    assert await column(asked.office.database, "SELECT hold FROM message WHERE id = 2") == [None]


@pytest.mark.parametrize(
    "path", ["/conversations/99", "/conversations/0", "/conversations/9999999999999999999", "/nowhere"]
)
async def test_what_is_not_there_is_said_in_words(desk: Desk, path: str) -> None:
    """A wrong address leads to a page that says so."""
    answer = await desk.get(path)
    assert answer.status == 404
    assert answer.tree.texts("h1") == ["Halaman tidak ditemukan"]


async def test_older_messages_are_one_press_away(desk: Desk) -> None:
    """A long conversation shows its newest hundred and leads to the others; none is shown twice."""
    await receive(desk.office, *(text_message(f"pesan {n}", sent_at=desk.office.clock.now()) for n in range(130)))
    newest = await desk.show(PAGE)
    older = await desk.show(newest.one("p", id="earlier").find("a").get("href"))  # type: ignore[union-attr, arg-type]  # the link is there
    assert len(newest.all("li", "message")) == 100
    assert len(older.all("li", "message")) == 30
    assert not older.all("form", "reply")


async def test_a_signed_out_person_sees_nothing(desk: Desk) -> None:
    """Without a session every page leads to the sign-in."""
    desk.http.cookie_jar.clear()
    for path in ("/inbox", PAGE, "/account"):
        answer = await desk.get(path)
        assert (answer.status, answer.location.partition("?")[0]) == (303, "/login")
