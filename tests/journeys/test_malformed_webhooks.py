"""What Meta should not send and somebody has: answered 200, kept, shown, and never at the cost of what is beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys import webhooks
from tests.journeys.site import BUDI, SITI, Site
from wabridge.model.ids import WebhookId
from wabridge.sandbox import payloads
from wabridge.sandbox.payloads import Json
from wabridge.storage import journal

_UNREADABLE = "Ada kiriman dari orang ini yang tidak dapat dipahami sistem"
_BANNER = "1 kiriman dari WhatsApp tidak dapat dipahami."


async def _deliver(site: Site, body: bytes) -> None:
    """Post a body; it must be answered 200 and kept to the byte."""
    assert await site.meta.courier.post(body) == 200
    newest = await site.office.database.read(journal.newest)
    before = WebhookId(newest - 1)
    kept = await site.office.database.read(
        lambda tx: journal.list_after(tx, before, limit=1, max_bytes=0, large_bytes=10**9)
    )
    assert [webhook.body for webhook in kept.webhooks] == [body]


def _value(webhook: Json) -> Json:
    value: Json = webhook["entry"][0]["changes"][0]["value"]
    return value


def _half_an_emoji_in_the_name(webhook: Json) -> None:
    _value(webhook)["contacts"][0]["profile"]["name"] = "Siti \ud83d"


def _a_time_that_is_a_number(webhook: Json) -> None:
    message = _value(webhook)["messages"][0]
    message["timestamp"] = int(message["timestamp"])


def _no_contacts(webhook: Json) -> None:
    del _value(webhook)["contacts"]


def _contacts_null(webhook: Json) -> None:
    _value(webhook).update(contacts=None, statuses=None, errors=None)


def _nested_without_end(webhook: Json) -> None:
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    _value(webhook)["messages"][0]["referral"] = deep


def _a_number_that_is_none(webhook: Json) -> None:
    _value(webhook)["messages"][0]["timestamp"] = float("nan")


def _a_number_of_seventy_bits(webhook: Json) -> None:
    _value(webhook)["messages"][0]["timestamp"] = 2**70


def _a_contact_that_is_no_object(webhook: Json) -> None:
    _value(webhook)["contacts"].insert(0, "Siti")


@pytest.mark.parametrize(
    "spoil",
    [
        _half_an_emoji_in_the_name,
        _a_time_that_is_a_number,
        _no_contacts,
        _contacts_null,
        _nested_without_end,
        _a_number_that_is_none,
        _a_number_of_seventy_bits,
        _a_contact_that_is_no_object,
    ],
)
@pytest.mark.parametrize("escape", ["ascii", "utf-8"])
async def test_a_message_with_something_odd_about_it_is_filed(
    site: Site, spoil: Callable[[Json], None], escape: Any
) -> None:
    """Half an emoji, a time of another type, missing or null lists, numbers without measure: the text arrives."""
    webhook = webhooks.webhook(site.meta, webhooks.message(site.meta, "Tetap sampai"))
    spoil(webhook)
    await _deliver(site, payloads.encode(webhook, escape))
    await site.until_filed("Tetap sampai")
    assert (await site.show(await site.conversation())).texts("div", "text") == ["Tetap sampai"]
    assert await site.banners() == []


async def test_half_an_emoji_does_not_cost_the_name(site: Site) -> None:
    """The rest of a name with half a character in it stays readable, on the page and in the API."""
    webhook = webhooks.webhook(site.meta, webhooks.message(site.meta, "Halo"))
    _half_an_emoji_in_the_name(webhook)
    await _deliver(site, payloads.encode(webhook))
    await site.until_filed("Halo")
    assert [contact["name"] for contact in await site.contacts()] == ["Siti \N{REPLACEMENT CHARACTER}"]
    assert (await site.show("/inbox")).texts("span", "name") == ["Siti \N{REPLACEMENT CHARACTER}"]


async def test_a_byte_order_mark_before_the_body_is_survived(site: Site) -> None:
    """A body that begins with a byte-order mark is read as if it did not."""
    await _deliver(site, b"\xef\xbb\xbf" + webhooks.body(site.meta, webhooks.message(site.meta, "Dengan BOM")))
    await site.until_filed("Dengan BOM")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"this is not JSON",
        b"{",
        b"null",
        b"NaN",
        b"1" * 5000,
        b"[" * 5000 + b"]" * 5000,
        b'{"entry":' * 2500 + b"1" + b"}" * 2500,
        b'"\xff\xfe"',
        b'{"object":"whatsapp_business_account","entry":null}',
        b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":null}]}',
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
async def test_a_body_that_says_nothing_is_kept_and_announced(site: Site, body: bytes) -> None:
    """What is no webhook at all is answered 200, kept, and every inbox says that it came; the next message arrives."""
    await _deliver(site, body)
    await site.until_banner(_BANNER)
    await site.write("Sesudahnya")
    assert await site.submit("/inbox", "/notifications/quarantined/seen") == 303
    assert await site.banners() == []


async def test_null_for_the_list_of_messages_is_announced(site: Site) -> None:
    """A change whose messages are null says nothing that could be shown, so a banner says that it came."""
    webhook = webhooks.webhook(site.meta)
    _value(webhook)["messages"] = None
    await _deliver(site, payloads.encode(webhook))
    await site.until_banner(_BANNER)


@pytest.mark.parametrize(
    "bad",
    [
        {"text": None},
        {"text": {"body": {"body": "x"}}},
        {"type": None},
        {"type": 5},
    ],
    ids=str,
)
async def test_one_bad_message_among_five_shows_as_a_placeholder(site: Site, bad: Json) -> None:
    """Four messages are filed and the fifth, whose sender is readable, leaves a placeholder in the conversation."""
    messages = [webhooks.message(site.meta, f"Pesan {number}") for number in range(5)]
    messages[2].update(bad)
    await _deliver(site, webhooks.body(site.meta, *messages))
    await site.until_filed("Pesan 4")
    page = await site.show(await site.conversation())
    assert page.texts("div", "text") == ["Pesan 0", "Pesan 1", "Pesan 3", "Pesan 4"]
    (placeholder,) = page.texts("p", "placeholder")
    assert _UNREADABLE in placeholder
    assert await site.unread() == []  # the page was looked at


@pytest.mark.parametrize("bad", [None, 7, "text", [], ["text"], {}], ids=str)
async def test_one_thing_among_five_that_is_no_message_is_announced(site: Site, bad: Any) -> None:
    """Four messages are filed; what has no sender is announced on top of every inbox."""
    messages: list[Any] = [webhooks.message(site.meta, f"Pesan {number}") for number in range(5)]
    messages[2] = bad
    await _deliver(site, webhooks.body(site.meta, *messages))
    await site.until_filed("Pesan 4")
    await site.until_banner(_BANNER)
    assert await site.texts() == ["Pesan 0", "Pesan 1", "Pesan 3", "Pesan 4"]


async def test_a_type_nobody_knows_shows_as_a_placeholder(site: Site) -> None:
    """A message of a type that Meta invents tomorrow stands in the conversation as what it is: another kind."""
    message = webhooks.message(site.meta, "") | {"type": "hologram", "hologram": {"id": "1"}}
    del message["text"]
    await _deliver(site, webhooks.body(site.meta, message))
    await site.catch_up()
    page = await site.show(await site.conversation())
    (placeholder,) = page.texts("p", "placeholder")
    assert placeholder.startswith("[Pesan jenis lain]")


async def test_a_field_without_a_reader_is_announced(site: Site) -> None:
    """A field that nothing here knows does not disappear: it is shown as it came, and a banner says that it did."""
    change = {"event": "FROM_TOMORROW", "level": 3}
    await _deliver(site, payloads.encode(payloads.batch(site.meta.account, change, field="brand_new_update")))
    await site.until_banner("Ada kabar dari Meta tentang akun WhatsApp kantor.")
    assert "FROM_TOMORROW" in await site.get("/whatsapp")


async def test_news_about_the_account_with_nothing_in_it_is_announced(site: Site) -> None:
    """An event of the account that cannot be read is set aside alone, and a banner says so."""
    await _deliver(site, payloads.encode(payloads.batch(site.meta.account, {}, field="account_update")))
    await site.until_banner(_BANNER)


async def test_what_came_for_another_number_is_neither_shown_nor_answered(site: Site) -> None:
    """An item for a number that isn't configured is kept: no contact, no message, and one remark that it came."""
    webhook = webhooks.webhook(site.meta, webhooks.message(site.meta, "Untuk kantor lain"))
    _value(webhook)["metadata"]["phone_number_id"] = "999999999999999"
    await _deliver(site, payloads.encode(webhook))
    await site.write("Untuk kami", phone=BUDI, name="Budi")
    assert [contact["name"] for contact in await site.contacts()] == ["Budi"]
    assert await site.texts(SITI) == []
    assert len(await site.banners()) == 1
    assert await site.submit("/inbox", "/notifications/foreign_messages/seen") == 303
    assert await site.banners() == []
    status, _ = await site.call("POST", "/messages", json={"to": "+" + SITI, "text": "Tidak boleh"})
    assert status == 409
    assert site.meta.requests == []


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "delivered",
        {},
        {"id": None, "status": "read"},
        {"id": "wamid.x", "status": None},
        {"id": "wamid.x", "status": "teleported", "timestamp": 2**70, "errors": 5, "recipient_id": ["x"]},
    ],
    ids=str,
)
async def test_an_odd_status_costs_nothing_beside_it(site: Site, bad: Any) -> None:
    """A status that makes no sense is answered 200; those before and behind it in the same list are applied."""
    site.meta.behaviour.report_sent = site.meta.behaviour.deliver = False
    await site.write("Halo")
    first, second = await site.reply("Satu"), await site.reply("Dua")
    await site.until_status(second, "sent")
    person, at = site.meta.handset(SITI).person, site.meta.accepted[0].accepted_at
    good = [payloads.status(taken.wamid, "delivered", at=at, person=person) for taken in site.meta.accepted]
    value = payloads.value(site.meta.account, statuses=[good[0], bad, good[1]])
    await _deliver(site, payloads.encode(payloads.batch(site.meta.account, value)))
    await site.until_status(first, "delivered")
    await site.until_status(second, "delivered")
