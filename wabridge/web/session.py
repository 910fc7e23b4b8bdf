"""Browser sessions: the cookie, who is signed in, and forms that only our own pages can send.

Before anyone is signed in a form is bound to the browser by a cookie of its own (a signed double submit); afterwards by
the session. `bind_form` writes the first kind of cookie, `remember` the second.
"""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web

from wabridge.core import sessions
from wabridge.core.sessions import SignedIn
from wabridge.errors import BadRequest, FormExpired, NotSignedIn
from wabridge.web import bodies, keys

FORM_BYTES = 64 * 1024
_FORM_TYPE = "application/x-www-form-urlencoded"
TOKEN_CHARACTERS = 64
"""The longest token that a form is known by."""
_MAX_FIELDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,100}")
_SESSION, _FORM = "wabridge", "wabridge_form"


async def load(request: web.Request) -> None:
    """Find out who is signed in; raises StorageUnavailable."""
    secret = _cookie(request, _SESSION)
    found = secret and await sessions.find(request.app[keys.OFFICE], secret)
    if found:
        request[keys.SIGNED_IN] = found


def find_signed_in(request: web.Request) -> SignedIn | None:
    """Return who is signed in at this browser."""
    return request.get(keys.SIGNED_IN)


def signed_in(request: web.Request) -> SignedIn:
    """Return who is signed in at this browser; raises NotSignedIn."""
    found = find_signed_in(request)
    if found is None:
        raise NotSignedIn("nobody is signed in")
    return found


async def still_holds(request: web.Request) -> bool:
    """Say whether the session of a long answer is still open; raises StorageUnavailable."""
    secret = _cookie(request, _SESSION)
    return secret is not None and await sessions.is_open(request.app[keys.OFFICE], secret)


def remember(request: web.Request, answer: web.StreamResponse, secret: str) -> None:
    """Give the browser its session."""
    _set_cookie(request, answer, _SESSION, secret, max_age=int(sessions.IDLE.total_seconds()))


def forget(request: web.Request, answer: web.StreamResponse) -> None:
    """Take the session's cookie away from the browser."""
    _set_cookie(request, answer, _SESSION, "", max_age=0)


def csrf_field(request: web.Request) -> str:
    """Return what the field `csrf` of every form on this page must hold."""
    return sessions.csrf_token(request.app[keys.OFFICE], _binding(request) or _new_binding(request))


async def form(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form of ours; raises BadRequest, BodyTooLarge or FormExpired."""
    fields = await read(request)
    check(request, fields)
    return fields


async def read(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form, whosever it is; raises BadRequest or BodyTooLarge. Nothing is done on its word."""
    if request.content_type != _FORM_TYPE:
        raise BadRequest("this is not a form")
    body = await bodies.read(request, max_bytes=FORM_BYTES)
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError as error:
        raise BadRequest("the form has too many fields") from error


def check(request: web.Request, fields: Mapping[str, str]) -> None:
    """Make sure that a form came from this browser's own page; raises FormExpired."""
    binding = _binding(request)
    if binding is None or not sessions.check_csrf(request.app[keys.OFFICE], binding, fields.get("csrf", "")):
        raise FormExpired("the form is not from this browser's own page")


def next_token(fields: Mapping[str, str], *, is_same: bool) -> str:
    """Return the token of a form's next try. It is the same where nobody knows: two tries are never two messages."""
    kept = fields.get("form_token", "")[:TOKEN_CHARACTERS] if is_same else ""
    return kept or secrets.token_urlsafe(16)


async def begin(request: web.Request, secret: str) -> None:
    """Let the rest of this request be the person's who has just signed in; its answer needs `remember` as well."""
    found = await sessions.find(request.app[keys.OFFICE], secret)
    if found is None:
        raise NotSignedIn("the session has ended already")
    request[keys.SIGNED_IN] = found
    request[keys.SESSION_SECRET] = secret


def bind_form(request: web.Request, answer: web.StreamResponse) -> None:
    """Give the browser the secret that binds the sign-in form, if one was drawn."""
    secret = request.get(keys.FORM_SECRET)
    if secret is not None:
        _set_cookie(request, answer, _FORM, secret, max_age=None)


def _binding(request: web.Request) -> str | None:
    if keys.SIGNED_IN not in request:
        return _cookie(request, _FORM)
    return request.get(keys.SESSION_SECRET) or _cookie(request, _SESSION)


def _new_binding(request: web.Request) -> str:
    if keys.FORM_SECRET not in request:
        request[keys.FORM_SECRET] = secrets.token_urlsafe(32)
    return request[keys.FORM_SECRET]


def _cookie(request: web.Request, name: str) -> str | None:
    value = request.cookies.get(_name(request, name), "")
    return value if _SECRET.fullmatch(value) else None


def _set_cookie(
    request: web.Request, answer: web.StreamResponse, name: str, value: str, *, max_age: int | None
) -> None:
    answer.set_cookie(
        _name(request, name),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        secure=request.app[keys.ORIGINS].is_secure,
        samesite="Lax",
    )


def _name(request: web.Request, name: str) -> str:
    # The prefix makes browsers refuse the cookie from any other host and over plain http (RFC 6265bis, 4.1.3.2).
    return f"__Host-{name}" if request.app[keys.ORIGINS].is_secure else name
