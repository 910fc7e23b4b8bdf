"""The ledger's page and its newest head, as people and programs meet them."""

import json
from functools import partial

import pytest

from tests.clocks import FakeClock
from tests.web.desk import Desk, open_desk
from tests.web.parsed import text_of
from tests.web.served import Served
from wabridge.core import ledger as books
from wabridge.core import verification
from wabridge.core.ledger import Bookkeeper
from wabridge.core.office import Office
from wabridge.evidence import checkpoint
from wabridge.model.staff import Role
from wabridge.storage import ledger
from wabridge.storage.ledger import Entry

SEED = bytes(range(32))


async def keep_books(office: Office) -> Bookkeeper:
    """Begin the ledger as a start of the program does."""
    await office.database.write(partial(books.begin, seed=SEED, known=None, clock=office.clock))
    keeper = Bookkeeper(office, SEED)
    await keeper.look()
    return keeper


async def test_a_ledger_without_anything_says_so(desk: Desk) -> None:
    """Before the first checkpoint nothing is claimed."""
    tree = await desk.show("/ledger")
    assert text_of(tree.one("section", id="gaps")).endswith("Tidak ada yang diketahui buku besar.")
    assert tree.all("section", id="key") == []
    assert "Belum pernah" in text_of(tree.one("section", id="state"))


async def test_the_page_says_what_is_signed_and_checked(desk: Desk) -> None:
    """Size, last signature, fingerprint and last verification stand on the page."""
    await keep_books(desk.office)
    async for _ in verification.verify(desk.office):
        pass
    tree = await desk.show("/ledger")
    key = checkpoint.public_key("any", SEED)
    assert text_of(tree.one("p", "fingerprint")) == key.fingerprint
    assert "semuanya sesuai" in text_of(tree.one("section", id="state"))
    assert "— wabridge/" in text_of(tree.one("pre"))


async def test_gaps_and_a_clock_that_was_set_are_told(desk: Desk, fake_clock: FakeClock) -> None:
    """A start after a silence, and a clock that was set, each have their line."""
    keeper = await keep_books(desk.office)
    fake_clock.advance(1800)
    await keep_books(desk.office)
    fake_clock.now = fake_clock.now.replace(minute=0)
    await keeper.look()
    said = text_of((await desk.show("/ledger")).one("section", id="gaps"))
    assert "Selama 30 menit" in said
    assert "Jam mesin ini telah dimundurkan 1.800 detik" in said


async def test_an_interrupted_history_stands_on_top(desk: Desk) -> None:
    """A ledger that does not go on from what was known says so first."""
    note = {"continues": False, "size": 3, "known_size": 9}
    await desk.office.database.write(lambda tx: ledger.append(tx, Entry("restore", note=note)))
    (alert,) = (await desk.show("/ledger")).all("section", role="alert")
    assert "Riwayat terputus" in text_of(alert)
    assert "9 baris" in text_of(alert)


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("lawyer", 200), ("assistant", 403)])
async def test_only_those_who_answer_for_it_see_it(office: Office, role: Role, status: int) -> None:
    """Owner and lawyers see the page, assistants do not."""
    async with open_desk(office, role=role) as desk:
        assert (await desk.get("/ledger")).status == status


async def test_a_program_gets_the_newest_checkpoint(served: Served) -> None:
    """The API gives the signed text and the key that checks it; without one it is not found."""
    headers = await served.bearer()
    assert (await served.call("GET", "/api/v1/ledger/checkpoint", headers=headers)).status == 404
    await keep_books(served.office)
    answer = await served.call("GET", "/api/v1/ledger/checkpoint", headers=headers)
    said = json.loads(answer.body)
    assert checkpoint.is_signed_by(said["note"], checkpoint.parse_key(said["verifier"]))
    assert checkpoint.parse(said["note"]).size == said["size"]
    assert (await served.get("/api/v1/ledger/checkpoint")).status == 401
