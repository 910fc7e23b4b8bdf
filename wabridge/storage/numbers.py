"""Our own numbers, and whether sending from them is paused."""

from wabridge.model.ids import NumberId
from wabridge.model.outcome import Pause
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("numbers")


def find(tx: Transaction, phone_number_id: str) -> NumberId | None:
    """Return the number with this id at Meta, if it ever was one of ours."""
    row = tx.one(_sql["find"], {"phone_number_id": phone_number_id})
    return None if row is None else NumberId(row["id"])


def ensure(tx: Transaction, phone_number_id: str) -> NumberId:
    """Return the number with this id at Meta, made if it is new."""
    found = find(tx, phone_number_id)
    if found is not None:
        return found
    row = tx.one(_sql["ensure"], {"phone_number_id": phone_number_id})
    assert row is not None, "an insert returns its row"
    return NumberId(row["id"])


def list_all(tx: Transaction) -> dict[str, NumberId]:
    """Return all our numbers by their ids at Meta."""
    return {row["phone_number_id"]: NumberId(row["id"]) for row in tx.all(_sql["list_all"])}


def get_pause(tx: Transaction, number_id: NumberId) -> Pause | None:
    """Return why sending from a number stands still, None if it does not."""
    row = tx.one(_sql["get_pause"], {"number_id": number_id})
    if row is None:
        return None
    return Pause(
        since=from_micros(row["paused_at"]),
        reason=row["paused_reason"],
        code=row["paused_code"],
        token=row["paused_token"],
    )


def set_pause(tx: Transaction, number_id: NumberId, pause: Pause) -> bool:
    """Stop sending from a number, and say whether it was not stopped before."""
    binds = {
        "number_id": number_id,
        "since": to_micros(pause.since),
        "reason": pause.reason,
        "token": pause.token,
        "code": pause.code,
    }
    return tx.run(_sql["set_pause"], binds) > 0


def set_paused_token(tx: Transaction, number_id: NumberId, token: str) -> None:
    """Note which access token was in use when sending stopped, if that is not known. token: its fingerprint."""
    tx.run(_sql["set_paused_token"], {"number_id": number_id, "token": token})


def clear_pause(tx: Transaction, number_id: NumberId) -> bool:
    """Let sending from a number go on, and say whether it was stopped."""
    return tx.run(_sql["clear_pause"], {"number_id": number_id}) > 0
