"""Which addresses are ours: the names a browser may call us by, and the pages whose forms we take.

A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding) or send a form here (CSRF). The first is refused by
the Host header, the second by what the browser says about the sender.
"""

from urllib.parse import SplitResult, urlsplit

from aiohttp import web

from wabridge.settings import is_loopback


class Origins:
    """The addresses of one installation. public_url: as configured, may be empty."""

    def __init__(self, public_url: str) -> None:
        self._public = _split(public_url) if public_url else None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies may insist on it."""
        return self._public is not None and self._public.scheme == "https"

    def is_own_host(self, request: web.Request) -> bool:
        """Say whether the request was addressed to a name of ours."""
        named = _split("//" + request.headers.get("Host", ""))
        if named is None or not named.hostname:
            return False
        return is_loopback(named.hostname) or (self._public is not None and named.hostname == self._public.hostname)

    def is_own_page(self, request: web.Request) -> bool:
        """Say whether a form was sent from a page of ours, as far as the browser tells.

        A browser that tells nothing is left to the form's own token (RFC 6454, 7.3; Fetch Metadata, 2.3).
        """
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site is not None:
            return site == "same-origin"
        return origin is None or self._is_own_origin(origin, request.headers.get("Host", ""))

    def _is_own_origin(self, origin: str, host: str) -> bool:
        sender = _split(origin)
        if sender is None or not sender.hostname:
            return False
        if self._public is not None and (sender.scheme, sender.netloc) == (self._public.scheme, self._public.netloc):
            return True
        return is_loopback(sender.hostname) and sender.netloc == host


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.lower().rstrip("/"))
        parts.port  # noqa: B018  # reading it is what finds a port that is none
    except ValueError:
        return None
    return parts
