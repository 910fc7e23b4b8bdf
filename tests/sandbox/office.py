"""The other side of the pretend Meta: an office's webhook door and its way to send, as small as can be."""

import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from wabridge.sandbox.meta import PretendMeta


@dataclass
class Office:
    """Takes webhooks on loopback and sends texts; remembers everything."""

    meta: PretendMeta
    session: aiohttp.ClientSession
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refusals: deque[int] = field(default_factory=deque)
    """The statuses of the next webhooks; empty means 200."""
    is_silent: bool = False
    runner: web.AppRunner | None = None

    async def open(self) -> None:
        application = web.Application(client_max_size=4 * 1024 * 1024)
        application.router.add_get("/webhook", self._shake_hands)
        application.router.add_post("/webhook", self._take)
        self.runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.meta.callback_url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/webhook"

    async def close(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()

    def values(self, key: str) -> list[Any]:
        """Return all elements of a list such as `statuses` in what came."""
        changes = [change for body in self.bodies for entry in json.loads(body)["entry"] for change in entry["changes"]]
        return [element for change in changes for element in change["value"].get(key, [])]

    def words(self, wamid: str) -> list[str]:
        """Return the status words that came for one message."""
        return [status["status"] for status in self.values("statuses") if status["id"] == wamid]

    async def send(self, body: object, **changed: Any) -> tuple[int, Any]:
        """Post a body to /messages and return status and JSON."""
        async with self.post(body, **changed) as response:
            return response.status, await response.json(content_type=None)

    def post(self, body: object, **changed: Any) -> Any:
        account = self.meta.account
        node = changed.pop("node", account.phone_number_id)
        headers = {"Authorization": f"Bearer {changed.pop('token', account.access_token)}"}
        url = f"{self.meta.base_url}/v25.0/{node}/messages"
        return self.session.post(url, json=body, headers=headers, allow_redirects=False, **changed)

    async def _shake_hands(self, request: web.Request) -> web.Response:
        if request.query["hub.verify_token"] != self.meta.account.verify_token:
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        expected = hmac.new(self.meta.account.app_secret.encode(), body, hashlib.sha256).hexdigest()
        if request.headers.get("X-Hub-Signature-256") != f"sha256={expected}":
            return web.Response(status=401)
        if self.is_silent and request.transport is not None:
            request.transport.close()
        if self.refusals:
            return web.Response(status=self.refusals.popleft())
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        return web.Response()


def text_body(to: str = "+6281200001234", text: str = "Selamat pagi", **more: Any) -> dict[str, Any]:
    """Return a body Meta takes."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "text",
        "text": {"preview_url": False, "body": text},
        **more,
    }


def any_body(kind: str, part: object, **changes: Any) -> dict[str, Any]:
    """Return the body of a send of any type to Sri."""
    body = {key: value for key, value in text_body(**changes).items() if key != "text"}
    return body | {"type": kind, kind: part}
