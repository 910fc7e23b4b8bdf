"""A form that was sent after its session had ended: signing in brings back what was typed, nothing else happens.

The words travel in hidden fields of the sign-in form, from the browser to us and back: they are in no address, no
cookie and no storage, and nothing is sent on their word. Where signing in leads is the form's own address, so that
nobody else can name it. The form's token travels with them: what one click had sent already is not sent by the next.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from wabridge.core import sessions, signin
from wabridge.errors import FormExpired, NotSignedIn, StorageUnavailable, TooManyTries, WabridgeError
from wabridge.web import (
    composing,
    contacts,
    conversation,
    enclosures,
    keys,
    login,
    multipart,
    notices,
    problems,
    session,
    template_forms,
)
from wabridge.web.login import Carried

Show = Callable[[web.Request, Mapping[str, str]], Awaitable[web.Response]]
"""Draws the page of a form with what was typed into it."""

SHOWS: dict[str, Show] = {
    **dict.fromkeys(("reply", "quote"), conversation.show_typed),
    "compose": composing.show_typed,
    **dict.fromkeys(("conversation_template", "contact_template", "template_send"), template_forms.show_typed),
    "notice_draft": notices.show_typed_draft,
    "notice_edit": notices.show_typed_edit,
    **dict.fromkeys(("notice_record", "notice_withdraw", "notice_correct", "notice_close"), notices.show_typed),
    **dict.fromkeys(("contact_name", "contact_phone", "contact_verified"), contacts.show_typed),
}
"""By the name of the route to which the form is sent."""

_BEFORE = "was."
"""Stands before a carried field's name, so that it is none of the sign-in form's own."""
_FILE = "had_file"
_ROOM_BYTES = 4096
"""The sign-in form's own words beside those that it carries."""


async def offer(request: web.Request, refused: NotSignedIn) -> web.Response:
    """Return the sign-in form with the words of the form that nobody is signed in to send; else raises as before."""
    if request.method != "POST" or _route(request) not in SHOWS:
        raise refused
    form = await enclosures.open_answer(request)
    words = {name: said for name, said in form.words.items() if name != "csrf"}
    return await _ask(request, Carried(request.path + _SUFFIX, words, form.files is not None), status=401)


async def sign_in(request: web.Request) -> web.Response:
    """Sign in and show the form with what was typed into it."""
    fields = await _read(request)
    words = {name.removeprefix(_BEFORE): said for name, said in fields.items() if name.startswith(_BEFORE)}
    carried = Carried(request.path, words, _FILE in fields)
    if session.find_signed_in(request):  # in another tab, meanwhile; showing words needs no proof of its own
        return await _show(request, carried)
    typed = fields.get("login", "")
    if not typed.strip():
        return await _ask(request, carried, status=401)
    try:
        session.check(request, fields)
        opened = await signin.sign_in(request.app[keys.OFFICE], typed, fields.get("password", ""))
    except (NotSignedIn, TooManyTries, StorageUnavailable) as error:
        status = 401 if isinstance(error, NotSignedIn) else problems.find_status(error) or 500
        return await _ask(request, carried, status=status, error=error, typed=typed)
    except FormExpired:
        return await _ask(request, carried, status=403, typed=typed)
    await session.begin(request, opened.secret)
    try:
        answer = await _show(request, carried)
    except BaseException:
        await sessions.end(request.app[keys.OFFICE], session.signed_in(request).session_id)
        raise
    session.remember(request, answer, opened.secret)
    return answer


async def show_signed_in(request: web.Request) -> web.Response:
    """Lead from the sign-in form's address to that of the form it was for, which knows its page."""
    raise web.HTTPSeeOther(request.path.removesuffix(_SUFFIX))


async def _read(request: web.Request) -> Mapping[str, str]:
    """Return the fields of the sign-in form; in parts, in which words take no more room than they did before."""
    form = await multipart.open_form(request, most_bytes=multipart.WORDS_BYTES + _ROOM_BYTES)
    return form.words


async def _show(request: web.Request, carried: Carried) -> web.Response:
    request[keys.BROUGHT_BACK] = "words, no file" if carried.had_file else "words"
    return await SHOWS[_route(request).removesuffix(_NAME)](request, carried.words)


async def _ask(
    request: web.Request, carried: Carried, *, status: int, error: WabridgeError | None = None, typed: str = ""
) -> web.Response:
    return await login.draw(request, status=status, error=error, typed=typed, carried=carried)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return (resource.name if resource is not None else None) or ""


_SUFFIX, _NAME = "/signin", "_signin"
_PATHS = {
    route.kwargs["name"]: route.path
    for part in (conversation, composing, template_forms, notices, contacts)
    for route in part.ROUTES
    if route.method == "POST"
}

ROUTES = tuple(
    route
    for name in SHOWS
    for route in (
        web.post(_PATHS[name] + _SUFFIX, sign_in, name=name + _NAME),
        web.get(_PATHS[name] + _SUFFIX, show_signed_in, name=name + _NAME),
    )
)
