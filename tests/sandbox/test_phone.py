from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from tests.sandbox.visitor import Visitor, Words
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.phone import PhonePage


@pytest.fixture
def handset(meta: PretendMeta, phone: PhonePage) -> Handset:
    """Return the phone of the client who is there from the start."""
    return meta.handset(PHONE)


async def test_a_client_is_there_already(visitor: Visitor) -> None:
    """The first page shows one plausible client, says it is pretend and that it forgets."""
    status, page = await visitor.see("/")
    words = Words(page)
    assert status == 200
    assert "Sri Wahyuni" in words
    assert "Ponsel tiruan" in words
    assert "dilupakan saat program dimulai ulang" in words


async def test_what_is_written_reaches_the_office(visitor: Visitor, office: Office, meta: PretendMeta) -> None:
    """A posted message becomes a webhook and stands on the page with how far it came."""
    status, _ = await visitor.post("messages", text="Halo\r\n<b>Pak</b> ")
    assert status == 200
    await meta.drain()
    assert office.values("messages")[0]["text"] == {"body": "Halo\n<b>Pak</b>"}
    _, page = await visitor.see()
    assert "<b>Pak</b>" in Words(page)
    assert "sampai di kantor" in Words(page)


async def test_a_reply_shows_and_is_read_when_the_page_is_seen(
    visitor: Visitor, office: Office, meta: PretendMeta
) -> None:
    """The office's answer is delivered at once and read only when someone looks at the page."""
    wamid = meta.client_writes(PHONE, "Sri Wahyuni", "Halo")
    await office.send(text_body(text="Selamat siang", context={"message_id": wamid}))
    answer = meta.accepted[0].wamid
    await meta.wait_until(lambda: "delivered" in office.words(answer))
    assert "read" not in office.words(answer)
    _, page = await visitor.see()
    assert "Selamat siang" in Words(page)
    assert any(tag == "blockquote" for tag, _ in Words(page).attributes)
    await meta.wait_until(lambda: "read" in office.words(answer))


async def test_turned_off_it_receives_nothing_and_later_everything(
    visitor: Visitor, office: Office, meta: PretendMeta
) -> None:
    """A message to a phone that is off stays sent; turning it on delivers what waited."""
    await visitor.post("switches", is_on="0")
    await office.send(text_body(text="Sudah sampai?"))
    wamid = meta.accepted[0].wamid
    await meta.wait_until(lambda: "sent" in office.words(wamid))
    _, page = await visitor.see()
    assert "Ponsel mati" in Words(page)
    assert "Sudah sampai?" not in Words(page)
    status, _ = await visitor.post("messages", text="Halo")
    assert status == 422
    await visitor.post("switches", is_on="1")
    await meta.wait_until(lambda: "delivered" in office.words(wamid))


async def test_with_the_chat_closed_nothing_is_read(
    visitor: Visitor, office: Office, meta: PretendMeta, handset: Handset
) -> None:
    """With blue ticks off a displayed message stays delivered until they are switched on."""
    await visitor.post("switches", is_chat_open="0")
    await office.send(text_body())
    wamid = meta.accepted[0].wamid
    await meta.wait_until(lambda: "delivered" in office.words(wamid))
    await visitor.see()
    assert handset.bubbles[-1].was_displayed
    assert "read" not in office.words(wamid)
    await visitor.post("switches", is_chat_open="1")
    await meta.wait_until(lambda: "read" in office.words(wamid))


async def test_more_clients_can_be_made(visitor: Visitor, office: Office, meta: PretendMeta) -> None:
    """A name and a number in local spelling make another phone, whose messages come from that number."""
    status, page = await visitor.post("clients", name="  Budi   Hartono ", number="0813-0000-7788")
    assert status == 200
    assert "Budi Hartono" in Words(page)
    async with visitor.session.post(
        visitor.origin + "/phones/2/messages", data={"text": "Halo"}, headers={"Origin": visitor.origin}
    ):
        await meta.drain()
    assert office.values("messages")[0]["from"] == "6281300007788"
    assert office.values("contacts")[0]["profile"] == {"name": "Budi Hartono"}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "", "number": "081300007788"}, "Isi nama"),
        ({"name": "x" * 61, "number": "081300007788"}, "Isi nama"),
        ({"name": "Budi", "number": "123"}, "Nomor itu tidak dapat dipakai"),
        ({"name": "Budi", "number": "1" * 16}, "Nomor itu tidak dapat dipakai"),
    ],
)
async def test_a_wrong_client_is_explained(visitor: Visitor, fields: dict[str, str], problem: str) -> None:
    """A name or number that can't be used is answered with a sentence and the form as it was."""
    status, page = await visitor.post("clients", **fields)
    assert status == 422
    assert problem in Words(page)
    inputs = [attributes for tag, attributes in Words(page).attributes if tag == "input"]
    values = [attributes["value"] for attributes in inputs if attributes.get("id") in fields]
    assert values == [fields["name"], fields["number"]]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4097])
