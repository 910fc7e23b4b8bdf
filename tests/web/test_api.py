"""The API as a program meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from tests.arrivals import ADA, BUDI, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import hear_from
from tests.storage.disks import locked
from tests.web.desk import receive
from tests.web.served import OPERATOR, Served
from wabridge.core import tokens
from wabridge.model.content import Content, Edit, Field, Media, Reaction, Revocation
from wabridge.model.event import InboundMessage
from wabridge.storage import numbers

TO_ADA = {"to": "+62 812-3456-7890", "text": "Selamat siang."}


async def ask(served: Served, method: str, path: str, **request: Any) -> tuple[int, Any]:
    """Call the API; returns status and decoded body."""
    answer = await served.call(method, "/api/v1" + path, **request)
    return answer.status, json.loads(answer.body)


async def hear(served: Served) -> None:
    """Let Ada write to the office's number."""
    number = served.office.settings.whatsapp.phone_number_id
    await served.office.database.write(lambda tx: numbers.ensure(tx, number))
    await hear_from(served.office, ADA)


async def test_contacts_are_listed(served: Served) -> None:
    """A contact has an id, a standing and the identities it is known by; times are RFC 3339 in UTC."""
    await hear(served)
    status, page = await ask(served, "GET", "/contacts", headers=await served.bearer())
    (ada,) = page["items"]
    assert (status, page["next"]) == (200, None)
    assert (ada["id"], ada["name"], ada["standing"]) == (1, "Ada Example", "lead")
    assert {(i["kind"], i["value"]) for i in ada["identities"]} == {("phone", ADA.phone), ("user_id", ADA.user_id)}
    assert ada["created_at"] == "2026-03-02T05:00:00Z"


async def test_a_list_goes_on_at_its_cursor(served: Served) -> None:
    """Two pages of one show both contacts once."""
    await hear(served)
    await hear_from(served.office, BUDI)
    headers = await served.bearer()
    _, first = await ask(served, "GET", "/contacts?limit=1", headers=headers)
    _, second = await ask(served, "GET", f"/contacts?limit=1&cursor={first['next']}", headers=headers)
    assert [page["items"][0]["name"] for page in (first, second)] == ["Budi Contoh", "Ada Example"]
    assert second["next"] is None


async def test_a_contacts_messages_are_listed(served: Served) -> None:
    """An inbound message has its text and no status of delivery."""
    await hear(served)
    status, page = await ask(served, "GET", "/contacts/1/messages", headers=await served.bearer())
    (message,) = page["items"]
    assert status == 200
    assert (message["direction"], message["text"], message["status"]) == ("inbound", "Halo", None)
    assert message["written_at"] == "2026-03-02T05:00:00Z"


async def test_an_answer_to_what_is_not_here_says_so(served: Served) -> None:
    """A program can tell an answer to an unknown message from one that answers none."""
    said = InboundMessage(PHONE_NUMBER_ID, "wamid.1", ADA, "text", text="Ya, itu", quoted_wamid="wamid.ELSEWHERE")
    await receive(served.office, said, structs.replace(said, wamid="wamid.2", quoted_wamid=None))
    _, page = await ask(served, "GET", "/contacts/1/messages", headers=await served.bearer())
    told = [(message["quoted_id"], message["quotes_unknown"]) for message in page["items"]]
    assert sorted(told, key=str) == [(None, False), (None, True)]


