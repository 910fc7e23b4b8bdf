"""What the office's work needs from the house: settings, the disk, the doorbells, the time.

One Office lives as long as the program. Every function of this room takes it first; nothing in this room is
remembered elsewhere.
"""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field

from wabridge.broker import Broker
from wabridge.clock import Clock
from wabridge.settings import Settings
from wabridge.storage.database import Database
from wabridge.storage.vault import Vault

_HASHED_AT_ONCE = 2
"""Each hash takes 19 MiB and a core for a while; the webhook door needs both."""


@dataclass(frozen=True, slots=True)
class Office:
    """One law office, open for work.

    session_key: the keyring's key named "sessions"; never logged, hence not shown. phone_url: the sandbox's pretend
    phone. vault: the files of messages. bundles: the vault of finished exports.
    """

    settings: Settings
    database: Database
    broker: Broker
    clock: Clock
    session_key: bytes
    is_sandbox: bool
    phone_url: str = ""
    vault: Vault = field(kw_only=True)
    bundles: Vault = field(kw_only=True)
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_HASHED_AT_ONCE), compare=False)
    """Whoever hashes a password holds it."""

    def __repr__(self) -> str:
        return f"Office(is_sandbox={self.is_sandbox})"

    def fingerprint(self, purpose: str, secret: str) -> bytes:
        """Return what is kept of a secret: a keyed hash, different for each purpose.

        The secrets are random and long, or (a login) not secret at all, so one HMAC is enough; a stolen database is of
        no use without the keyring.
        """
        # What came over the wire may hold half a character; it must not be an error, just unknown.
        return hmac.digest(self.session_key, f"{purpose}\0{secret}".encode("utf-8", "surrogatepass"), hashlib.sha256)
