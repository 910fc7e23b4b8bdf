"""The office's seal: made at the first start, and made anew before its certificate ends.

The root that vouches for it is made in the same breath, and its private key is thrown away: nobody can ever issue
another seal under this root, not even whoever takes the server over. A new root follows after two years; its
fingerprint goes into the engagement letter then, like that of the first.
"""

import secrets
from datetime import datetime, timedelta

from wabridge.core.office import Office
from wabridge.evidence import authority
from wabridge.evidence.authority import Seal
from wabridge.model.staff import Actor
from wabridge.storage import acts, seals
from wabridge.storage.database import Transaction

_BEFORE_ITS_END = timedelta(days=30)
_RULE = Actor(kind="rule", id=0, name="seal", role="rule")


async def ensure(office: Office, wrapping: bytes) -> Seal:
    """Return the seal, made if there is none that counts for long enough. wrapping: 32 bytes of the keyring."""
    now = office.clock.now()
    found = await office.database.read(lambda tx: seals.find(tx, wrapping, now=now + _BEFORE_ITS_END))
    if found is not None:
        return found
    made, ends_at = _make(office.settings.office.name, now)
    return await office.database.write(lambda tx: _keep(tx, made, wrapping, ends_at, now))


def _make(name: str, now: datetime) -> tuple[Seal, datetime]:
    passphrase = secrets.token_bytes(32)
    root = authority.found_root(name, passphrase, now=now)
    return authority.issue_seal(root, passphrase, name, now=now), now + timedelta(days=authority.SEAL_DAYS)


def _keep(tx: Transaction, made: Seal, wrapping: bytes, ends_at: datetime, now: datetime) -> Seal:
    known = seals.find(tx, wrapping, now=now + _BEFORE_ITS_END)  # another process may have been faster
    if known is not None:
        return known
    seals.add(tx, made, wrapping, expires_at=ends_at)
    said = authority.fingerprint(made.root_pem)
    acts.add(tx, _RULE, "made_seal", subject_kind="office", subject_id=1, now=now, detail=said)
    return made