async def test_a_message_tells_its_content_and_what_was_done_to_it(served: Served) -> None:
    """Every name is there whether it is known or not; reactions, changes and withdrawals stand with their message."""
    photo = InboundMessage(
        PHONE_NUMBER_ID,
        "wamid.1",
        ADA,
        "image",
        content=Content(body=Media(kind="image", caption="KTP"), forwarded="once", more=(Field(("a", "b"), "c"),)),
        file_url="https://example.com/secret",
    )
    edit = Content(body=Edit(target_wamid="wamid.1", kind="image", body=Media(kind="image", caption="KTP baru")))
    thumb = Content(body=Reaction(target_wamid="wamid.1", emoji="👍"))
    gone = Content(body=Revocation(target_wamid="wamid.1"))
    done = [("edit", edit), ("reaction", thumb), ("revoke", gone)]
    effects = [InboundMessage(PHONE_NUMBER_ID, f"wamid.{kind}", ADA, kind, content=c) for kind, c in done]
    await receive(served.office, photo, *effects)
    _, page = await ask(served, "GET", "/contacts/1/messages", headers=await served.bearer())
    assert len(page["items"]) == 4
    (message,) = [item for item in page["items"] if item["kind"] == "image"]
    assert message["content"] == {
        "type": "media",
        "kind": "image",
        "caption": "KTP",
        "file_name": None,
        "mime_type": None,
        "file_id": None,
        "sha256": None,
        "is_voice": False,
        "is_animated": False,
    }
    assert (message["forwarded"], message["referral"], message["errors"]) == ("once", [], [])
    assert message["more"] == [{"name": ["a", "b"], "value": "c"}]
    assert [reaction["content"]["emoji"] for reaction in message["reactions"]] == ["👍"]
    assert [change["content"]["body"]["caption"] for change in message["edits"]] == ["KTP baru"]
    assert message["revoked_at"] is not None
    assert "https://" not in json.dumps(page)


async def test_a_text_is_queued(served: Served) -> None:
    """202 means on the disk: pending, with its author, at the place that Location names."""
    await hear(served)
    headers = await served.bearer("calendar")
    answer = await served.call("POST", "/api/v1/messages", json=TO_ADA, headers=headers)
    message = json.loads(answer.body)
    assert (answer.status, answer.location) == (202, f"/api/v1/messages/{message['id']}")
    assert (message["status"], message["text"], message["contact_id"]) == ("pending", "Selamat siang.", 1)
    assert message["author"] == {"kind": "token", "name": "calendar"}
    assert await ask(served, "GET", f"/messages/{message['id']}", headers=headers) == (200, message | {"uploads": []})


async def test_a_text_is_queued_for_a_contact(served: Served) -> None:
    """A contact's id names the recipient as well as a number does."""
    await hear(served)
    status, message = await ask(
        served, "POST", "/messages", json={"contact_id": 1, "text": "Halo"}, headers=await served.bearer()
    )
    assert (status, message["contact_id"]) == (202, 1)


async def test_a_key_makes_one_message(served: Served) -> None:
    """The same key and body give the first answer again, another body is refused, another token is another key."""
    await hear(served)
    headers = await served.bearer() | {"Idempotency-Key": "termin-17"}
    first = await ask(served, "POST", "/messages", json=TO_ADA, headers=headers)
    assert await ask(served, "POST", "/messages", json=TO_ADA, headers=headers) == first
    status, problem = await ask(served, "POST", "/messages", json=TO_ADA | {"text": "Lain"}, headers=headers)
    assert (status, problem["reason"]) == (422, "key_reused")
    other = await served.bearer("another") | {"Idempotency-Key": "termin-17"}
    status, message = await ask(served, "POST", "/messages", json=TO_ADA, headers=other)
    assert (status, message["id"]) == (202, first[1]["id"] + 1)


@pytest.mark.parametrize("key", ["x" * 201, "two words", "é"])
async def test_a_key_of_another_shape_is_refused(served: Served, key: str) -> None:
    """A key is short and visible."""
    await hear(served)
    headers = await served.bearer() | {"Idempotency-Key": key}
    assert (await ask(served, "POST", "/messages", json=TO_ADA, headers=headers))[0] == 400


