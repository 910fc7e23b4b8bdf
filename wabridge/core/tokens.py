"""The programs that may use the API, each by a secret of its own."""

import logging
import secrets
from datetime import timedelta

from wabridge.core.office import Office
from wabridge.errors import Conflict, NotAllowed, NotFound, StorageUnavailable, Unprocessable
from wabridge.model.staff import Actor
from wabridge.storage import acts, tokens
from wabridge.storage.database import Transaction
from wabridge.storage.tokens import ApiToken

__all__ = ["ApiToken", "add", "find", "list", "revoke"]

log = logging.getLogger(__name__)

_PREFIX = "wab_"
"""Lets a scanner of published code recognise a token of ours."""

_PURPOSE = "api token"
_LONGEST_NAME = 100
_NOTED_EVERY = timedelta(minutes=1)


async def add(office: Office, actor: Actor, name: str) -> str:
    """Add a token and return its secret, which is shown only now.

    Raises NotAllowed, Unprocessable, or Conflict if there has ever been one of this name: what that one did must stay
    its own.
    """
    _require_right(actor)
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Unprocessable(f"a token's name has 1 to {_LONGEST_NAME} visible characters")
    secret, now = _PREFIX + secrets.token_urlsafe(32), office.clock.now()

    def work(tx: Transaction) -> None:
        token_id = tokens.add(tx, name, secret_hash=office.fingerprint(_PURPOSE, secret), now=now)
        if token_id is None:
            raise Conflict("there has been a token of this name already")
        acts.add(tx, actor, "added", subject_kind="token", subject_id=token_id, now=now)

    await office.database.write(work)
    return secret


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(office: Office, actor: Actor) -> tuple[ApiToken, ...]:  # noqa: A001
    """Return all tokens, revoked ones too, never their secrets; raises NotAllowed."""
    _require_right(actor)
    return tuple(await office.database.read(tokens.list_all))


async def revoke(office: Office, actor: Actor, name: str) -> None:
    """End a token at once; raises NotAllowed or NotFound."""
    _require_right(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> None:
        token = tokens.find_by_name(tx, name)
        if token is None:
            raise NotFound("there is no token of this name")
        if tokens.revoke(tx, token.id, now=now):
            acts.add(tx, actor, "revoked", subject_kind="token", subject_id=token.id, now=now)

    await office.database.write(work)


async def find(office: Office, secret: str) -> Actor | None:
    """Return the program that has this secret, and note its use; raises StorageUnavailable."""
    if not secret.startswith(_PREFIX):
        return None
    now = office.clock.now()
    secret_hash = office.fingerprint(_PURPOSE, secret)
    token = await office.database.read(lambda tx: tokens.find(tx, secret_hash))
    if token is None:
        return None
    if token.used_at is None or now - token.used_at >= _NOTED_EVERY:
        try:
            await office.database.write(lambda tx: tokens.touch(tx, token.id, now=now))
        except StorageUnavailable:  # reading goes on while nothing can be written
            log.warning("the use of a token was not noted")
    return Actor(kind="token", id=token.id, name=token.name, role="token")


def _require_right(actor: Actor) -> None:
    if not actor.may("manage_staff"):
        raise NotAllowed("managing API tokens is not among this actor's rights")
