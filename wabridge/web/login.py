"""Signing in and out."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from wabridge.core import sessions, signin
from wabridge.core.signin import NewSession
from wabridge.errors import NotFound, NotSignedIn, TooManyTries, WabridgeError
from wabridge.web import keys, rendering, session

_NEXT = re.compile(r"/(inbox|worklist|account|conversations/[1-9][0-9]{0,17})(\?[a-z0-9=&.]{1,100})?")
_LONGEST_LOGIN_SHOWN = 40


class Carried(NamedTuple):
    """What a form said that nobody was signed in to send. action: where signing in leads instead of /login."""

    action: str
    words: Mapping[str, str]
    had_file: bool


async def show_login(request: web.Request) -> web.Response:
    """Show the sign-in form."""
    if session.find_signed_in(request):
        raise web.HTTPSeeOther("/inbox")
    return await draw(request, next_path=request.query.get("next", ""))


async def login(request: web.Request) -> web.Response:
    """Sign in with a password and lead to where the person wanted to go."""
    if session.find_signed_in(request):  # in another tab, meanwhile
        raise web.HTTPSeeOther("/inbox")
    fields = await session.form(request)
    typed, next_path = fields.get("login", ""), fields.get("next", "")
    try:
        opened = await signin.sign_in(request.app[keys.OFFICE], typed, fields.get("password", ""))
    except TooManyTries as error:
        return await draw(request, status=429, error=error, typed=typed, next_path=next_path)
    except NotSignedIn as error:
        return await draw(request, status=401, error=error, typed=typed, next_path=next_path)
    raise await _welcome(request, opened, _checked(next_path))


async def show_signin_link(request: web.Request) -> web.Response:
    """Show the button of a sign-in link; looking at it uses nothing up."""
    member = await signin.peek_link(request.app[keys.OFFICE], request.match_info["secret"])
    return await rendering.render(request, "signin_link.html", status=200 if member else 404, link_for=member)


async def signin_link(request: web.Request) -> web.Response:
    """Sign in with a link, which is used up by it."""
    office, secret = request.app[keys.OFFICE], request.match_info["secret"]
    if session.find_signed_in(request) and await signin.peek_link(office, secret) is None:
        raise web.HTTPSeeOther("/inbox")  # the button was pressed twice, or in another tab
    await session.form(request)
    try:
        opened = await signin.redeem_link(office, secret)
    except NotFound:
        return await rendering.render(request, "signin_link.html", status=404, link_for=None)
    raise await _welcome(request, opened, "/inbox")


async def logout(request: web.Request) -> web.Response:
    """End this browser's session."""
    found = session.find_signed_in(request)
    if found is not None:
        await session.form(request)
        await sessions.end(request.app[keys.OFFICE], found.session_id)
    answer = web.HTTPSeeOther("/login")
    session.forget(request, answer)
    raise answer


async def _welcome(request: web.Request, opened: NewSession, next_path: str) -> web.HTTPSeeOther:
    """Lead a person in with a session of their own; one that this browser had before ends."""
    before = session.find_signed_in(request)
    if before is not None:
        await sessions.end(request.app[keys.OFFICE], before.session_id)
    answer = web.HTTPSeeOther(next_path)
    session.remember(request, answer, opened.secret)
    return answer


async def draw(
    request: web.Request,
    *,
    next_path: str = "",
    status: int = 200,
    error: WabridgeError | None = None,
    typed: str = "",
    carried: Carried | None = None,
) -> web.Response:
    """Return the sign-in form. carried: what it carries on until somebody signs in."""
    answer = await rendering.render(
        request,
        "login.html",
        status=status,
        error=error,
        login=typed[:_LONGEST_LOGIN_SHOWN],
        next=_checked(next_path),
        carried=carried,
    )
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def _checked(next_path: str) -> str:
    """Return a page of ours to go to, never somebody else's."""
    return next_path if _NEXT.fullmatch(next_path) else "/inbox"


ROUTES = (
    web.get("/login", show_login, name="login"),
    web.post("/login", login, name="login"),
    web.get("/signin/{secret:[A-Za-z0-9_-]{20,100}}", show_signin_link, name="signin_link"),
    web.post("/signin/{secret:[A-Za-z0-9_-]{20,100}}", signin_link, name="signin_link"),
    web.post("/logout", logout, name="logout"),
)
