"""The programs that may use the API. Of a token's secret only a keyed hash is kept."""

from datetime import datetime

import msgspec

from wabridge.model.ids import TokenId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("tokens")


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A program's way in. used_at: the last use, to the minute."""

    id: TokenId
    name: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def add(tx: Transaction, name: str, *, secret_hash: bytes, now: datetime) -> TokenId | None:
    """Add a token; None if there has ever been one of this name."""
    row = tx.one(_sql["add"], {"name": name, "secret_hash": secret_hash, "now": to_micros(now)})
    return None if row is None else TokenId(row["id"])


def find(tx: Transaction, secret_hash: bytes) -> ApiToken | None:
    """Return the token of a secret, unless it was revoked."""
    row = tx.one(_sql["find"], {"secret_hash": secret_hash})
    return None if row is None else _token_of(row)


def find_by_name(tx: Transaction, name: str) -> ApiToken | None:
    """Return the token of a name, revoked or not."""
    row = tx.one(_sql["find_by_name"], {"name": name})
    return None if row is None else _token_of(row)


def list_all(tx: Transaction) -> list[ApiToken]:
    """Return all tokens, revoked ones too, in the order they were made."""
    return [_token_of(row) for row in tx.all(_sql["list_all"])]


def touch(tx: Transaction, token_id: TokenId, *, now: datetime) -> None:
    """Remember that a token is in use."""
    tx.run(_sql["touch"], {"token_id": token_id, "now": to_micros(now)})


def revoke(tx: Transaction, token_id: TokenId, *, now: datetime) -> bool:
    """End a token; says whether it was good until now."""
    return tx.run(_sql["revoke"], {"token_id": token_id, "now": to_micros(now)}) > 0


def _token_of(row: Row) -> ApiToken:
    return ApiToken(
        id=TokenId(row["id"]),
        name=row["name"],
        created_at=from_micros(row["created_at"]),
        used_at=maybe_from_micros(row["used_at"]),
        revoked_at=maybe_from_micros(row["revoked_at"]),
    )