async def test_an_empty_or_endless_message_is_refused(visitor: Visitor, meta: PretendMeta, text: str) -> None:
    """Nothing and too much are not sent, and the page says so."""
    status, page = await visitor.post("messages", text=text)
    assert status == 422
    assert "Isi pesan" in Words(page)
    assert meta.handset(PHONE).bubbles == []


async def test_it_speaks_english_on_request(phone: PhonePage) -> None:
    """The language button changes the page and is remembered."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        reader = Visitor(phone, session)
        await reader.post("language", language="en")
        _, page = await reader.see()
        assert "Pretend phone" in Words(page)
        assert "forgotten when it restarts" in Words(page)
        await reader.post("language", language="xx")
        assert "Pretend phone" in Words((await reader.see())[1])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
    ],
)
async def test_only_its_own_forms_may_write(visitor: Visitor, meta: PretendMeta, headers: dict[str, str]) -> None:
    """A write without or with another origin is refused."""
    url = visitor.origin + "/phones/1/messages"
    async with visitor.session.post(url, data={"text": "Halo"}, headers=headers) as response:
        assert response.status == 403
    assert meta.handset(PHONE).bubbles == []


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 403), ("127.0.0.1.evil.example", 403), ("[", 403), ("localhost:80", 200), ("[::1]:80", 200)],
)
async def test_it_answers_to_loopback_names_only(visitor: Visitor, host: str, status: int) -> None:
    """A name that is not loopback's is refused whatever it resolves to."""
    assert (await visitor.see(Host=host))[0] == status


async def test_every_answer_has_a_strict_policy(visitor: Visitor) -> None:
    """Pages, files and refusals allow no inline script or style and no other origin."""
    for path, status in (("/phones/1", 200), ("/phone.css", 200), ("/phone.js", 200), ("/phones/99", 404)):
        async with visitor.session.get(visitor.origin + path) as response:
            assert response.status == status
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    _, page = await visitor.see()
    for tag, attributes in Words(page).attributes:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "style"


async def test_uploads_are_refused(visitor: Visitor) -> None:
    """A multipart form, which would be spooled to a file, is not read."""
    form: Any = aiohttp.FormData({"text": "Halo"}, default_to_multipart=True)
    url = visitor.origin + "/phones/1/messages"
    async with visitor.session.post(url, data=form, headers={"Origin": visitor.origin}) as response:
        assert response.status == 415


async def test_changes_are_streamed_and_the_stream_ends_with_the_page(
    visitor: Visitor, phone: PhonePage, meta: PretendMeta
) -> None:
    """An open page hears of each change; stopping the page ends the stream."""
    version = meta.changes.version
    async with visitor.session.get(f"{visitor.origin}/phones/1/live?since={version}") as stream:
        assert stream.content_type == "text/event-stream"
        meta.client_writes(PHONE, "Sri", "Halo")
        assert (await stream.content.readline()).startswith(b"id: ")
        assert await stream.content.readline() == b"data: changed\n"
        await phone.stop()
        await stream.content.read()
    with pytest.raises(aiohttp.ClientConnectorError):
        await visitor.see()


async def test_a_version_from_before_a_restart_is_caught_up(visitor: Visitor) -> None:
    """A page that knows a later version than there is hears of a change at once."""
    headers = {"Last-Event-ID": "999999"}
    async with visitor.session.get(f"{visitor.origin}/phones/1/live", headers=headers) as stream:
        assert (await stream.content.readline()).startswith(b"id: ")
