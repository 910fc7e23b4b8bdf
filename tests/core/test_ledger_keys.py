"""Another key for the ledger: who may, what is left of it, and what holds if the program dies between two steps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import exporting
from tests.conftest import MASTER_KEY
from tests.outbound import hear_from
from tests.outside import SEED, open_outside
from wabridge.cli.commands import OPERATOR
from wabridge.core import exports, ledger_health, ledger_keys, verification
from wabridge.core import ledger as books
from wabridge.core.exporter import Keys
from wabridge.core.ledger import Bookkeeper
from wabridge.core.ledger_keys import NEXT
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, ReasonMissing, StartError
from wabridge.model.export import Scope
from wabridge.model.staff import Actor
from wabridge.storage import checkpoints, leaves
from wabridge.storage.keyring import Keyring

LAWYER = Actor(kind="staff", id=2, name="Sari", role="lawyer")
_FILE = "keys/keyring"


@pytest.fixture
async def keyring(office: Office) -> Keyring:
    """The keyring of a ledger that has signed with its first key."""
    made = Keyring.open_or_create(office.settings.data_folder / _FILE, MASTER_KEY)
    made.change({checkpoints.KEY: SEED})
    await start(office, made)
    return made


async def start(office: Office, keyring: Keyring) -> bytes:
    """Let the ledger begin and sign, as a start of the program does; return the key's seed."""
    seed = await ledger_keys.find_seed(office.database, keyring)
    await office.database.write(lambda tx: books.begin(tx, seed=seed, known=None, clock=office.clock))
    await Bookkeeper(office, seed).sign()
    return seed


def reopened(office: Office) -> Keyring:
    """Return the keyring as it lies on the disk."""
    return Keyring.open(office.settings.data_folder / _FILE, MASTER_KEY)


async def wrong(office: Office) -> list[str]:
    """Return what verification calls wrong."""
    return [finding.says async for finding in verification.verify(office) if not finding.is_good]


async def test_the_old_key_signs_for_the_new_one(office: Office, keyring: Keyring) -> None:
    """A leaf and an act name the new key, it signs from then on, the old one is gone, and everything agrees."""
    old = keyring.get(checkpoints.KEY)
    changed = await ledger_keys.change(office, keyring, OPERATOR, reason="laptop hilang")
    seed = await start(office, reopened(office))
    assert seed != old
    assert reopened(office).find(NEXT) is None
    health = await ledger_health.get(office, LAWYER)
    assert health.key is not None
    assert health.key.public == changed.key
    assert [former.handed_over for former in health.former] == [True]
    head = await ledger_health.get_checkpoint(office, LAWYER)
    assert head.verifier == changed.key.text
    kinds = [leaf.kind for leaf in await office.database.read(lambda tx: leaves.list_page(tx, start=0, limit=99))]
    assert kinds.count("ledger.key") == 2
    (act,) = await office.database.read(lambda tx: tx.all("SELECT * FROM act WHERE verb = 'changed_ledger_key'"))
    assert act["detail"] == f"{changed.key.fingerprint}: laptop hilang"
    assert await wrong(office) == []


async def test_until_the_new_key_has_signed_the_newest_checkpoint_names_the_old_one(
    office: Office, keyring: Keyring
) -> None:
    """Whoever fetches the newest checkpoint gets the key that checks it, not the one that will sign the next."""
    first = await ledger_health.get_checkpoint(office, LAWYER)
    await ledger_keys.change(office, keyring, OPERATOR, reason="rutin")
    assert (await ledger_health.get_checkpoint(office, LAWYER)).verifier == first.verifier


def _killed_before_the_leaf(keyring: Keyring, old: bytes, fresh: bytes) -> None:
    keyring.change({NEXT: fresh})


def _killed_after_the_leaf(keyring: Keyring, old: bytes, fresh: bytes) -> None:
    keyring.change({checkpoints.KEY: old, NEXT: fresh})


@pytest.mark.parametrize(
    ("die", "is_named"), [(_killed_before_the_leaf, False), (_killed_after_the_leaf, True)], ids=["before", "after"]
)
async def test_killed_between_two_steps_the_next_start_signs_with_the_key_that_was_named(
    office: Office, keyring: Keyring, die: Callable[[Keyring, bytes, bytes], None], is_named: bool
) -> None:
    """The ledger goes on with the key that its last leaf names, and the same command finishes the change once."""
    old = keyring.get(checkpoints.KEY)
    fresh = bytes(range(1, 33))
    if is_named:
        await ledger_keys.change(office, keyring, OPERATOR, reason="rutin")
        fresh = keyring.get(checkpoints.KEY)
    die(keyring, old, fresh)
    assert await start(office, reopened(office)) == (fresh if is_named else old)
    assert await wrong(office) == []
    again = reopened(office)
    changed = await ledger_keys.change(office, again, OPERATOR, reason="rutin")
    assert changed.was_begun is is_named
    assert (reopened(office).get(checkpoints.KEY), reopened(office).find(NEXT)) == (fresh, None)
    assert len(await office.database.read(checkpoints.list_keys)) == 2
    assert await wrong(office) == []


async def test_a_keyring_from_before_the_change_signs_nothing_until_somebody_decides(
    office: Office, keyring: Keyring
) -> None:
    """Its key is not the ledger's any more: a start says so, and a change puts one in place that nobody signed for."""
    old = keyring.get(checkpoints.KEY)
    await ledger_keys.change(office, keyring, OPERATOR, reason="rutin")
    await start(office, reopened(office))
    keyring.change({checkpoints.KEY: old})
    with pytest.raises(StartError, match="from before the ledger's key was changed"):
        await start(office, reopened(office))
    changed = await ledger_keys.change(office, reopened(office), OPERATOR, reason="keyring hilang")
    assert (changed.was_begun, changed.is_handed_over) == (False, False)
    assert await start(office, reopened(office)) == reopened(office).get(checkpoints.KEY)
    health = await ledger_health.get(office, LAWYER)
    assert [former.handed_over for former in health.former] == [False, True]
    (fault,) = await wrong(office)
    assert fault.endswith("is not signed by the one before it")


async def test_it_needs_an_owner_and_a_reason(office: Office, keyring: Keyring) -> None:
    """Nobody else changes keys, and nobody without saying why; nothing has changed then."""
    with pytest.raises(NotAllowed):
        await ledger_keys.change(office, keyring, LAWYER, reason="x")
    with pytest.raises(ReasonMissing):
        await ledger_keys.change(office, keyring, OPERATOR, reason=" \n")
    assert keyring.find(NEXT) is None


async def test_a_bundle_checks_what_an_earlier_key_signed(office: Office, keyring: Keyring, tmp_path: Path) -> None:
    """An anchor from before the change stays in later bundles, and the bundle shows how one key led to the next."""
    thread = await hear_from(office)
    async with open_outside(office, tmp_path) as outside:
        assert {kept.size for kept in await outside.kept()}
    await ledger_keys.change(office, keyring, OPERATOR, reason="rutin")
    seed = await start(office, reopened(office))
    export_id = await exports.request(office, LAWYER, Scope(kind="conversation", conversation_id=thread), reason="a")
    await exporting.work(office, keys=Keys(ledger=seed, seal=bytes(range(32, 64))))
    made = await exporting.take(office, await exports.get(office, LAWYER, export_id))
    said = exporting.evidence(made)["ledger"]
    assert [each["until"] for each in said["earlier_keys"]]
    assert {each["kind"] for each in said["anchors"]} == {"rfc3161", "email"}
    await exporting.require_sound(made, tmp_path)
