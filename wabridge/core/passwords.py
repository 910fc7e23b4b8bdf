"""Passwords: Argon2id in a thread, at most two at a time, and the same time whether or not there is one to check.

Parameters: OWASP, "Password Storage Cheat Sheet" (Argon2id with 19 MiB, two iterations, one lane). Stored as a PHC
string, which carries its own parameters, so that they can grow.
"""

import asyncio
import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from wabridge.core.office import Office
from wabridge.errors import PasswordTooShort, Unprocessable

SHORTEST = 12
LONGEST = 1024
_SALT_BYTES = 16
_HASH_BYTES = 32
_MEMORY_KIB = 19 * 1024
_ITERATIONS = 2
_LANES = 1

# The hash of a password nobody knows: checking against it costs an unknown login the time of a known one.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3MgcGFzc3dvcg$Asav2wfigYUPrMzN65BbEKI2+QDN+t9emx92fCmBGCA"


def check_new(password: str) -> None:
    """Raise PasswordTooShort or Unprocessable if this can be nobody's password."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise Unprocessable(f"a password has at most {LONGEST} characters")


async def hash_new(office: Office, password: str) -> str:
    """Return what is stored for a new password; raises PasswordTooShort or Unprocessable."""
    check_new(password)
    async with office.hashing:
        return await asyncio.to_thread(_hash, password)


async def matches(office: Office, password: str, stored: str | None) -> bool:
    """Say whether a password is the stored one; no stored one takes as long and never matches."""
    if len(password) > LONGEST:
        return False
    async with office.hashing:
        return await asyncio.to_thread(_verify, password, stored or NOBODY) and stored is not None


def _hash(password: str) -> str:
    salt = os.urandom(_SALT_BYTES)
    function = Argon2id(salt=salt, length=_HASH_BYTES, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return function.derive_phc_encoded(_bytes(password))


def _verify(password: str, stored: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_bytes(password), stored)
    except InvalidKey:
        return False
    return True


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
