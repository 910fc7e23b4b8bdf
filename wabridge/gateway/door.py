"""Where Meta's webhooks come in: check the signature, look the body up, store it, ring, and only then answer.

Rule: nothing is parsed here. What a body says is found out later, from what is stored.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Sequence

from wabridge.broker import Broker, Topic
from wabridge.clock import Clock
from wabridge.errors import NotAllowed, SignatureRefused, StorageUnavailable
from wabridge.model.ids import WebhookId
from wabridge.storage.dedupe import BodyCache
from wabridge.storage.journal import Journal, StoredBody
from wabridge.whatsapp import signature

log = logging.getLogger(__name__)


class Door:
    """The one way in. app_secrets: the new one and the old one while it is being changed."""

    def __init__(
        self,
        *,
        journal: Journal,
        bodies: BodyCache,
        app_secrets: Sequence[str],
        verify_token: str,
        broker: Broker,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._bodies = bodies
        self._names = {secret: signature.name_secret(secret) for secret in app_secrets}
        self._verify_token = verify_token
        self._broker = broker
        self._clock = clock
        self._under_way: dict[bytes, asyncio.Future[WebhookId | None]] = {}

    async def accept(self, body: bytes, headers: Sequence[tuple[str, str]], peer: str) -> None:
        """Store one webhook. When this returns, Meta may be told 200.

        Raises SignatureRefused, and StorageUnavailable if nothing could be stored: Meta must be told to come again.
        """
        instant = self._clock.instant()
        secret = signature.verify(body, _signature(headers), tuple(self._names))
        if secret is None:
            self._journal.note_refusal(instant.at)
            log.warning("a webhook's signature was refused")
            raise SignatureRefused("the signature is missing or wrong")
        digest = hashlib.sha256(body).digest()
        known = self._bodies.find(digest) or await self._await_same_body(digest)
        if known is not None:
            self._journal.note_repeat(known, instant.at)
            return
        await self._store(
            StoredBody(
                body=body,
                headers=tuple(headers),
                digest=digest,
                peer=peer,
                secret_name=self._names[secret],
                instant=instant,
            )
        )

    def handshake(self, mode: str | None, token: str | None, challenge: str | None) -> str:
        """Return what Meta wants to hear when the webhook is set up; raises NotAllowed."""
        is_ours = hmac.compare_digest(_bytes(token or ""), _bytes(self._verify_token))
        if not (mode == "subscribe" and self._verify_token and is_ours and challenge):
            raise NotAllowed("the verify token is another one")
        return challenge

    async def _await_same_body(self, digest: bytes) -> WebhookId | None:
        """Return the id of the same body, if it is being stored at this moment on another connection."""
        under_way = self._under_way.get(digest)
        if under_way is None:
            return None
        webhook_id = await asyncio.shield(under_way)
        if webhook_id is None:
            raise StorageUnavailable("the same body could not be stored")
        return webhook_id

    async def _store(self, stored: StoredBody) -> None:
        under_way: asyncio.Future[WebhookId | None] = asyncio.get_running_loop().create_future()
        self._under_way[stored.digest] = under_way
        webhook_id = None
        try:
            webhook_id = await self._journal.add(stored)
            self._bodies.remember(stored.digest, webhook_id)
        finally:
            # Also after a failure or a cancellation: whoever waits for this body must not wait for ever.
            del self._under_way[stored.digest]
            under_way.set_result(webhook_id)
        self._broker.ring(Topic.WEBHOOK, webhook_id)


def _signature(headers: Sequence[tuple[str, str]]) -> str | None:
    for name, value in headers:
        if len(name) == len(signature.HEADER) and name.lower() == signature.HEADER:
            return value
    return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
