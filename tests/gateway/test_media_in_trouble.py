"""Files that do not come as they should, and what becomes of the files beside them."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NoReturn

import pytest
from aiohttp import web

from tests.arrivals import BUDI
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken
from tests.gateway.downloads import CONTENT, Fetching, bytes_of, file_of, message, receive, send
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.media import LIFETIME
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import media
from wabridge.whatsapp.media import MediaApi, open_session

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ApiOf = Callable[[Handler], Awaitable[tuple[MediaApi, str]]]


class Broken(MediaApi):
    """Meta's files, by a program with a fault of its own in it."""

    def open(self, url: str, *, access_token: str) -> NoReturn:
        """Raise what nobody thought of."""
        del url, access_token
        raise IndexError("nobody thought of it")


@pytest.fixture
async def api_of() -> AsyncIterator[ApiOf]:
    """Run a server that answers everything as it is told, as Meta's API; returns that and its address."""
    runners: list[web.AppRunner] = []
    async with open_session() as session:

        async def start(handler: Handler) -> tuple[MediaApi, str]:
            application = web.Application()
            application.router.add_route("*", "/{tail:.*}", handler)
            runner = web.AppRunner(application, shutdown_timeout=0.1)
            runners.append(runner)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            return MediaApi(session, api_url=url, api_version="v25.0"), url

        yield start
    for runner in runners:
        await runner.cleanup()


def image(file_id: str, **claims: str) -> dict[str, Any]:
    """Return the parts of a message with a picture that has no address."""
    return {"type": "image", "image": {"id": file_id, "mime_type": "image/jpeg", **claims}}


async def file_all(office: Office) -> None:
    """File whatever has arrived."""
    inbound = Inbound(office)
    while await inbound.look():
        pass


async def test_a_file_that_cannot_be_handled_stops_no_worker(office: Office, fetching: Fetching) -> None:
    """A fault that one file brings to light counts as a try of that file, and says so."""
    async with open_session() as session:
        await receive(office, message(image("1", url="https://lookaside.fbsbx.com/x"), at=office.clock.now()))
        async with fetching(api=Broken(session, api_url="https://graph.facebook.com", api_version="v25.0")) as fetcher:
            file = await fetcher.until_tried(1)
    assert (file.state, file.reason) == ("waiting", "fault")


@pytest.mark.parametrize("url", ["https://xn--facebook-.com/", "https://<[fe80::1%25eth0]%2f@", "https://a:99999/x"])
async def test_an_address_nobody_can_read_costs_nothing(
    office: Office, meta: PretendMeta, fetching: Fetching, url: str
) -> None:
    """The file is asked for by its id within the same try."""
    parts = meta.files.parts("document", meta.files.keep(CONTENT, "text/plain"), {})
    await receive(office, message({**parts, "document": {**parts["document"], "url": url}}, at=office.clock.now()))
    async with fetching() as fetcher:
        file = await fetcher.until(lambda file: file.state == "stored")
    assert file.tries == 0


