"""Signing in and out, as a browser does it."""

from http.cookies import SimpleCookie

import pytest
from aiohttp import CookieJar
from yarl import URL

from tests.clocks import FakeClock
from tests.web.parsed import text_of
from tests.web.served import OPERATOR, PASSWORD, Answer, Served
from wabridge.core import staff


async def test_a_password_opens_the_inbox(served: Served) -> None:
    """Login and password lead to the inbox, with a cookie that scripts cannot read."""
    await served.hire("siti")
    answer = await served.submit("/login", login=" Siti ", password=PASSWORD)
    assert (answer.status, answer.location) == (303, "/inbox")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["wabridge"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (await served.get("/inbox")).status == 200


async def test_nobody_is_led_to_the_form_and_back(served: Served) -> None:
    """Whoever opens a conversation signed out gets there after signing in."""
    await served.hire("siti")
    asked = await served.get("/account")
    assert asked.status == 303
    answer = await served.submit("/login", form=asked.location, login="siti", password=PASSWORD)
    assert answer.location == "/account"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/logout", ""])
async def test_signing_in_never_leads_elsewhere(served: Served, elsewhere: str) -> None:
    """A forged link to the form cannot send people to somebody else's page."""
    await served.hire("siti")
    form = await served.call("GET", "/login", params={"next": elsewhere})
    assert [field.get("value") for field in form.tree.all("input", name="next")] == ["/inbox"]
    answer = await served.submit("/login", login="siti", password=PASSWORD, next=elsewhere)
    assert answer.location == "/inbox"


async def test_a_wrong_password_and_an_unknown_login_look_alike(served: Served) -> None:
    """Nobody learns from the form who works here."""
    await served.hire("siti")
    wrong = await served.submit("/login", login="siti", password="something else")
    unknown = await served.submit("/login", login="budi", password="something else")
    assert (wrong.status, unknown.status) == (401, 401)
    assert _refusal(wrong) == _refusal(unknown) != ""


async def test_the_sixth_try_waits(served: Served, fake_clock: FakeClock) -> None:
    """After five failures even the right password waits, and the answer says how long."""
    await served.hire("siti")
    for _ in range(5):
        assert (await served.submit("/login", login="siti", password="something else")).status == 401
    answer = await served.submit("/login", login="siti", password=PASSWORD)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "900")
    fake_clock.advance(900)
    assert (await served.submit("/login", login="siti", password=PASSWORD)).status == 303


async def test_a_link_is_used_up_by_the_button_only(served: Served) -> None:
    """Previews may open a sign-in link; the button works once."""
    path = await _link(served)
    for _ in range(3):
        assert (await served.get(path)).status == 200
    assert (await served.submit(path)).location == "/inbox"
    assert (await served.get("/inbox")).status == 200
    assert (await served.get(path)).status == 404


async def test_a_second_press_of_the_link_does_no_harm(served: Served) -> None:
    """Whoever presses the button twice, or in two tabs, is signed in and not told that something is forbidden."""
    path = await _link(served)
    csrf = (await served.get(path)).tree.one("input", name="csrf").get("value", "")
    presses = [await served.call("POST", path, data={"csrf": csrf}, headers={"Origin": served.url}) for _ in range(2)]
    assert [(press.status, press.location) for press in presses] == [(303, "/inbox")] * 2


async def test_a_link_is_over_after_fifteen_minutes(served: Served, fake_clock: FakeClock) -> None:
    """A forgotten link opens nothing, not even with its form already on the screen."""
    path = await _link(served)
    page = (await served.get(path)).tree
    fake_clock.advance(15 * 60)
    csrf = page.one("input", name="csrf").get("value", "")
    answer = await served.call("POST", path, data={"csrf": csrf}, headers={"Origin": served.url})
    assert answer.status == 404
    assert (await served.get(path)).status == 404


async def test_an_invented_link_opens_nothing(served: Served) -> None:
    """A guess is told the same as a link that is over."""
    assert (await served.get("/signin/" + "a" * 43)).status == 404


async def test_the_form_binds_itself_to_the_browser(served: Served) -> None:
    """A sign-in form without its cookie is refused: nobody can be signed in as somebody else from outside."""
    await served.hire("siti")
    csrf = (await served.get("/login")).tree.one("input", name="csrf").get("value", "")
    served.http.cookie_jar.clear()
    fields = {"csrf": csrf, "login": "siti", "password": PASSWORD}
    answer = await served.call("POST", "/login", data=fields, headers={"Origin": served.url})
    assert answer.status == 403


async def test_signing_in_changes_the_session(served: Served) -> None:
    """A session that the browser had before is ended, not taken over."""
    await served.hire("siti")
    await served.sign_in()
    before = _session(served)
    assert (await served.submit(await _link(served))).status == 303
    after = _session(served)
    assert before != after
    for secret, status in ((before, 303), (after, 200)):
        _use(served, secret)
        assert (await served.get("/inbox")).status == status


async def test_signing_out_needs_the_form(served: Served) -> None:
    """A foreign page cannot sign anyone out; the button can, for good."""
    await served.sign_in()
    secret = _session(served)
    assert (await served.call("POST", "/logout", data={"csrf": "x"})).status == 403
    csrf = (await served.get("/account")).tree.all("input", name="csrf")[0].get("value", "")
    answer = await served.call("POST", "/logout", data={"csrf": csrf}, headers={"Origin": served.url})
    assert (answer.status, answer.location) == (303, "/login")
    _use(served, secret)
    assert (await served.get("/inbox")).status == 303


async def test_a_disabled_member_is_out_at_once(served: Served) -> None:
    """The next click of somebody who was disabled leads to the sign-in form."""
    siti = await served.hire("siti")
    await staff.ensure_owner(served.office)
    await served.submit("/login", login="siti", password=PASSWORD)
    assert (await served.get("/inbox")).status == 200
    member = await staff.get_by_login(served.office, "siti")
    assert member.id == siti.id
    await staff.disable(served.office, OPERATOR, member.id)
    assert (await served.get("/inbox")).status == 303


async def _link(served: Served) -> str:
    owner = await staff.ensure_owner(served.office)
    return f"/signin/{await staff.make_signin_link(served.office, OPERATOR, owner.id)}"


def _session(served: Served) -> str:
    jar = served.http.cookie_jar
    assert isinstance(jar, CookieJar)
    return next(cookie.value for cookie in jar if cookie.key == "wabridge")


def _use(served: Served, secret: str) -> None:
    served.http.cookie_jar.clear()
    served.http.cookie_jar.update_cookies({"wabridge": secret}, URL(served.url))


def _refusal(answer: Answer) -> str:
    return text_of(answer.tree.one("p", "refusal"))
