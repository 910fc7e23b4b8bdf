"""Whether a webhook comes from Meta: HMAC-SHA256 over the raw bytes with the app secret.

The bytes are never decoded and encoded again: Meta signs its own spelling of the JSON. Source: Meta, "create a webhook
endpoint" (validating payloads).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

HEADER = "x-hub-signature-256"
"""The header that carries it, in lower case. The older SHA-1 header may come too and proves nothing."""

_SHAPE = re.compile(r"sha256=([0-9a-f]{64})")


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> str | None:
    """Return the secret that signed the body, or None.

    secrets: the new one and the old one while it is being changed; an empty secret signs nothing.
    """
    shape = _SHAPE.fullmatch(header or "")
    if shape is None:
        return None
    signer = None
    for secret in filter(None, secrets):
        digest = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        if hmac.compare_digest(digest, shape[1]):
            signer = secret
    return signer


def name_secret(secret: str) -> str:
    """Return a short name that tells secrets apart and gives none away."""
    return hashlib.sha256(hmac.digest(secret.encode(), b"wabridge: name of an app secret", hashlib.sha256)).hexdigest()[
        :8
    ]
