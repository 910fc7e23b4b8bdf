"""What every request passes: its line in the log, the one place where errors become answers, its session."""

import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from wabridge.errors import BodyTooLarge, NotAllowed, NotSignedIn, WabridgeError
from wabridge.log import places
from wabridge.web import carried, keys, problems, rendering, session

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MACHINES = ("/webhook", "/health", "/static/")
_PROGRAMS = "/api/"
_STREAM = "/events"
_QUIET = frozenset({"webhook", "webhook_handshake", "health", "static", "events"})
"""Routes whose good answers are worth a line only to whoever debugs."""

_CALLER_LEFT = 499  # no answer was given; the number is nginx's


@web.middleware
async def write_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log method, route name, status and milliseconds: never a path or a query, they carry secrets and ids."""
    begun = time.perf_counter()
    status = _CALLER_LEFT
    try:
        answer = await handler(request)
        status = answer.status
    except web.HTTPException as redirection:
        status = redirection.status
        raise
    else:
        return answer
    finally:
        route = _route(request)
        level = logging.DEBUG if route in _QUIET and status < 400 else logging.INFO
        if log.isEnabledFor(level):
            ms = round((time.perf_counter() - begun) * 1000, 1)
            log.log(level, "request", extra={"method": _method(request), "route": route, "status": status, "ms": ms})


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever is raised into an answer of the kind the caller understands."""
    try:
        return await handler(request)
    except WabridgeError as error:
        status = problems.find_status(error)
        if status is None:
            return await _answer_fault(request, error)
        return await _answer(request, status, error)
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        return await _answer_plain(request, answer)
    except ConnectionError:
        raise  # the caller is gone; the server knows what to do
    except Exception as fault:  # noqa: BLE001  # the last place: no caller may see what it says
        return await _answer_fault(request, fault)


@web.middleware
async def open_session(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only our own names and pages in, and find out who is signed in."""
    if request.path.startswith((*_MACHINES, _PROGRAMS)):
        return await handler(request)
    origins = request.app[keys.ORIGINS]
    if not origins.is_own_host(request):
        return web.Response(status=421, text="This is not the address of this server; see [server] public_url.\n")
    await session.load(request)
    if request.method not in ("GET", "HEAD") and not origins.is_own_page(request):
        raise NotAllowed("the form was sent from somebody else's page")
    try:
        answer = await handler(request)
    except NotSignedIn as refused:
        answer = await carried.offer(request, refused)
    if not answer.prepared:
        session.bind_form(request, answer)
    return answer


async def _answer(request: web.Request, status: int, error: WabridgeError) -> web.StreamResponse:
    if isinstance(error, NotSignedIn) and _is_page(request):
        raise _to_login(request)
    answer = await _draw(request, status, error)
    wait = problems.retry_after(error)
    if wait is not None:
        answer.headers["Retry-After"] = wait
    if isinstance(error, BodyTooLarge):
        answer.force_close()  # the rest of the body is not waited for
    return answer


async def _answer_plain(request: web.Request, raised: web.HTTPException) -> web.StreamResponse:
    answer = await _draw(request, raised.status)
    for name in ("Allow", "Retry-After"):
        if name in raised.headers:
            answer.headers[name] = raised.headers[name]
    if raised.status == web.HTTPRequestTimeout.status_code:
        answer.force_close()
    return answer


async def _answer_fault(request: web.Request, fault: Exception) -> web.StreamResponse:
    # Neither the exception's words nor its arguments: they may hold somebody's message.
    log.error("a request failed", extra={"route": _route(request), "failure": places(type(fault), fault.__traceback__)})
    return await _draw(request, 500)


async def _draw(request: web.Request, status: int, error: WabridgeError | None = None) -> web.Response:
    if request.path.startswith(_PROGRAMS):
        return problems.build(status, error)
    if not _is_page(request):
        return web.Response(status=status)
    try:
        return await rendering.render_error(request, status, error)
    except Exception as fault:  # noqa: BLE001  # a broken error page must still be an answer
        log.error("the error page failed", extra={"failure": places(type(fault), fault.__traceback__)})
        return web.Response(status=status, text="Maaf, ada yang tidak beres. / Sorry, something went wrong.\n")


def _is_page(request: web.Request) -> bool:
    return not request.path.startswith((*_MACHINES, _PROGRAMS, _STREAM))


def _to_login(request: web.Request) -> web.HTTPSeeOther:
    location = "/login"
    if request.method == "GET" and request.path not in ("/", "/inbox"):
        location = str(request.app.router["login"].url_for().with_query(next=request.path_qs))
    return web.HTTPSeeOther(location)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return (resource.name if resource is not None else None) or "unknown"


def _method(request: web.Request) -> str:
    # A method is whatever the caller wrote; only the known ones are repeated.
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
