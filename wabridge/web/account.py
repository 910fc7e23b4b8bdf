"""A staff member's own page: who they are here, their language, their password."""

from aiohttp import web

from wabridge.core import staff
from wabridge.errors import NotAllowed, TooManyTries, Unprocessable
from wabridge.web import keys, language, remarks, rendering, session
from wabridge.web.language import Msgid

_DONE = {
    "language": Msgid("The language is set."),
    "password": Msgid("The password is changed. Other devices are signed out."),
}
_DIFFERENT = Msgid("Not changed: the two new passwords differ.")
_WRONG = Msgid("Not changed: the present password is wrong.")


async def show_account(request: web.Request) -> web.Response:
    """Show the staff member's own page."""
    return await _draw(request, done=_DONE.get(request.query.get("done", "")))


async def show_done(request: web.Request) -> web.Response:
    """Lead from a form's address, where a refusal is shown, to the page."""
    raise web.HTTPSeeOther("/account")


async def set_language(request: web.Request) -> web.Response:
    """Speak another language from now on."""
    me = session.signed_in(request).staff
    fields = await session.form(request)
    chosen = fields.get("language", "")
    if chosen not in language.LANGUAGES:
        raise Unprocessable("no such language")
    await staff.set_language(request.app[keys.OFFICE], me.actor, chosen)
    raise web.HTTPSeeOther("/account?done=language")


async def set_password(request: web.Request) -> web.Response:
    """Set or change the password; the present one is asked for if there is one. Other devices are signed out."""
    me = session.signed_in(request)
    fields = await session.form(request)
    password = fields.get("password", "")
    if password != fields.get("again", ""):
        return await _draw(request, refusal=_DIFFERENT, status=422)
    try:
        await staff.set_password(
            request.app[keys.OFFICE],
            me.staff.actor,
            password,
            current=fields.get("current", ""),
            session_id=me.session_id,
        )
    except NotAllowed:
        return await _draw(request, refusal=_WRONG, status=403)
    except (Unprocessable, TooManyTries) as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return await _draw(request, refusal=remarks.refusal(error), status=status)
    raise web.HTTPSeeOther("/account?done=password")


async def _draw(
    request: web.Request, *, done: Msgid | None = None, refusal: Msgid | None = None, status: int = 200
) -> web.Response:
    session.signed_in(request)
    return await rendering.render(request, "account.html", status=status, done=done, refusal=refusal)


ROUTES = (
    web.get("/account", show_account, name="account"),
    web.post("/account/language", set_language, name="account_language"),
    web.get("/account/language", show_done, name="account_language"),
    web.post("/account/password", set_password, name="account_password"),
    web.get("/account/password", show_done, name="account_password"),
)