async def test_outside_the_window_is_a_conflict(served: Served, fake_clock: FakeClock) -> None:
    """Free text a day later is refused with its reason, as is text to somebody who never wrote."""
    await hear(served)
    headers = await served.bearer()
    fake_clock.advance(24 * 3600)
    for wanted in (TO_ADA, TO_ADA | {"to": "+62 811 1111 111"}):
        status, problem = await ask(served, "POST", "/messages", json=wanted, headers=headers)
        assert (status, problem["reason"]) == (409, "window_closed")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[" * 30_000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b'{"to":"+6281234567890"}', 422),
        (b'{"to":"+6281234567890","text":7}', 422),
        (b'{"to":"+6281234567890","text":"x","colour":"red"}', 422),
        (b'{"text":"x"}', 422),
        (b'{"to":"+6281234567890","contact_id":1,"text":"x"}', 422),
        (b'{"to":"nobody","text":"x"}', 422),
        (b'{"to":"+6281234567890","text":" "}', 422),
        (b'{"contact_id":-1,"text":"x"}', 422),
        (b'{"contact_id":99999999999999999999,"text":"x"}', 422),
        (b'{"contact_id":999,"text":"x"}', 404),
        (b'{"text":"' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(served: Served, body: bytes, status: int) -> None:
    """Each mistake has its status, and the answer is a problem that says what is wrong."""
    headers = await served.bearer() | {"Content-Type": "application/json"}
    answer = await served.call("POST", "/api/v1/messages", data=body, headers=headers)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["detail"]
    assert await column(served.office.database, "SELECT count(*) FROM message") == [0]


async def test_a_text_beyond_the_limit_is_refused(served: Served) -> None:
    """A text that WhatsApp would not take is refused before it is queued."""
    await hear(served)
    wanted = TO_ADA | {"text": "x" * 4097}
    status, problem = await ask(served, "POST", "/messages", json=wanted, headers=await served.bearer())
    assert (status, problem["reason"]) == (422, "text_too_long")


@pytest.mark.parametrize(
    "given",
    [{}, {"Authorization": "Bearer wab_" + "x" * 43}, {"Authorization": "Bearer"}, {"Authorization": "Basic x"}],
)
@pytest.mark.parametrize("path", ["/contacts", "/contacts/1/messages", "/messages/1"])
async def test_without_a_token_there_is_nothing(served: Served, given: dict[str, str], path: str) -> None:
    """A missing or wrong token is 401 and says how to show one."""
    answer = await served.call("GET", "/api/v1" + path, headers=given)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_session_is_no_token(served: Served) -> None:
    """A signed-in browser cannot be led to use the API."""
    await served.sign_in()
    assert (await served.get("/api/v1/contacts")).status == 401


async def test_a_revoked_token_ends_at_once(served: Served) -> None:
    """The next call of a revoked token is refused."""
    headers = await served.bearer("calendar")
    assert (await ask(served, "GET", "/contacts", headers=headers))[0] == 200
    await tokens.revoke(served.office, OPERATOR, "calendar")
    assert (await ask(served, "GET", "/contacts", headers=headers))[0] == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/messages/99", 404),
        ("GET", "/messages/0", 404),
        ("GET", "/messages/" + "9" * 30, 404),
        ("GET", "/contacts/99/messages", 404),
        ("GET", "/nothing", 404),
        ("DELETE", "/messages/1", 405),
        ("GET", "/contacts?limit=0", 400),
        ("GET", "/contacts?limit=101", 400),
        ("GET", "/contacts?limit=²", 400),
        ("GET", "/contacts?cursor=x", 400),
    ],
)
async def test_what_is_not_there_is_a_problem(served: Served, method: str, path: str, status: int) -> None:
    """Whatever goes wrong, a program gets a problem in JSON."""
    answered, problem = await ask(served, method, path, headers=await served.bearer())
    assert (answered, problem["status"]) == (status, status)


async def test_only_json_is_taken(served: Served) -> None:
    """A body of another type is 415, so that no form on a foreign page is ever a call."""
    headers = await served.bearer()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        status, _ = await ask(
            served, "POST", "/messages", data=json.dumps(TO_ADA), headers=headers | {"Content-Type": kind}
        )
        assert status == 415


async def test_a_disk_that_fails_is_503(served: Served, data_folder: Path) -> None:
    """Nothing is queued while the disk fails, and reading goes on."""
    await hear(served)
    headers = await served.bearer()
    with locked(data_folder / "wabridge.db"):
        answer = await served.call("POST", "/api/v1/messages", json=TO_ADA, headers=headers)
        assert (answer.status, json.loads(answer.body)["reason"]) == (503, "storage_unavailable")
        assert answer.headers["Retry-After"]
        assert (await ask(served, "GET", "/contacts", headers=headers))[0] == 200
    assert (await ask(served, "POST", "/messages", json=TO_ADA, headers=headers))[0] == 202
