"""What keeps strangers away from the pretend phone.

It has no sign-in, so only pages it served itself may write to it (Origin, Sec-Fetch-Site), and only loopback names
reach it at all (Host): a web page elsewhere could otherwise point a name of its own at 127.0.0.1.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}

# With `no-referrer` browsers send `Origin: null` even to ourselves; `same-origin` tells no one else anything either.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 403 to other names than loopback and to writes from elsewhere."""
    if not _has_loopback_host(request):
        raise web.HTTPForbidden(text="This page answers on loopback names only.\n")
    if request.method not in ("GET", "HEAD") and not _is_from_ourselves(request):
        raise web.HTTPForbidden(text="Only this page's own forms may write here.\n")
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on every answer, streams included."""
    response.headers.update(HEADERS)


def _has_loopback_host(request: web.Request) -> bool:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname in LOOPBACK_NAMES
    except ValueError:
        return False


def _is_from_ourselves(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False
    return origin in (None, f"http://{request.headers['Host']}") and site in (None, "same-origin")
