"""The headers that keep pages private and other people's scripts out."""

from aiohttp import web

from wabridge.web import keys

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_POLICY_HEADER = "Content-Security-Policy"
_ALWAYS = {
    _POLICY_HEADER: POLICY,
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` browsers send `Origin: null` even with our own forms; this tells nobody else anything either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "wabridge",
}
_DOOR = "/webhook"
_STATIC_LIFE = "public, max-age=31536000, immutable"  # an asset's address carries a piece of its hash


async def add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Add the headers to an answer that is about to go out."""
    if request.method == "POST" and request.path == _DOOR:
        answer.headers["Server"] = _ALWAYS["Server"]
        return  # an empty answer to Meta, the busiest of all: there is nothing to protect in it
    for name, value in _ALWAYS.items():
        if (
            name != _POLICY_HEADER or name not in answer.headers
        ):  # a file that a stranger sent is held in a stricter one
            answer.headers[name] = value
    if request.app[keys.ORIGINS].is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in answer.headers:
        is_asset = answer.status in (200, 304) and request.path.startswith("/static/") and "v" in request.query
        answer.headers["Cache-Control"] = _STATIC_LIFE if is_asset else "no-store"
