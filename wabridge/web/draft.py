"""An answer that was sent after its session had ended: signing in brings it back into its box.

The text travels in a hidden field of the sign-in form, from the browser to us and back: it is in no address, no cookie
and no storage, and nothing is sent on its word.
"""

from aiohttp import web

from wabridge.core import sessions, signin
from wabridge.errors import FormExpired, NotSignedIn, TooManyTries
from wabridge.model.ids import ConversationId
from wabridge.web import conversation, keys, login, session


async def sign_in(request: web.Request) -> web.Response:
    """Sign in and show the conversation with the text in its box."""
    fields = await session.read(request)
    conversation_id = ConversationId(int(request.match_info["conversation_id"]))
    draft, typed = fields.get("text", ""), fields.get("login", "")
    if session.find_signed_in(request):  # in another tab, meanwhile; showing a text needs no proof of its own
        return await conversation.draw(request, conversation_id, draft=draft)
    action = request.path
    if not typed.strip():
        return await login.draw(request, status=401, action=action, draft=draft)
    try:
        session.check(request, fields)
        opened = await signin.sign_in(request.app[keys.OFFICE], typed, fields.get("password", ""))
    except TooManyTries as error:
        return await login.draw(request, status=429, error=error, typed=typed, action=action, draft=draft)
    except NotSignedIn as error:
        return await login.draw(request, status=401, error=error, typed=typed, action=action, draft=draft)
    except FormExpired:
        return await login.draw(request, status=403, typed=typed, action=action, draft=draft)
    await session.begin(request, opened.secret)
    try:
        answer = await conversation.draw(request, conversation_id, draft=draft)
    except BaseException:
        await sessions.end(request.app[keys.OFFICE], session.signed_in(request).session_id)
        raise
    session.remember(request, answer, opened.secret)
    return answer


async def show_signed_in(request: web.Request) -> web.Response:
    """Lead from the form's address to its conversation."""
    raise web.HTTPSeeOther(f"/conversations/{request.match_info['conversation_id']}")


_PATH = "/conversations/{conversation_id:[1-9][0-9]{0,17}}/signin"

ROUTES = (
    web.post(_PATH, sign_in, name="draft_sign_in"),
    web.get(_PATH, show_signed_in, name="draft_sign_in"),
)
