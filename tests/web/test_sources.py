"""A message as it came, for people and for programs."""

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.outbound import hear_from, reply
from tests.setaside import FIRST, body, message, misread, not_understood
from tests.web.desk import Desk
from tests.web.parsed import text_of
from tests.web.served import OPERATOR, Served
from wabridge.core.office import Office
from wabridge.gateway.statuses import Statuses
from wabridge.model.staff import Actor
from wabridge.whatsapp import cutouts

ADA_SAID, BUDI_SAID = "rahasia Ada", "rahasia Budi"
TWO_PEOPLE = body(message(ADA_SAID), message(BUDI_SAID, wamid="wamid.2", **{"from": "6281298765432"}))


async def ask(served: Served, message_id: int) -> tuple[int, Any]:
    """Return what the API gives for the source of a message."""
    answer = await served.call("GET", f"/api/v1/messages/{message_id}/source", headers=await served.bearer())
    return answer.status, json.loads(answer.body)


async def test_a_program_gets_the_very_bytes_of_one_person(served: Served) -> None:
    """The item's bytes, its checksum and that of the whole webhook, and nothing of whoever shared the webhook."""
    await misread(served.office, TWO_PEOPLE, {})
    status, said = await ask(served, 1)
    (source,) = said["items"]
    kept = base64.b64decode(source["bytes"])
    assert (status, source["part"], source["kind"], source["form"]) == (200, "shown", "message", "exact")
    assert json.loads(kept) == message(ADA_SAID)
    assert kept in TWO_PEOPLE
    assert source["sha256"] == hashlib.sha256(kept).hexdigest()
    assert source["size_bytes"] == len(kept)
    assert source["webhook"]["pointer"] == FIRST
    assert source["webhook"]["size_bytes"] == len(TWO_PEOPLE)
    assert BUDI_SAID not in json.dumps(said) + kept.decode()


async def test_the_checksum_of_the_webhook_is_the_doors(served: Served) -> None:
    """What is said of the whole webhook is what was taken of it when it came, not what is computed today."""
    await misread(served.office, TWO_PEOPLE, {})
    (row,) = await served.office.database.read(lambda tx: tx.all("SELECT digest FROM webhook"))
    _, said = await ask(served, 2)
    assert said["items"][0]["webhook"]["sha256"] == bytes(row["digest"]).hex()


async def test_every_content_under_one_id_has_its_source(served: Served) -> None:
    """An upgrade and a contradiction are sources of the message too, each with what it is."""
    waiting = message(type="unsupported", errors=[{"code": 131060, "title": "unavailable"}])
    del waiting["text"]
    for stored in (waiting, message("isi"), message("isi lain")):
        await misread(served.office, body(stored), {})
    _, said = await ask(served, 1)
    assert [(each["part"], each["webhook"]["id"]) for each in said["items"]] == [
        ("shown", 2),
        ("replaced", 1),
        ("conflicting", 3),
    ]


async def test_what_cannot_be_cut_out_is_marked_as_canonical(served: Served) -> None:
    """Where two things answer to the same place, canonical JSON stands for the bytes, and says so."""
    stray = json.dumps(message()).encode()
    stored = b'{"entry":[],"a":' + stray + b',"a":2,"a (repeated) 2":9}'
    await misread(served.office, stored, {"/a (repeated) 2": not_understood()})
    _, said = await ask(served, 1)
    (source,) = said["items"]
    found = cutouts.cut_out(stored, "/a (repeated) 2")
    assert found is not None
    assert (source["form"], base64.b64decode(source["bytes"])) == ("canonical", found.canonical)


async def test_a_place_where_nothing_lies_is_said_to_hold_nothing(served: Served) -> None:
    """If the stored webhook does not hold the item, no bytes are made up."""
    await misread(served.office, TWO_PEOPLE, {})
    await served.office.database.write(lambda tx: tx.run("UPDATE event SET pointer = '/entry/7' WHERE id = 1"))
    _, said = await ask(served, 1)
    assert [said["items"][0][key] for key in ("form", "bytes", "sha256")] == [None, None, None]


async def test_a_message_nobody_knows_has_no_source(served: Served) -> None:
    """An id that is none is 404, on the page and in the API."""
    assert (await ask(served, 99))[0] == 404


