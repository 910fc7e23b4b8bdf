"""The road of a webhook, over a real socket."""

import asyncio
import gzip
import io
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.storage.disks import locked
from tests.web.served import VERIFY_TOKEN, Answer, Served, sign
from wabridge.model.limits import WEBHOOK_BYTES
from wabridge.web import keys, webhook

BODY = b'{"object":"whatsapp_business_account","entry":[]}'


async def stored(served: Served) -> list[object]:
    """Return the bodies on the disk."""
    return await column(served.office.database, "SELECT body FROM webhook ORDER BY id")


async def test_a_signed_delivery_is_on_the_disk_before_the_200(served: Served) -> None:
    """200 with an empty body means stored, byte for byte."""
    answer = await served.deliver(BODY)
    assert (answer.status, answer.body) == (200, b"")
    assert await stored(served) == [BODY]


async def test_headers_and_peer_are_kept_as_received(served: Served) -> None:
    """What Meta sent beside the body is evidence, in the spelling it came in."""
    await served.deliver(BODY, **{"X-Odd-Spelling": "Ya"})
    (headers,) = await column(served.office.database, "SELECT CAST(headers AS TEXT) FROM webhook")
    assert '["X-Odd-Spelling", "Ya"]' in str(headers)
    assert await column(served.office.database, "SELECT peer FROM webhook") == ["127.0.0.1"]


@pytest.mark.parametrize(
    "signature",
    ["sha256=" + "0" * 64, sign(BODY, "another secret"), sign(BODY).upper(), "sha1=abc", "sha256=", "x", "sha256=é"],
)
async def test_a_wrong_signature_gets_a_fixed_401(served: Served, signature: str) -> None:
    """Whatever is wrong with it, the answer is the same and nothing is stored."""
    answer = await served.deliver(BODY, signature=signature)
    assert (answer.status, answer.body) == (401, b"")
    assert await stored(served) == []


async def test_a_missing_signature_gets_the_same_401(served: Served) -> None:
    """A delivery without a signature is refused like one with a wrong one."""
    answer = await served.call("POST", "/webhook", data=BODY)
    assert (answer.status, answer.body) == (401, b"")


async def test_a_compressed_body_is_taken_as_it_is(served: Served) -> None:
    """The signature is over the bytes on the wire; nothing is inflated."""
    body = gzip.compress(BODY)
    answer = await served.deliver(body, **{"Content-Encoding": "gzip"})
    assert answer.status == 200
    assert await stored(served) == [body]


async def test_four_mebibytes_are_taken(served: Served) -> None:
    """The largest body that Meta could send is stored."""
    body = b"x" * WEBHOOK_BYTES
    answer = await _deliver_large(served, body)
    assert answer.status == 200
    assert await column(served.office.database, "SELECT length(body) FROM webhook") == [WEBHOOK_BYTES]


async def test_more_than_four_mebibytes_are_refused(served: Served) -> None:
    """A body that says that it is too large is refused unread."""
    answer = await _deliver_large(served, b"x" * (WEBHOOK_BYTES + 1))
    assert (answer.status, answer.body) == (413, b"")
    assert await stored(served) == []


async def test_a_body_that_hides_its_size_is_cut_off(served: Served) -> None:
    """Without a Content-Length the limit holds as well."""

    async def endless() -> object:
        for _ in range(5):
            yield b"x" * (1024 * 1024)

    answer = await served.call("POST", "/webhook", data=endless(), headers={"X-Hub-Signature-256": sign(b"")})
    assert answer.status == 413


async def test_a_caller_who_hangs_up_in_the_middle_leaves_nothing(served: Served) -> None:
    """Half a body is no body, and its place is free again."""
    _, writer = await asyncio.open_connection("127.0.0.1", served.port)
    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n"
    writer.write(f"{head}X-Hub-Signature-256: {sign(BODY[:10])}\r\n\r\n".encode() + BODY[:10])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await served.deliver(BODY)).status == 200
    assert await stored(served) == [BODY]
    places = served.app[keys.BODIES]
    async with asyncio.timeout(5):
        for _ in range(webhook.AT_ONCE):  # all of them can be taken
            await places.acquire()


async def test_strangers_who_dribble_keep_no_ordinary_webhook_out(served: Served) -> None:
    """With every place for slow bodies taken, one that comes whole is stored and answered as ever."""
    places = served.app[keys.BODIES]
    for _ in range(webhook.AT_ONCE):
        await places.acquire()
    async with asyncio.timeout(2):
        assert (await served.deliver(BODY)).status == 200
    assert await stored(served) == [BODY]


async def test_a_disk_that_fails_gets_503_and_the_repeat_is_stored_once(served: Served, data_folder: Path) -> None:
    """Meta is told to come again, and when it does nothing is there twice."""
    with locked(data_folder / "wabridge.db"):
        answer = await served.deliver(BODY)
        assert (answer.status, answer.body) == (503, b"")
        assert answer.headers["Retry-After"]
    assert (await served.deliver(BODY)).status == 200
    assert (await served.deliver(BODY)).status == 200
    assert await stored(served) == [BODY]


async def test_the_same_body_ten_times_at_once_is_stored_once(served: Served) -> None:
    """Parallel repeats are answered 200 and stored once."""
    answers = await asyncio.gather(*(served.deliver(BODY) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert await stored(served) == [BODY]


async def test_the_handshake_repeats_the_challenge(served: Served) -> None:
    """Meta hears its challenge as plain text if the verify token is right."""
    answer = await served.call("GET", "/webhook", params=_handshake())
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.verify_token": "guess"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>alert(1)</script>"},
        {"hub.challenge": "1" * 129},
    ],
)
async def test_a_wrong_handshake_is_refused(served: Served, wrong: dict[str, str]) -> None:
    """Neither a guess nor a challenge that could be markup is repeated."""
    answer = await served.call("GET", "/webhook", params=_handshake() | wrong)
    assert (answer.status, answer.body) == (403, b"")


async def test_the_door_has_no_cookies_and_no_pages(served: Served) -> None:
    """The hot path carries nothing of the browser's world, not even in its errors."""
    for answer in (await served.deliver(BODY), await served.call("PUT", "/webhook"), await served.get("/webhook")):
        assert "Set-Cookie" not in answer.headers
        assert answer.body == b""


async def _deliver_large(served: Served, body: bytes) -> Answer:
    return await served.call("POST", "/webhook", data=io.BytesIO(body), headers={"X-Hub-Signature-256": sign(body)})


def _handshake() -> dict[str, str]:
    return {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
