"""The office's own phone beside the program: what is typed there, what it hands over of the past, its address book."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.arrivals import column
from tests.journeys.site import SITI, Site, eventually
from wabridge.sandbox import payloads, scenes
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.payloads import Json
from wabridge.sandbox.scenes import Scene
from wabridge.storage import events, journal, phone_app
from wabridge.storage.database import Transaction

_TYPED = "Saya balas dari ponsel kantor."


def _siti(site: Site) -> Handset:
    return site.meta.handset(SITI, "Siti Rahayu")


def _scene(site: Site) -> Scene:
    return Scene(site.meta.account, _siti(site).person, datetime.now(UTC))


async def _deliver(site: Site, field: str, *values: Json) -> None:
    for value in values:
        body = payloads.encode(payloads.batch(site.meta.account, value, field=field))
        assert await site.meta.courier.post(body) == 200
    await _until_filed(site)


async def _until_filed(site: Site) -> None:
    def is_worked_off(tx: Transaction) -> bool:
        is_cut = events.watermark(tx) == journal.newest(tx) > 0
        return is_cut and events.find_oldest_new(tx) is None and events.find_oldest_backlog(tx) is None

    async def look() -> bool:
        return await site.office.database.read(is_worked_off)

    await eventually(look)


async def _type(site: Site, **more: Any) -> str:
    """Let somebody write in the phone app; returns the wamid."""
    field, value = scenes.echo(_scene(site))
    echo = value["message_echoes"][0]
    echo.update(more)
    await _deliver(site, field, value)
    return str(echo["id"])


async def _report(site: Site, wamid: str, *words: str) -> None:
    for word in words:
        site.meta.emit_status(wamid, word, to=SITI)
    await site.meta.drain()
    await _until_filed(site)


async def _only(site: Site) -> Json:
    (message,) = await site.messages()
    return message


async def test_what_is_typed_on_the_phone_stands_in_the_conversation(site: Site) -> None:
    """An echo is the office's message, marked, read, without a window, and nothing is sent because of it."""
    await _type(site)
    message = await _only(site)
    assert (message["direction"], message["text"], message["status"]) == ("outbound", _TYPED, None)
    assert (message["author"]["kind"], message["source"]) == ("app", "live")
    page = await site.get(await site.conversation())
    assert "Kantor, lewat aplikasi WhatsApp" in page
    assert "Belum dapat dibalas dengan teks bebas." in page
    assert await site.delivery(message["id"]) == "Ditulis di aplikasi WhatsApp; belum ada laporan lain dari WhatsApp"
    assert (await site.unread(), await site.banners()) == ([], [])
    assert await column(site.office.database, "SELECT count(*) FROM notification") == [0]
    assert site.meta.requests == []


async def test_reports_on_what_was_typed_on_the_phone_belong_to_it(site: Site) -> None:
    """A status of an echoed message raises its level, whichever of the two came first, and it is still never sent."""
    first = await _type(site)
    await _report(site, first, "sent", "delivered")
    message = await _only(site)
    assert message["status"] == "delivered"
    assert {event["status"] for event in message["events"]} == {"sent", "delivered"}
    assert "Sampai di perangkat" in await site.delivery(message["id"])
    await _report(site, "wamid.TYPED2", "read")
    await _type(site, id="wamid.TYPED2", text={"body": "Yang kedua"})
    assert await site.status_of((await site.messages())[-1]["id"]) == "read"
    await _report(site, first, "sent")
    assert await site.status_of(message["id"]) == "delivered"
    assert site.meta.requests == []


async def test_an_echo_of_what_went_out_from_here_is_no_second_message(site: Site) -> None:
    """If WhatsApp echoes a message of ours it stays one message, with its own status."""
    await site.write("Halo")
    message_id = await site.reply("Selamat pagi")
    await site.until_status(message_id, "delivered")
    (accepted,) = site.meta.accepted
    await _type(site, id=accepted.wamid, text={"body": "Selamat pagi"})
    assert await site.texts() == ["Halo", "Selamat pagi"]
    assert await site.status_of(message_id) == "delivered"


