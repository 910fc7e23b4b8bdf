"""What keeps other people's pages, names and eyes out."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.web.served import Answer, Served, serve
from wabridge.core import staff
from wabridge.core.office import Office
from wabridge.model.staff import Actor

PUBLIC = "https://wa.example.id"


@pytest.fixture
async def public(office: Office) -> AsyncIterator[Served]:
    """The server as it stands behind a proxy with TLS."""
    server = replace(office.settings.server, public_url=PUBLIC)
    async with serve(replace(office, settings=replace(office.settings, server=server))) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/login", "/inbox", "/nowhere", "/health", "/webhook", "/api/v1/contacts"])
async def test_every_answer_carries_the_headers(served: Served, path: str) -> None:
    """Pages, errors, redirections and machines' answers alike forbid frames, foreign scripts and sniffing."""
    headers = (await served.get(path)).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "wabridge"
    assert "Strict-Transport-Security" not in headers


async def test_assets_are_kept_by_browsers(served: Served) -> None:
    """An asset under its full address never changes; without the piece of hash it is not kept."""
    page = (await served.get("/login")).tree
    style = page.all("link", rel="stylesheet")[0].get("href", "")
    assert "immutable" in (await served.get(style)).headers["Cache-Control"]
    assert (await served.get(style.partition("?")[0])).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[", "x:y", "@"])
async def test_a_foreign_name_for_this_machine_is_refused(served: Served, host: str) -> None:
    """A page that points its own name here (DNS rebinding) reads nothing."""
    assert (await served.get("/login", Host=host)).status == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:1"])
async def test_this_machine_may_be_called_by_its_own_names(served: Served, host: str) -> None:
    """Loopback has several names, at any port."""
    assert (await served.get("/login", Host=host)).status == 200


async def test_the_public_name_is_ours_too(public: Served) -> None:
    """With a public address that name is let in, others are not."""
    assert (await public.get("/login", Host="wa.example.id")).status == 200
    assert (await public.get("/login", Host="other.example.id")).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_even_with_its_token(served: Served, headers: dict[str, str]) -> None:
    """What the browser says about the sender is believed before the form is read."""
    assert (await _choose_language(served, headers)).status == 403


async def test_a_form_without_its_token_is_refused(served: Served) -> None:
    """A right sender is not enough."""
    await served.sign_in()
    headers = {"Origin": served.url}
    for csrf in ("", "0" * 64, "é"):
        data = {"language": "en", "csrf": csrf}
        assert (await served.call("POST", "/account/language", data=data, headers=headers)).status == 403
    assert (await served.call("POST", "/account/language", data={"language": "en"}, headers=headers)).status == 403


async def test_a_form_of_ours_is_taken(served: Served) -> None:
    """A browser that hides its origin but says same-origin is believed; one that says nothing has the token."""
    for headers in ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {}, {"Origin": served.url}):
        assert (await _choose_language(served, headers)).status == 303


async def test_a_form_of_another_shape_or_size_is_refused(served: Served) -> None:
    """Only plain forms of a sensible size are read."""
    await served.sign_in()
    headers = {"Origin": served.url}
    answers = [
        await served.call("POST", "/account/language", json={}, headers=headers),
        await served.call("POST", "/account/language", data={"csrf": "x" * 70_000}, headers=headers),
        await served.call("POST", "/account/language", data={f"f{n}": "" for n in range(60)}, headers=headers),
    ]
    assert [answer.status for answer in answers] == [400, 413, 400]


async def test_behind_tls_cookies_are_bound_to_host_and_tls(public: Served) -> None:
    """With an https address cookies carry __Host- and Secure, answers HSTS."""
    answer = await public.get("/login", Host="wa.example.id")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-wabridge_form=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_behind_tls_the_public_origin_is_ours(public: Served) -> None:
    """A form sent from the public address is taken, one from the same host by plain http is not."""
    for origin, status in ((PUBLIC, 401), ("http://wa.example.id", 403)):
        page = await public.get("/login", Host="wa.example.id")
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        data = {"csrf": page.tree.one("input", name="csrf").get("value", ""), "login": "x", "password": "y"}
        headers = {"Host": "wa.example.id", "Origin": origin, "Cookie": cookie}
        assert (await public.call("POST", "/login", data=data, headers=headers)).status == status


async def test_the_log_names_the_route_and_nothing_else(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """The access line holds method, route name, status and time; never a path, a query, a secret."""
    caplog.set_level(logging.DEBUG)
    owner = await staff.ensure_owner(served.office)
    secret = await staff.make_signin_link(served.office, Actor("operator", 0, "test", "owner"), owner.id)
    await served.get(f"/signin/{secret}?name=Siti")
    lines = [record for record in caplog.records if record.name == "wabridge.web.middleware"]
    (line,) = [vars(record) for record in lines]
    assert (line["method"], line["route"], line["status"]) == ("GET", "signin_link", 200)
    assert line["ms"] > 0
    ours = [str(vars(record)) for record in caplog.records if not record.name.startswith(("asyncio", "aiohttp.client"))]
    assert not [text for text in ours if secret in text or "Siti" in text]


async def test_an_odd_method_is_not_repeated_in_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """A method that nobody needs here is refused, and is only "other" in the log."""
    caplog.set_level(logging.INFO)
    assert (await served.call("PROPFIND", "/inbox")).status == 405
    assert [vars(r)["method"] for r in caplog.records if r.name == "wabridge.web.middleware"] == ["other"]


async def test_errors_are_pages_for_people(served: Served) -> None:
    """Whoever is lost gets a page in words with a way back, in their own language."""
    answer: Answer = await served.get("/nowhere", **{"Accept-Language": "en"})
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.tree.all("a", href="/inbox")


async def _choose_language(served: Served, headers: dict[str, str]) -> Answer:
    await served.sign_in()
    csrf = (await served.get("/account")).tree.all("input", name="csrf")[0].get("value", "")
    return await served.call("POST", "/account/language", data={"language": "en", "csrf": csrf}, headers=headers)
