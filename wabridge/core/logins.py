"""What people type to say who they are."""

import re
import unicodedata

from wabridge.errors import Unprocessable

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def normalize(typed: str) -> str:
    """Return a login as it is stored, however a phone's keyboard wrote it; "" for what can be none."""
    login = unicodedata.normalize("NFKC", typed).strip().casefold()
    return login if _LOGIN.fullmatch(login) else ""


def check(typed: str) -> str:
    """Return a new login as it is stored; raises Unprocessable."""
    login = normalize(typed)
    if not login:
        raise Unprocessable("a login has up to 40 letters a to z, digits, dots, hyphens and underscores")
    return login
