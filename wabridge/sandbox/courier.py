"""The delivery of webhooks: signed, parallel, unordered, repeated until the answer is 200 (cloud-api 1, 13.3)."""

import asyncio
import contextlib
import hashlib
import hmac
import io
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.crew import Crew
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.payloads import encode
from wabridge.sandbox.spoiling import with_extra_keys

HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "facebookexternalua",
    "Accept": "*/*",
    "Accept-Encoding": "deflate, gzip",
}


class Parcel:
    """One webhook on its way, posted unchanged until it is answered 200.

    comes_again: whether it is posted once more although it was answered.
    """

    def __init__(self, body: bytes, on_arrival: Callable[[], None] | None = None, *, comes_again: bool = False) -> None:
        self.body = body
        self.comes_again = comes_again
        self.refusals = 0
        self.arrived = asyncio.Event()
        self.on_arrival = on_arrival


class Courier:
    """Carries webhooks to `callback_url`; set it before the first one."""

    def __init__(self, account: Account, behaviour: Behaviour, changes: Changes) -> None:
        self.callback_url = ""
        self.acknowledged: list[bytes] = []
        self.acknowledged_count = 0
        self.refused_count = 0
        self.unanswered_count = 0
        self._account = account
        self._behaviour = behaviour
        self._changes = changes
        self._crew = Crew()
        self._queue: asyncio.Queue[Parcel] = asyncio.Queue()
        self._open_count = 0
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the connections and begin to carry what is queued."""
        # Silence is measured by us; the gateway is on loopback, so no proxy of the environment may come between.
        self._session = aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(limit=0))
        for _ in range(self._behaviour.webhook_connections):
            self._crew.start(self._carry())

    async def stop(self) -> None:
        """End all connections; what is still queued stays undelivered."""
        try:
            await self._crew.dismiss()
        finally:
            if self._session is not None:
                await self._session.close()
                self._session = None

    def enqueue(self, webhook: Any, on_arrival: Callable[[], None] | None = None) -> Parcel:
        """Queue a webhook (an object, or bytes as they are) until a 200."""
        faults = self._behaviour.faults
        if Fault.EXTRA_KEYS in faults and not isinstance(webhook, bytes):
            webhook = with_extra_keys(webhook)
        body = webhook if isinstance(webhook, bytes) else encode(webhook, self._behaviour.spelling())
        first = Parcel(body, on_arrival, comes_again=Fault.ONCE_MORE in faults)
        for parcel in [first, *(Parcel(body) for _ in range(self._behaviour.copies() - 1))]:
            self._open_count += 1
            self._queue.put_nowait(parcel)
        return first

    async def drain(self, timeout_seconds: float = 10.0) -> None:
        """Return when nothing is queued or on its way; raises TimeoutError."""
        async with asyncio.timeout(timeout_seconds):
            await self._changes.wait_until(lambda: self._open_count == 0)

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Post a body once, outside the queue, and return the HTTP status.

        Without headers it is signed as Meta does; given headers stand instead of the signature. Raises as aiohttp does.
        """
        proof = {"X-Hub-Signature-256": signature(self._account.app_secret, body)} if headers is None else headers
        return await self._post(body, proof, on_200=None)

    async def shake_hands(self) -> bool:
        """Ask the callback address for the challenge, as Meta does first."""
        challenge = str(secrets.randbelow(10**10))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": self._account.verify_token,
        }
        timeout = aiohttp.ClientTimeout(total=self._behaviour.webhook_timeout_seconds)
        session = self._opened()
        try:
            async with session.get(self.callback_url, params=query, timeout=timeout, allow_redirects=False) as response:
                return response.status == 200 and await response.read() == challenge.encode()
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _carry(self) -> None:
        while True:
            parcel = await self._queue.get()
            try:
                is_acknowledged = await self._is_acknowledged(parcel)
            except asyncio.CancelledError:
                self._queue.put_nowait(parcel)  # it is carried again after the next start
                raise
            if is_acknowledged:
                self._settle(parcel)
            else:
                parcel.refusals += 1
                self._crew.start(self._rest(parcel))
            self._changes.announce()

    async def _is_acknowledged(self, parcel: Parcel) -> bool:
        try:
            status = await self._post(parcel.body, self._proof(parcel.body), on_200=self._note_200)
        except (aiohttp.ClientError, TimeoutError):
            self.unanswered_count += 1
            return False
        self.refused_count += status != 200
        return status == 200

    async def _post(self, body: bytes, proof: Mapping[str, str], on_200: Callable[[bytes], None] | None) -> int:
        timeout = aiohttp.ClientTimeout(total=self._behaviour.webhook_timeout_seconds)
        # As a file: aiohttp complains of more than a megabyte of bare bytes, and a webhook may have three.
        async with self._opened().post(
            self.callback_url,
            data=io.BytesIO(body),
            headers={**HEADERS, **proof},
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            # The status line is the promise: a gateway that dies right behind it has still answered.
            if response.status == 200 and on_200 is not None:
                on_200(body)
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                await response.read()
            return response.status

    def _proof(self, body: bytes) -> dict[str, str]:
        faults, secret = self._behaviour.faults, self._account.app_secret
        if Fault.UNSIGNED in faults:
            return {}
        if Fault.SHA1_SIGNATURE in faults:
            return {"X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}
        if Fault.WRONG_SIGNATURE in faults:
            return {"X-Hub-Signature-256": "sha256=" + "0" * 64}
        if Fault.OTHER_APP in faults:
            return {"X-Hub-Signature-256": signature("the secret of another app", body)}
        return {"X-Hub-Signature-256": signature(secret, body)}

    def _note_200(self, body: bytes) -> None:
        self.acknowledged_count += 1
        if self._behaviour.keep_acknowledged:
            self.acknowledged.append(body)

    def _settle(self, parcel: Parcel) -> None:
        self._open_count -= 1
        if parcel.comes_again:
            self._open_count += 1
            self._crew.start(self._rest(Parcel(parcel.body)))
        parcel.arrived.set()
        if parcel.on_arrival is not None:
            parcel.on_arrival()

    async def _rest(self, parcel: Parcel) -> None:
        try:
            await asyncio.sleep(self._behaviour.retry_delay_seconds(max(parcel.refusals, 1)))
        finally:
            self._queue.put_nowait(parcel)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the courier has not been started")
        return self._session


def signature(app_secret: str, body: bytes) -> str:
    """Return the value of X-Hub-Signature-256 for these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
