"""The sieve never forgets a key, and seldom takes a stranger for one."""

import secrets

from wabridge.storage.sieve import Sieve


def test_every_key_that_was_added_passes() -> None:
    """A body that is stored is never called unknown by the sieve."""
    sieve, names = Sieve(), [secrets.token_bytes(32) for _ in range(5000)]
    for name in names:
        sieve.add(name)
    assert all(sieve.may_hold(name) for name in names)


def test_few_strangers_pass() -> None:
    """A new body seldom costs a look at the disk."""
    sieve = Sieve()
    for _ in range(20_000):
        sieve.add(secrets.token_bytes(32))
    assert sum(sieve.may_hold(secrets.token_bytes(32)) for _ in range(20_000)) < 20


def test_an_empty_sieve_holds_nothing() -> None:
    """At first no body is known."""
    assert not Sieve().may_hold(secrets.token_bytes(32))