async def test_own_changes_apply_to_own_messages_alone(site: Site) -> None:
    """The office changes and deletes what it typed on the phone; nobody can change what the other side wrote."""
    theirs = await site.write("Tulisan klien")
    own = await _type(site)
    await _type(site, id="wamid.E1", type="edit", edit=_edit(own, "Saya balas besok."))
    await _type(site, id="wamid.E2", type="edit", edit=_edit(theirs, "Dipalsukan"))
    await _type(site, id="wamid.R1", type="revoke", revoke={"original_message_id": theirs})
    client, office = (await site.messages())[:2]
    assert [edit["text"] for edit in office["edits"]] == ["Saya balas besok."]
    assert (client["edits"], client["revoked_at"]) == ([], None)
    await _type(site, id="wamid.R2", type="revoke", revoke={"original_message_id": own})
    assert (await site.message(office["id"]))["revoked_at"] is not None


async def test_both_sides_may_react_to_one_message(site: Site) -> None:
    """A reaction from the office's phone stands beside the client's own, not in its place."""
    wamid = await site.write("Halo")
    for echo in (False, True):
        reaction = {"type": "reaction", "reaction": {"message_id": wamid, "emoji": "🙏" if echo else "👍"}}
        if echo:
            await _type(site, id="wamid.REACT", **reaction)
        else:
            message = payloads.message(_siti(site).person, reaction, at=datetime.now(UTC))
            await _deliver(site, "messages", payloads.value(site.meta.account, messages=[message]))
    message = await site.message((await site.messages())[0]["id"])
    assert {(each["direction"], each["content"].get("emoji")) for each in message["reactions"]} == {
        ("inbound", "👍"),
        ("outbound", "🙏"),
    }


async def test_history_comes_along_quietly(site: Site) -> None:
    """The past stands in its order with what the phone says of it; nothing is unread, opened, announced or on top."""
    await site.write("Halo, saya Budi", phone="6281298765432", name="Budi")
    site.meta.news.tell("history", _siti(site))
    await site.meta.drain()
    await _until_filed(site)
    question, answer, picture = await site.messages()
    assert (question["direction"], question["source"]) == ("inbound", "history")
    assert (answer["direction"], answer["author"]["kind"]) == ("outbound", "app")
    assert (answer["status"], answer["phone_status"]) == (None, "read")
    assert await site.delivery(answer["id"]) == "Ditampilkan, menurut ponsel; tanpa laporan dari sistem WhatsApp"
    assert (picture["kind"], picture["content"]["caption"], picture["versions"]) == ("image", "Foto lama", 1)
    names = (await site.show("/inbox")).texts("span", "name")
    assert names[0] == "Budi"
    assert await site.unread() == ["1"]
    assert await column(site.office.database, "SELECT window_opened_at FROM conversation WHERE unread = 0") == [None]
    state = await site.office.database.read(phone_app.find_history)
    assert state is not None
    assert (state.phase, state.progress, state.declined_at) == (1, 100, None)


async def test_history_in_another_order_and_twice_is_the_same(site: Site) -> None:
    """The picture may come before the chunk that announces it, and everything again: each message is there once."""
    scene = _scene(site)
    (_, chunk), (_, media) = scenes.history(scene), scenes.history_media(scene)
    later = payloads.value(site.meta.account) | {"history": [dict(chunk["history"][0], metadata={"phase": 2})]}
    await _deliver(site, "history", media, chunk, later, media)
    messages = await site.messages()
    assert sorted(message["kind"] for message in messages) == ["image", "text", "text"]
    assert [message["content"]["caption"] for message in messages if message["kind"] == "image"] == ["Foto lama"]


async def test_a_bad_message_of_the_past_costs_no_other(site: Site) -> None:
    """What cannot be understood within a thread is set aside alone."""
    _, chunk = scenes.history(_scene(site))
    thread = chunk["history"][0]["threads"][0]
    thread["messages"] += [None, {"id": "wamid.NOBODY", "type": "text"}, {"from": SITI, "timestamp": "1"}]
    await _deliver(site, "history", chunk)
    states = await column(site.office.database, "SELECT state FROM event ORDER BY id")
    assert sorted(map(str, states)) == ["done"] * 4 + ["quarantined"] * 3
    assert len([m for m in await site.messages() if m["kind"] != "unreadable"]) == 3
    assert await site.unread() == []


