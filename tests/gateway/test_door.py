"""The door: what is stored before Meta is told 200."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.gateway.conftest import APP_SECRET, signed
from tests.storage.disks import locked
from wabridge.broker import Broker, Topic
from wabridge.clock import Clock
from wabridge.errors import NotAllowed, SignatureRefused, StorageUnavailable
from wabridge.gateway.door import Door
from wabridge.storage.database import Database
from wabridge.storage.dedupe import BodyCache
from wabridge.storage.journal import Journal, refusals_since
from wabridge.whatsapp import signature

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
PEER = "203.0.113.7"


@pytest.fixture
async def bodies(tmp_path: Path) -> AsyncIterator[BodyCache]:
    """A cache of bodies with nothing in it."""
    bodies = BodyCache(tmp_path / "cache", bytes(32), "epoch")
    yield bodies
    bodies.close()


@pytest.fixture
def door(journal: Journal, bodies: BodyCache, broker: Broker, clock: Clock) -> Door:
    """A door that knows a new secret and an old one."""
    return Door(
        journal=journal,
        bodies=bodies,
        app_secrets=[APP_SECRET, "the old one"],
        verify_token="halo-meta",
        broker=broker,
        clock=clock,
    )


async def test_a_signed_body_is_stored_byte_for_byte(door: Door, database: Database, clock: Clock) -> None:
    """Body, headers, peer, time and the name of the secret are on the disk before the answer."""
    await door.accept(BODY, signed(BODY), PEER)
    (row,) = await database.read(lambda tx: tx.all("SELECT * FROM webhook"))
    assert row["body"] == BODY
    assert [tuple(pair) for pair in json.loads(row["headers"])] == signed(BODY)
    assert (row["peer"], row["secret_name"]) == (PEER, signature.name_secret(APP_SECRET))
    assert (row["boot_id"], row["monotonic_ns"]) == (clock.boot_id, clock.monotonic_ns())


async def test_a_stored_body_rings_for_intake(door: Door, broker: Broker) -> None:
    """Intake is woken at once, not at its next patrol."""
    await door.accept(BODY, signed(BODY), PEER)
    async with asyncio.timeout(1):
        await broker.wait(Topic.WEBHOOK, seconds=60)


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256"])
async def test_the_signature_is_found_in_any_spelling_of_its_header(
    door: Door, database: Database, header: str
) -> None:
    """A proxy may change the case of header names."""
    await door.accept(BODY, signed(BODY, header=header), PEER)
    assert await column(database, "SELECT count(*) FROM webhook") == [1]


async def test_the_old_secret_still_opens(door: Door, database: Database) -> None:
    """While the secret is being changed both are accepted, and each body says which one it was."""
    await door.accept(BODY, signed(BODY, secret="the old one"), PEER)
    assert await column(database, "SELECT secret_name FROM webhook") == [signature.name_secret("the old one")]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Hub-Signature-256", "")],
        [("X-Hub-Signature", "sha1=fc5983fdf1a4e15c8949b8af05322fede4063d27")],
        signed(BODY, secret="another"),
        signed(BODY + b" "),
        [(name, value.upper()) for name, value in signed(BODY)],
    ],
    ids=["missing", "empty", "sha1", "other secret", "other body", "upper case"],
)
async def test_a_refused_signature_is_only_counted(
    door: Door, journal: Journal, database: Database, clock: Clock, headers: list[tuple[str, str]]
) -> None:
    """Of a body whose signature is missing or wrong nothing is kept but a count."""
    with pytest.raises(SignatureRefused):
        await door.accept(BODY, headers, PEER)
    await door.accept(b"{}", signed(b"{}"), PEER)  # the count rides along with the next body
    assert await column(database, "SELECT body FROM webhook") == [b"{}"]
    assert await database.read(lambda tx: refusals_since(tx, clock.now())) == 1


async def test_ten_times_the_same_body_at_once_is_one_body(door: Door, database: Database) -> None:
    """Parallel deliveries of one body share its commit and are noted as repeats."""
    await asyncio.gather(*(door.accept(BODY, signed(BODY), PEER) for _ in range(10)))
    await door.accept(b"{}", signed(b"{}"), PEER)
    assert await column(database, "SELECT body FROM webhook") == [BODY, b"{}"]
    assert await column(database, "SELECT webhook_id FROM webhook_repeat") == [1] * 9


async def test_a_body_that_comes_again_later_is_a_repeat(door: Door, database: Database) -> None:
    """A body that is stored already is answered from memory and noted."""
    for body in (BODY, BODY, b"{}"):
        await door.accept(body, signed(body), PEER)
    assert await column(database, "SELECT body FROM webhook") == [BODY, b"{}"]
    assert await column(database, "SELECT webhook_id FROM webhook_repeat") == [1]


async def test_different_bodies_at_once_are_all_stored(door: Door, database: Database) -> None:
    """Requests that arrive together share a commit and lose nothing."""
    many = [json.dumps({"n": n}).encode() for n in range(50)]
    await asyncio.gather(*(door.accept(body, signed(body), PEER) for body in many))
    assert sorted(await column(database, "SELECT body FROM webhook"), key=str) == sorted(many, key=str)


async def test_what_could_not_be_stored_is_not_known_afterwards(
    door: Door, database: Database, data_folder: Path
) -> None:
    """If the commit fails every sharer is told so, and the body is stored when it comes again."""
    with locked(data_folder / "wabridge.db"):
        answers = await asyncio.gather(
            *(door.accept(BODY, signed(BODY), PEER) for _ in range(3)), return_exceptions=True
        )
    assert {type(answer) for answer in answers} == {StorageUnavailable}
    await door.accept(BODY, signed(BODY), PEER)
    assert await column(database, "SELECT body FROM webhook") == [BODY]


async def test_nobody_waits_for_ever_for_a_request_that_was_given_up(
    door: Door, database: Database, data_folder: Path
) -> None:
    """When the request that stores a body is cancelled, those that share its commit are answered."""
    with locked(data_folder / "wabridge.db"):
        first = asyncio.create_task(door.accept(BODY, signed(BODY), PEER))
        sharer = asyncio.create_task(door.accept(BODY, signed(BODY), PEER))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first, sharer], timeout=5)
    assert first.cancelled()
    assert isinstance(sharer.exception(), StorageUnavailable)
    await door.accept(BODY, signed(BODY), PEER)
    assert set(await column(database, "SELECT body FROM webhook")) == {BODY}


def test_the_handshake_returns_the_challenge(door: Door) -> None:
    """Meta's challenge is echoed when mode and token are right."""
    assert door.handshake("subscribe", "halo-meta", "1158201444") == "1158201444"


@pytest.mark.parametrize(
    ("mode", "token", "challenge"),
    [
        ("subscribe", "another", "1"),
        ("subscribe", None, "1"),
        ("subscribe", "halo-meta", None),
        ("unsubscribe", "halo-meta", "1"),
        (None, None, None),
        ("subscribe", "h\u00e4lo\udcff", "1"),
    ],
)
def test_a_handshake_with_anything_else_is_refused(
    door: Door, mode: str | None, token: str | None, challenge: str | None
) -> None:
    """A wrong mode, a wrong token or a missing challenge is refused."""
    with pytest.raises(NotAllowed):
        door.handshake(mode, token, challenge)


def test_without_a_verify_token_no_handshake_succeeds(journal: Journal, bodies: BodyCache, clock: Clock) -> None:
    """An empty token in the settings matches nothing, not even an empty one."""
    door = Door(journal=journal, bodies=bodies, app_secrets=[], verify_token="", broker=Broker(), clock=clock)
    with pytest.raises(NotAllowed):
        door.handshake("subscribe", "", "1")
