import json

import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.courier import signature
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.payloads import encode


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (
            b'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            b'{"object": "whatsapp_business_account", "entry": []}',
            "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
        ),
    ],
)
def test_signatures_match_the_test_vectors(body: bytes, digest: str) -> None:
    """The signature of the documented bodies is the documented one."""
    assert signature("test_app_secret", body) == f"sha256={digest}"


async def test_the_handshake_tells_right_from_wrong(meta: PretendMeta, office: Office) -> None:
    """The handshake is true for the echoed challenge, false for anything else or nobody."""
    assert await meta.handshake()
    meta.callback_url += "/elsewhere"
    assert not await meta.handshake()
    meta.callback_url = "http://127.0.0.1:1/webhook"
    assert not await meta.handshake()


async def test_a_client_message_arrives_signed_and_whole(meta: PretendMeta, office: Office) -> None:
    """What a client writes is posted once, signed, in Meta's envelope."""
    wamid = meta.client_writes(PHONE, "Sri Wahyuni", "Halo, ada déngan?")
    await meta.drain()
    assert office.headers[0]["Content-Type"] == "application/json"
    body = json.loads(office.bodies[0])
    assert body["object"] == "whatsapp_business_account"
    assert body["entry"][0]["id"] == meta.account.business_account_id
    change = body["entry"][0]["changes"][0]
    assert change["field"] == "messages"
    assert change["value"]["metadata"] == {
        "display_phone_number": meta.account.display_phone_number,
        "phone_number_id": meta.account.phone_number_id,
    }
    person = meta.handset(PHONE).person
    assert change["value"]["contacts"] == [
        {"profile": {"name": "Sri Wahyuni"}, "wa_id": PHONE[1:], "user_id": person.user_id}
    ]
    message = change["value"]["messages"][0]
    assert (message["id"], message["from"], message["type"]) == (wamid, PHONE[1:], "text")
    assert message["text"] == {"body": "Halo, ada déngan?"}
    assert message["timestamp"].isdigit()
    assert meta.courier.acknowledged == office.bodies


async def test_anything_but_200_is_repeated_with_the_same_bytes(meta: PretendMeta, office: Office) -> None:
    """A webhook answered 500, 202 or 302 comes again unchanged until it is answered 200."""
    office.refusals.extend([500, 202, 302])
    meta.client_writes(PHONE, "Sri", "Halo")
    await meta.drain()
    assert len(office.bodies) == 1
    assert (meta.courier.refused_count, meta.courier.acknowledged_count) == (3, 1)


async def test_a_door_that_is_shut_is_tried_again(meta: PretendMeta, office: Office) -> None:
    """While nobody listens the webhook waits, and arrives when the door is open again."""
    await office.close()
    meta.client_writes(PHONE, "Sri", "Halo")
    await meta.wait_until(lambda: meta.courier.unanswered_count >= 2)
    assert meta.courier.acknowledged == []
    await office.open()
    await meta.drain()
    assert len(office.values("messages")) == 1


async def test_a_door_that_hangs_up_is_tried_again(meta: PretendMeta, office: Office) -> None:
    """A connection closed without an answer is no 200."""
    office.is_silent = True
    meta.client_writes(PHONE, "Sri", "Halo")
    await meta.wait_until(lambda: meta.courier.unanswered_count >= 1)
    office.is_silent = False
    await meta.drain()
    assert meta.courier.acknowledged_count == 1


async def test_a_drain_that_cannot_end_says_so(meta: PretendMeta, office: Office) -> None:
    """Drain raises TimeoutError while a webhook is still refused."""
    office.refusals.extend([503] * 1000)
    meta.client_writes(PHONE, "Sri", "Halo")
    with pytest.raises(TimeoutError):
        await meta.drain(0.2)


def test_retries_grow_up_to_a_longest_pause() -> None:
    """The pause before a repetition doubles and stops growing at its limit."""
    behaviour = Behaviour(retry_first_seconds=1, retry_factor=2, retry_longest_seconds=5)
    assert [behaviour.retry_delay_seconds(n) for n in (1, 2, 3, 4, 5000)] == [1, 2, 4, 5, 5]


async def test_at_least_once_may_be_twice(meta: PretendMeta, office: Office) -> None:
    """With two copies each webhook is posted twice with the same bytes."""
    meta.behaviour.webhook_copies = 2
    meta.client_writes(PHONE, "Sri", "Halo")
    await meta.drain()
    assert len(office.bodies) == 2
    assert len(set(office.bodies)) == 1


async def test_acknowledged_bodies_need_not_be_kept(meta: PretendMeta, office: Office) -> None:
    """With the switch off only the count of acknowledged bodies is kept."""
    meta.behaviour.keep_acknowledged = False
    meta.client_writes(PHONE, "Sri", "Halo")
    await meta.drain()
    assert (meta.courier.acknowledged, meta.courier.acknowledged_count) == ([], 1)


async def test_raw_bodies_are_posted_once_as_given(meta: PretendMeta, office: Office) -> None:
    """`post` signs by itself, or sends exactly the headers it was given, and never repeats."""
    assert await meta.courier.post(b"{") == 200
    assert await meta.courier.post(b"{", {}) == 401
    assert await meta.courier.post(b"{", {"X-Hub-Signature-256": "sha256=00"}) == 401
    assert office.bodies == [b"{"]
    assert meta.courier.acknowledged == []


async def test_bytes_are_queued_as_they_are(meta: PretendMeta, office: Office) -> None:
    """A body given as bytes is signed and posted without being read."""
    meta.courier.enqueue(b'{"entry": "\xff"}')
    await meta.drain()
    assert office.bodies == [b'{"entry": "\xff"}']


def test_the_escape_style_is_metas_or_plain() -> None:
    """Bodies are ASCII with lower-case escapes, on request with escaped slashes or plain UTF-8."""
    assert encode({"name": "é/\ud83d"}) == b'{"name":"\\u00e9/\\ud83d"}'
    assert encode({"name": "é/"}, "ascii-slashes") == b'{"name":"\\u00e9\\/"}'
    assert encode({"name": "é/\ud83d"}, "utf-8") == b'{"name":"\xc3\xa9/\xed\xa0\xbd"}'


async def test_a_plain_utf8_body_is_signed_over_its_own_bytes(meta: PretendMeta, office: Office) -> None:
    """Whatever the escape style, the signature fits the bytes on the wire."""
    meta.behaviour.escape = "utf-8"
    meta.client_writes(PHONE, "Sri 🙏", "Halo")
    await meta.drain()
    assert "🙏".encode() in office.bodies[0]


async def test_statuses_by_hand_know_their_message(meta: PretendMeta, office: Office) -> None:
    """A status made by hand names recipient and callback data; one of a foreign message needs `to`."""
    meta.behaviour.report_sent = meta.behaviour.deliver = False
    await office.send(text_body(biz_opaque_callback_data="a:1"))
    wamid = meta.accepted[0].wamid
    meta.emit_status(wamid, "read")
    meta.emit_status("wamid.foreign", "delivered", to="+6281200008888")
    await meta.drain()
    mine, foreign = sorted(office.values("statuses"), key=lambda status: status["id"] != wamid)
    assert (mine["status"], mine["recipient_id"], mine["biz_opaque_callback_data"]) == ("read", PHONE[1:], "a:1")
    assert (foreign["recipient_id"], "biz_opaque_callback_data" in foreign) == ("6281200008888", False)
    with pytest.raises(LookupError):
        meta.emit_status("wamid.other", "sent")