async def test_declined_history_is_a_fact(site: Site) -> None:
    """That the office keeps its past to itself is said, and nothing is in quarantine, with and without an envelope."""
    site.meta.news.tell("history_declined", _siti(site))
    await site.meta.drain()
    await site.until_banner("Aplikasi di ponsel tidak menyerahkan pesan-pesan lama.")
    bare = payloads.value(site.meta.account) | {"history": [{"errors": [{"code": 2593109, "title": "No"}]}]}
    assert await site.meta.courier.post(payloads.encode(bare)) == 200
    await _until_filed(site)
    assert await column(site.office.database, "SELECT DISTINCT state FROM event") == ["done"]
    state = await site.office.database.read(phone_app.find_history)
    assert state is not None
    assert (state.declined_code, state.progress) == (2593109, None)
    assert await site.submit("/inbox", "/notifications/history_declined/seen") == 303
    assert await site.banners() == []


async def test_the_address_book_names_people_first(site: Site) -> None:
    """The office's own name for a person is shown first, and of several the one that the phone said last."""

    def entry(action: str, at: datetime, name: str | None = None) -> Sequence[Json]:
        said = {"phone_number": SITI} | ({"full_name": name} if name else {})
        return [{"type": "contact", "contact": said, "action": action, "metadata": {"timestamp": payloads.seconds(at)}}]

    def book(entries: Sequence[Json]) -> Json:
        return payloads.value(site.meta.account) | {"state_sync": entries}

    now = datetime.now(UTC)
    await _deliver(site, "smb_app_state_sync", book(entry("add", now, "Ibu Siti (perkara 12)")))
    assert await site.contacts() == []
    await site.write("Halo")
    (contact,) = await site.contacts()
    assert (contact["name"], contact["own_name"]) == ("Ibu Siti (perkara 12)", "Ibu Siti (perkara 12)")
    assert contact["profile_name"] == "Siti Rahayu"
    page = await site.show(await site.conversation())
    assert page.texts("h1") == ["Ibu Siti (perkara 12)"]
    assert page.texts("span", "calls-self") == ["Di WhatsApp: Siti Rahayu"]
    await _deliver(site, "smb_app_state_sync", book(entry("add", now - timedelta(days=1), "Nama lama")))
    assert (await site.contacts())[0]["own_name"] == "Ibu Siti (perkara 12)"
    await _deliver(site, "smb_app_state_sync", book(entry("remove", now + timedelta(seconds=5))))
    assert (await site.contacts())[0]["own_name"] == ""
    await _deliver(site, "smb_app_state_sync", book(entry("add", now + timedelta(seconds=2), "Terlambat")))
    assert (await site.contacts())[0]["own_name"] == ""


async def test_a_handover_is_a_line_of_the_conversation(site: Site) -> None:
    """That another party takes a conversation over or gives it back stands in it and counts as nobody's message."""
    site.meta.news.tell("handover", _siti(site))
    await site.meta.drain()
    await _until_filed(site)
    message = await _only(site)
    assert (message["kind"], message["source"]) == ("handover", "standby")
    assert message["content"] == {
        "type": "handover", "previous": "PREVIOUS", "new": "NEW", "note": "needs human", "fields": [],
    }  # fmt: skip
    page = await site.get(await site.conversation())
    assert "Pihak lain mengambil alih percakapan ini, atau mengembalikannya" in page
    assert await site.unread() == []


async def test_what_another_party_writes_is_its_own(site: Site) -> None:
    """An echo on standby is marked as another party's, and its report belongs to it."""
    _, value = scenes.echo(_scene(site))
    echo = value.pop("message_echoes")[0]
    status = {"id": echo["id"], "status": "read", "timestamp": echo["timestamp"], "recipient_id": SITI}
    standby = {"message_echoes": [echo], "statuses": [status]}
    await _deliver(site, "standby", value | {"standby": standby})
    message = await _only(site)
    assert (message["author"]["kind"], message["source"], message["status"]) == ("partner", "standby", "read")
    assert "Pihak lain atas nama kantor" in await site.get(await site.conversation())


def _edit(wamid: str, words: str) -> Json:
    return {"original_message_id": wamid, "message": {"type": "text", "text": {"body": words}}}
