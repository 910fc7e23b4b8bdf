"""Ids that look like Meta's: wamids and business-scoped user ids (cloud-api 2.1, 3.1)."""

import base64
import hashlib
import secrets

# Enough for a pretend world; a number from elsewhere is treated as Indonesian.
COUNTRIES = {"62": "ID", "60": "MY", "65": "SG", "61": "AU", "31": "NL", "44": "GB", "49": "DE", "34": "ES", "1": "US"}


def inbound(phone: str) -> str:
    """Return a fresh wamid of a message from this client."""
    return _build(phone, 0x12, "3A" + secrets.token_hex(9).upper())


def outbound(phone: str) -> str:
    """Return a fresh wamid of a message to this client."""
    return _build(phone, 0x11, secrets.token_hex(9).upper())


def user_id(phone: str, business_account_id: str) -> str:
    """Return the id this client has for this business, always the same."""
    digest = hashlib.sha256(f"{business_account_id}:{phone}".encode()).digest()
    country = next((COUNTRIES[phone[:n]] for n in (2, 1) if phone[:n] in COUNTRIES), "ID")
    return f"{country}.{int.from_bytes(digest[:8]):020d}"


def _build(phone: str, direction: int, name: str) -> str:
    digits = phone.encode("ascii")
    ident = name.encode("ascii")
    packed = (
        bytes([0x1C, 0x18, len(digits)])
        + digits
        + bytes([0x15, 0x02, 0x00, direction, 0x18, len(ident)])
        + ident
        + b"\x00"
    )
    return "wamid." + base64.b64encode(packed).decode("ascii")
