"""The API as a program meets it."""

from typing import Any

import aiohttp
import pytest

from tests.journeys.site import SITI, Site


async def _queue(site: Site, key: str, said: dict[str, Any]) -> tuple[int, Any]:
    return await site.call("POST", "/messages", json=said, headers={"Idempotency-Key": key})


async def test_a_repeated_request_with_a_key_is_one_message(site: Site) -> None:
    """The same key and body give the first answer again, and the message is sent once."""
    await site.write("Halo")
    said = {"to": "+" + SITI, "text": "Sekali"}
    first, again = await _queue(site, "order-1", said), await _queue(site, "order-1", said)
    assert (first[0], again[0]) == (202, 202)
    assert first[1]["id"] == again[1]["id"]
    await site.until_status(first[1]["id"], "delivered")
    other = await _queue(site, "order-2", said)
    await site.until_status(other[1]["id"], "delivered")
    assert [taken.text for taken in site.meta.accepted] == ["Sekali", "Sekali"]


async def test_a_key_with_another_body_is_refused(site: Site) -> None:
    """The same key for something else is 422 with the reason, and nothing is sent for it."""
    await site.write("Halo")
    _, first = await _queue(site, "order-1", {"to": "+" + SITI, "text": "Yang pertama"})
    status, problem = await _queue(site, "order-1", {"to": "+" + SITI, "text": "Yang lain"})
    assert (status, problem["reason"]) == (422, "key_reused")
    await site.until_status(first["id"], "delivered")
    assert [taken.text for taken in site.meta.accepted] == ["Yang pertama"]


@pytest.mark.parametrize("spelling", ["081234567890", "6281234567890", "+62 812-3456-7890", "0812 3456 7890"])
async def test_a_number_in_any_spelling_is_one_person(site: Site, spelling: str) -> None:
    """However a program writes the number, it is the person who wrote, and no second contact."""
    await site.write("Halo")
    status, message = await site.call("POST", "/messages", json={"to": spelling, "text": "Salam"})
    assert status == 202
    await site.until_status(message["id"], "delivered")
    assert [taken.to for taken in site.meta.accepted] == ["+" + SITI]
    assert len(await site.contacts()) == 1


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({"to": "+6281200000009", "text": "Siapa?"}, 409, "window_closed"),
        ({"contact_id": 4711, "text": "Siapa?"}, 404, None),
        ({"to": "not a number", "text": "x"}, 422, "phone_unreadable"),
        ({"to": "+" + SITI, "text": "  "}, 422, "text_empty"),
        ({"to": "+" + SITI, "text": "x" * 4097}, 422, "text_too_long"),
        ({"to": "+" + SITI}, 422, "text_empty"),
        ({"text": "x"}, 422, None),
        ({"to": "+" + SITI, "contact_id": 1, "text": "x"}, 422, None),
        ({"to": 6281234567890, "text": "x"}, 422, None),
        ({"to": "+" + SITI, "text": "x", "template": "greeting"}, 422, None),
        ([], 422, None),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_a_reason(
    site: Site, said: object, status: int, reason: str | None
) -> None:
    """A request that makes no sense or that the rules forbid is a problem in its own status, and nothing is sent."""
    await site.write("Halo")
    found, problem = await site.call("POST", "/messages", json=said)
    assert (found, problem["status"], problem.get("reason")) == (status, status, reason)
    assert await site.texts() == ["Halo"]
    assert site.meta.requests == []


@pytest.mark.parametrize("body", [b"", b"{", b'{"to": ', b"\xff", b"text"])
async def test_a_body_that_is_no_json_is_a_bad_request(site: Site, body: bytes) -> None:
    """What is no JSON is 400 as a problem."""
    headers = {"Content-Type": "application/json"}
    async with site.api.post(f"{site.url}/api/v1/messages", data=body, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize("authorization", [None, "Bearer wab_wrong", "Bearer", "Basic d2Fi", "wab_x"])
@pytest.mark.parametrize(("method", "path"), [("GET", "contacts"), ("GET", "messages/1"), ("POST", "messages")])
async def test_without_a_valid_token_the_api_is_closed(
    site: Site, authorization: str | None, method: str, path: str
) -> None:
    """A missing, malformed or wrong token is 401, whatever is asked for."""
    headers = {} if authorization is None else {"Authorization": authorization}
    async with (
        aiohttp.ClientSession(headers=headers) as stranger,
        stranger.request(method, f"{site.url}/api/v1/{path}", json={}) as answer,
    ):
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_long_lists_are_read_page_by_page(site: Site) -> None:
    """Following `next` gives every message once, newest first."""
    for number in range(5):
        await site.write(f"Pesan {number}")
    (contact,) = await site.contacts()
    texts, params = [], {"limit": "2"}
    while True:
        status, page = await site.call("GET", f"/contacts/{contact['id']}/messages", params=params)
        assert (status, len(page["items"]) <= 2) == (200, True)
        texts += [message["text"] for message in page["items"]]
        if page["next"] is None:
            break
        params = {"limit": "2", "cursor": page["next"]}
    assert texts == [f"Pesan {number}" for number in reversed(range(5))]