async def test_a_message_of_ours_has_the_reports_on_it(desk: Desk) -> None:
    """Before the first report the page says that nothing came; afterwards each report stands there as it came."""
    message_id = await _send(desk.office, desk.me.actor)
    page = await desk.show(f"/messages/{message_id}/source")
    assert "WhatsApp belum mengirim apa pun tentang pesan ini." in text_of(page.root)
    report = {"id": "wamid.OUT", "status": "delivered", "timestamp": "1772427600", "biz_opaque_callback_data": "a:1"}
    await misread(desk.office, body(statuses=[report]), {})
    (_, heading) = [text_of(each) for each in (await desk.show(f"/messages/{message_id}/source")).all("h2")]
    assert heading == "Laporan pengiriman"


async def test_the_page_says_how_far_a_message_came_by_both_clocks(desk: Desk) -> None:
    """Each rung has its sentence, Meta's time, ours, and who says so; that no report of displaying came is said."""
    message_id = await _send(desk.office, desk.me.actor)
    report = {"id": "wamid.OUT", "status": "delivered", "timestamp": "1772427600", "biz_opaque_callback_data": "a:1"}
    await misread(desk.office, body(statuses=[report]), {})
    await Statuses(desk.office.database, desk.office.broker, desk.office.clock).look()
    (ladder,) = (await desk.show(f"/messages/{message_id}/source")).all("section", "ladder")
    rows = [[text_of(cell) for cell in row.iter("td")] for row in ladder.iter("tr")][1:]
    assert [row[0].split(".")[0] for row in rows] == [
        "DisiapkanDicatat di sini untuk dikirim",
        "Sampai di perangkat (belum tentu dibaca)Meta melaporkan pesan sampai pada perangkat akun penerima",
    ]
    assert [row[1] for row in rows] == ["tidak disebutkan", "2 Mar 2026 12.00.00 WIB"]
    assert all("2026" in row[2] for row in rows)
    assert [row[3] for row in rows] == ["Sistem kantor ini", "Laporan status dari Meta"]
    assert "ketiadaan sinyal bukan bukti bahwa pesan tidak dibaca" in text_of(ladder)


async def test_a_program_gets_the_ladder(served: Served) -> None:
    """The API carries level, name, both times and the remarks; an inbound message has none."""
    message_id = await _send(served.office, OPERATOR)
    headers = await served.bearer()
    answer = await served.call("GET", f"/api/v1/messages/{message_id}", headers=headers)
    (step,) = json.loads(answer.body)["ladder"]["steps"]
    assert (step["level"], step["name"], step["at"], step["witness"]) == ("L0", "dicatat", None, "office")
    answer = await served.call("GET", "/api/v1/messages/1", headers=headers)
    assert json.loads(answer.body)["ladder"] is None


async def test_the_page_shows_one_item_behind_a_click(desk: Desk) -> None:
    """The time of a message leads to its page, which holds that message alone, closed at first, and both checksums."""
    await misread(desk.office, TWO_PEOPLE, {})
    (link,) = [a for a in (await desk.show("/conversations/1")).root.iter("a") if "/source" in a.get("href", "")]
    answer = await desk.get(link.get("href", ""))
    (details,) = answer.tree.all("details", "original")
    assert details.get("open") is None
    assert json.loads("".join(next(details.iter("pre")).itertext())) == message(ADA_SAID)
    (row,) = await desk.office.database.read(lambda tx: tx.all("SELECT digest FROM webhook"))
    assert bytes(row["digest"]).hex() in answer.text
    assert BUDI_SAID not in answer.text
    (back,) = [a for a in answer.tree.root.iter("a") if a.get("href", "").endswith("#m1")]
    assert (await desk.show(back.get("href", ""))).all("li", id="m1")


@pytest.mark.parametrize("path", ["/messages/1/source", "/api/v1/messages/1/source"])
async def test_nobody_sees_it_without_signing_in(desk: Desk, path: str) -> None:
    """Without a session the page leads to the sign-in; without a token the API answers 401."""
    await misread(desk.office, TWO_PEOPLE, {})
    await desk.post("/logout")
    answer = await desk.get(path)
    assert answer.status == 401 or answer.location.startswith("/login")


async def _send(office: Office, author: Actor) -> int:
    """Answer Ada, as far as the handing-over that carries the token `a:1`."""
    message_id = await reply(office, await hear_from(office), "Baik.", author=author)
    await office.database.write(
        lambda tx: tx.run(
            "INSERT INTO attempt (message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id,"
            " request_url, request_body, outcome) VALUES (?, 1, 'a:1', '', 0, 0, '', '', x'', 'open')",
            (message_id,),
        )
    )
    return message_id