async def test_a_permission_that_is_missing_for_one_file_stops_no_other(
    office: Office, fetching: Fetching, api_of: ApiOf
) -> None:
    """Another app's file is refused each time; what comes after it is fetched all the same, and at once."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/1"):
            return web.json_response({"error": {"code": 10, "message": "(#10) no permission"}}, status=400)
        if request.path.endswith("/2"):
            return web.json_response({"url": f"http://{request.host}/file"})
        return web.Response(body=CONTENT)

    for file_id in ("1", "2"):
        await receive(office, message(image(file_id), at=office.clock.now()))
    api, _ = await api_of(answer)
    async with fetching(api=api) as fetcher:
        refused = await fetcher.until_tried(1)
        await receive(office, message(image("2"), at=office.clock.now()))
        for media_id in (2, 3):
            await fetcher.until(lambda file: file.state == "stored", media_id)
    assert (refused.state, refused.reason) == ("waiting", "token")


async def test_another_token_brings_what_the_first_one_could_not(
    office: Office, fetching: Fetching, api_of: ApiOf, access_token: AccessToken
) -> None:
    """Nobody waits out a pause that began with another token, not even after a restart."""

    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer with-the-right":
            return web.json_response({"error": {"code": 200, "message": "(#200) no right"}}, status=403)
        if request.path.endswith("/file"):
            return web.Response(body=CONTENT)
        return web.json_response({"url": f"http://{request.host}/file"})

    api, _ = await api_of(answer)
    await receive(office, message(image("1"), at=office.clock.now()))
    async with fetching(api=api) as fetcher:
        await fetcher.until_tried(1)
    access_token.value = "with-the-right"
    async with fetching(api=api) as fetcher:
        await fetcher.until(lambda file: file.state == "stored")


async def test_without_a_token_each_file_says_what_it_waits_for(
    office: Office, meta: PretendMeta, fetching: Fetching, access_token: AccessToken
) -> None:
    """What nobody is fetching is not said to be on its way."""
    access_token.value = ""
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until(lambda file: file.reason is not None)
    assert (file.state, file.reason, file.tries) == ("waiting", "token", 0)


@pytest.mark.parametrize("claims", [{}, {"sha256": hashlib.sha256(CONTENT).hexdigest()}])
@pytest.mark.parametrize("page", ["text/html; charset=utf-8", "application/json"])
async def test_a_page_instead_of_a_file_is_never_kept_as_the_file(
    office: Office,
    fetching: Fetching,
    api_of: ApiOf,
    fake_clock: FakeClock,
    claims: dict[str, str],
    page: str,
) -> None:
    """Also when it comes twice alike: the file itself is still wanted, and comes."""
    is_well = False

    async def answer(request: web.Request) -> web.Response:
        if not request.path.endswith("/file"):
            return web.json_response({"url": f"http://{request.host}/file"})
        if is_well:
            return web.Response(body=CONTENT, headers={"Content-Type": "image/jpeg"})
        return web.Response(body=b"<h1>Sorry</h1>", headers={"Content-Type": page})

    await receive(office, message(image("1", **claims), at=office.clock.now()))
    api, _ = await api_of(answer)
    async with fetching(api=api) as fetcher:
        for tries in (1, 2):
            file = await fetcher.until_tried(tries)
            assert (file.state, file.reason) == ("waiting", "server")
            is_well = tries == 2
            fake_clock.now = file.next_try_at
            fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")
    assert await bytes_of(office) == CONTENT


async def test_a_page_that_was_sent_is_a_file(office: Office, fetching: Fetching, api_of: ApiOf) -> None:
    """Somebody may well send a page as a document."""

    async def answer(request: web.Request) -> web.Response:
        if not request.path.endswith("/file"):
            return web.json_response({"url": f"http://{request.host}/file"})
        return web.Response(body=CONTENT, headers={"Content-Type": "text/html"})

    parts = {"type": "document", "document": {"id": "1", "mime_type": "text/html; charset=utf-8"}}
    await receive(office, message(parts, at=office.clock.now()))
    api, _ = await api_of(answer)
    async with fetching(api=api) as fetcher:
        await fetcher.until(lambda file: file.state == "stored")


async def test_a_conversation_of_thousands_of_files_hides_no_other(
    office: Office, meta: PretendMeta, fetching: Fetching
) -> None:
    """More files of one person are due than are looked at together; another person's file comes at once."""
    meta.faults.add(Fault.MEDIA_SLOW)
    now = office.clock.now()
    parts = meta.files.parts("document", meta.files.keep(CONTENT, "text/plain"), {})
    await receive(office, *(message(parts, at=now) for _ in range(250)))
    await file_all(office)
    async with fetching() as fetcher:
        await fetcher.until(lambda _: len(meta.files.visits) >= 2)
        meta.faults.clear()
        await send(office, meta, sender=BUDI)
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored", media_id=251)
        assert (await file_of(office, 250)).state == "waiting"


async def test_what_is_new_comes_before_what_a_history_brought(office: Office) -> None:
    """Thousands of old files wait; the one that a client sends now is the next."""
    now = office.clock.now()
    await receive(office, *(message(image(f"{number}"), at=now, source="history") for number in range(1, 4)))
    await receive(office, message(image("new"), at=now, sender=BUDI))
    await file_all(office)
    due = await office.database.read(lambda tx: media.list_due(tx, now=now, implausible=now + LIFETIME, limit=9))
    assert [one.file.file_id for one in due] == ["new", "1", "2", "3"]


async def test_a_file_without_an_id_is_tried_again_by_its_address(
    office: Office, fetching: Fetching, api_of: ApiOf, fake_clock: FakeClock
) -> None:
    """A moment's disturbance does not take the only way to it."""
    answers = iter((503, 200))

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=next(answers), body=CONTENT, headers={"Content-Type": "image/jpeg"})

    api, url = await api_of(answer)
    parts = {"type": "image", "image": {"mime_type": "image/jpeg", "url": f"{url}/file"}}
    await receive(office, message(parts, at=office.clock.now()))
    async with fetching(api=api) as fetcher:
        fake_clock.now = (await fetcher.until_tried(1)).next_try_at
        fetcher.ring()
        await fetcher.until(lambda file: file.state == "stored")
