"""The worker that makes bundles: what goes wrong costs one export, and what is made always checks."""

import asyncio
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import exporting
from tests.arrivals import column, text_message
from tests.clocks import NOON
from tests.conftest import MASTER_KEY
from tests.exporting import KEYS
from tests.journeys.site import eventually
from tests.outbound import LAWYER, hear_from, reply, send_file
from tests.outside import open_outside
from tests.storage.disks import full_disk
from tests.web.desk import receive
from wabridge.core import dossiers, exports, proofs
from wabridge.core.office import Office
from wabridge.core.pressing import Press
from wabridge.core.proofs import Outside
from wabridge.core.sealing import ensure
from wabridge.errors import NotAllowed, NotFound, StorageUnavailable
from wabridge.evidence import bundle, commitment, tree, words
from wabridge.evidence.dossier import Anchor
from wabridge.gateway import cutouts
from wabridge.model.event import Person
from wabridge.model.export import Scope
from wabridge.model.ids import ConversationId, ExportId, MessageId
from wabridge.model.source import Reading
from wabridge.model.staff import Actor
from wabridge.storage import checkpoints, ledger
from wabridge.storage import exports as rows
from wabridge.storage.database import Transaction
from wabridge.storage.keyring import Keyring
from wabridge.storage.ledger import Entry, Subject
from wabridge.storage.vault import Vault

OWNER = Actor(kind="staff", id=1, name="Pemilik", role="owner")


def conversation(conversation_id: ConversationId) -> Scope:
    return Scope(kind="conversation", conversation_id=conversation_id)


def message(message_id: MessageId) -> Scope:
    return Scope(kind="message", message_id=message_id)


async def test_a_file_that_is_damaged_is_named_and_costs_nothing_else(office: Office, tmp_path: Path) -> None:
    """A file that does not open any more is left out, said to be lost, and the bundle checks."""
    thread = await hear_from(office)
    await send_file(office, thread)
    (stored,) = [path for path in (tmp_path / "data" / "vault").iterdir() if path.stat().st_size > 0]
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    made = await exporting.take(office, await exporting.ask(office, conversation(thread)))
    said = exporting.evidence(made)
    (file,) = [file for each in said["messages"] for file in each.get("attachments", [])]
    assert file["missing"] == "lost"
    assert "Berkas lampiran yang tidak tersimpan" in [each["what"] for each in said["left_out"]]
    await exporting.require_sound(made, tmp_path)


async def test_whoever_has_no_number_has_a_report_all_the_same(office: Office, tmp_path: Path) -> None:
    """Somebody who is known by a WhatsApp account only is named by it, and the bundle checks."""
    await hear_from(office)
    await receive(office, text_message("Halo", sender=Person(user_id="ID.1035577892", profile_name="Dewi")))
    made = await exporting.take(office, await exporting.ask(office, conversation(ConversationId(2))))
    said = exporting.evidence(made)
    assert ("ID.1035577892" in str(said), [each["text"] for each in said["messages"]]) == (True, ["Halo"])
    await exporting.require_sound(made, tmp_path)


async def test_a_fault_that_nobody_thought_of_costs_one_export(office: Office) -> None:
    """Whatever goes wrong in making a bundle ends that export and nothing else."""
    thread = await hear_from(office)
    first = await exports.request(office, LAWYER, conversation(thread), reason="a")

    def read(body: bytes, pointers: Iterable[str]) -> Reading:
        raise RuntimeError("nobody thought of this")

    await exporting.work(office, read=read)
    assert (await exports.get(office, LAWYER, first)).failure == "fault"
    assert (await exporting.ask(office, conversation(thread))).state == "done"


async def test_a_fault_in_feeding_the_press_costs_one_export(office: Office) -> None:
    """What goes wrong while bytes are handed over is told of the export; no task of the program ends by it."""
    thread = await hear_from(office)
    await send_file(office, thread)
    await office.database.write(lambda tx: tx.run("UPDATE media SET vault_name = char(97, 0, 98)"))
    assert (await exporting.ask(office, conversation(thread))).failure == "fault"


async def test_a_seal_that_does_not_open_does_not_stop_the_program(office: Office) -> None:
    """With another key than the seal's, exports fail and the worker lives."""
    thread = await hear_from(office)
    await ensure(office, bytes(32))
    assert (await exporting.ask(office, conversation(thread))).failure == "fault"


async def test_a_bundle_of_one_message_says_that_there_are_others(office: Office) -> None:
    """What else the conversation holds is counted among what is left out."""
    thread = await hear_from(office)
    only = await reply(office, thread, "Selamat siang")
    made = await exporting.take(office, await exporting.ask(office, message(only), language="en"))
    counted = {each["what"]: each.get("count") for each in exporting.evidence(made)["left_out"]}
    assert counted["Other messages of the same conversation"] == 1


async def test_what_changes_while_it_is_gathered_does_not_spoil_the_bundle(office: Office, tmp_path: Path) -> None:
    """A row that was revised behind the bundle's head is said to be, and the bundle checks."""
    thread = await hear_from(office)
    answer = await reply(office, thread, "Selamat siang")
    await exports.request(office, LAWYER, conversation(thread), reason="a")
    head = await office.database.write(lambda tx: checkpoints.add(tx, KEYS.ledger))

    def revise(tx: Transaction) -> None:
        tx.run("UPDATE message SET text = 'Selamat sore' WHERE id = ?", (answer,))
        ledger.append(tx, Entry("wa.changed", Subject("message", answer), revises=True))

    await office.database.write(revise)
    requested = await office.database.read(rows.find_next)
    assert requested is not None
    gathered = await dossiers.gather(office, requested, head, cutouts.read)
    assert gathered.has_moved
    made = await _pressed(office, gathered)
    await exporting.require_sound(made, tmp_path)
    assert [each.withheld for each in gathered.dossier.openings if each.part == "row"].count("revised") == 1


async def _pressed(office: Office, gathered: dossiers.Gathered) -> bytes:
    async def told(percent: int) -> bool:
        return True

    keys = bundle.Keys(KEYS.ledger, await ensure(office, KEYS.seal))
    async with asyncio.TaskGroup() as tasks:
        return b"".join([piece async for piece in Press(office, gathered, keys, tasks, None).run(told)])


async def test_the_newest_state_is_told_where_there_is_time(office: Office) -> None:
    """If nothing comes in between, what was gathered is the newest word on the conversation."""
    thread = await hear_from(office)
    await exports.request(office, LAWYER, conversation(thread), reason="a")
    head = await office.database.write(lambda tx: checkpoints.add(tx, KEYS.ledger))
    requested = await office.database.read(rows.find_next)
    assert requested is not None
    assert not (await dossiers.gather(office, requested, head, cutouts.read)).has_moved


async def test_an_anchor_over_a_later_state_is_proved_as_well(office: Office) -> None:
    """An anchor that was made while the bundle was gathered leads to the bundle's head like any other."""
    thread = await hear_from(office)
    early = await office.database.write(lambda tx: checkpoints.add(tx, KEYS.ledger))
    await reply(office, thread, "Selamat siang")
    late = await office.database.write(lambda tx: checkpoints.add(tx, KEYS.ledger))
    anchor = Anchor(
        kind="email", by="a@b", size=late.size, root=commitment.encode(late.root), t_anchored=office.clock.now()
    )
    (way,) = await office.database.read(lambda tx: proofs.prove_anchors(tx, Outside((anchor,), late.size), early))
    assert (way.old_size, way.new_size) == (early.size, late.size)
    assert tree.is_consistent(early.size, late.size, proof=way.path, old_root=early.root, new_root=late.root)


async def test_the_guides_command_checks_a_token(office: Office, tmp_path: Path) -> None:
    """What the report tells a stranger to type for a time-stamp token says OK with the files of the bundle."""
    async with open_outside(office, tmp_path) as outside:
        await outside.happen()
        thread = await hear_from(outside.office)
        made = await exporting.take(outside.office, await exporting.ask(outside.office, conversation(thread)))
    await exporting.require_sound(made, tmp_path)
    for name, content in exporting.files(made).items():
        if name.startswith("anchors/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
    command = "openssl ts -verify -in anchors/1.tsr -data anchors/1.note -CAfile anchors/1-chain.pem"
    assert command in (Path(words.__file__).parent / "words/id.toml").read_text()
    on_the_day = [*command.split(), "-attime", str(int(NOON.timestamp()))]
    said = await asyncio.to_thread(subprocess.run, on_the_day, cwd=tmp_path, capture_output=True, check=False)
    assert said.stdout == b"Verification: OK\n", said.stderr


async def test_a_disk_that_does_not_take_the_bundle_ends_the_export(office: Office, data_folder: Path) -> None:
    """Full in the midst of writing, the export ends and says why, nothing of it is left, and the next one is made."""
    thread = await hear_from(office)
    await send_file(office, thread, content=b"%PDF-1.7\n" + bytes(3_000_000))
    before = sorted((data_folder / "vault").iterdir())
    with full_disk(2_500_000):
        export = await exporting.ask(office, conversation(thread))
    assert (export.state, export.failure) == ("failed", "storage")
    assert sorted((data_folder / "vault").iterdir()) == before
    assert (await exporting.ask(office, conversation(thread))).state == "done"


async def test_a_bundle_is_removed_by_the_owner_and_its_record_stays(office: Office, data_folder: Path) -> None:
    """Its file is gone and not offered any more; number, reason, checksum and who removed it stay, with a leaf."""
    thread = await hear_from(office)
    export = await exporting.ask(office, conversation(thread))
    with pytest.raises(NotAllowed):
        await exports.remove(office, LAWYER, export.id)
    assert await exports.remove(office, OWNER, export.id)
    assert list((data_folder / "vault").iterdir()) == []
    found = await exports.get(office, LAWYER, export.id)
    assert (found.number, found.sha256, found.reason) == (export.number, export.sha256, export.reason)
    assert (found.kept, found.removed_by, found.removed_at) == (None, OWNER.name, office.clock.now())
    with pytest.raises(NotFound):
        await exports.fetch(office, LAWYER, export.id)
    assert not await exports.remove(office, OWNER, export.id)
    said = "SELECT a.verb FROM act AS a JOIN leaf AS l ON l.subject_kind = 'act' AND l.subject_id = a.id"
    assert (await column(office.database, said + " ORDER BY a.id"))[-1] == "removed_export"


async def test_a_removal_that_broke_off_is_ended_at_the_next_start(office: Office, data_folder: Path) -> None:
    """Noted and not yet deleted when the program ended: the next start deletes the file."""
    thread = await hear_from(office)
    export = await exporting.ask(office, conversation(thread))
    await office.database.write(lambda tx: rows.remove(tx, OWNER, export.id, now=office.clock.now()))
    office.bundles.forget_begun()
    await exporting.work(office)
    assert list((data_folder / "vault").iterdir()) == []


async def _until(office: Office, export_id: ExportId, state: str) -> None:
    async def is_so() -> bool:
        return (await exports.get(office, LAWYER, export_id)).state == state

    await eventually(is_so, seconds=30)


async def test_what_is_called_off_while_it_is_made_ends_and_leaves_nothing(office: Office, data_folder: Path) -> None:
    """A running export that is cancelled ends as such, and its bundle lies nowhere."""
    thread = await hear_from(office)
    export_id = await exports.request(office, LAWYER, conversation(thread), reason="a")
    making = asyncio.create_task(exporting.work(office))
    await _until(office, export_id, "running")
    assert await exports.cancel(office, LAWYER, export_id)
    await making
    assert (await exports.get(office, LAWYER, export_id)).state == "cancelled"
    assert list((data_folder / "vault").glob("*")) == []


async def test_what_was_being_made_when_the_program_ended_is_made_anew(office: Office, data_folder: Path) -> None:
    """Broken off in the middle, two exports are made one after the other at the next start, under their numbers."""
    thread = await hear_from(office)
    asked = [await exports.request(office, LAWYER, conversation(thread), reason="a") for _ in range(2)]
    making = asyncio.create_task(exporting.work(office))
    await _until(office, asked[0], "running")
    making.cancel()
    await asyncio.gather(making, return_exceptions=True)
    await exporting.work(office)
    made = [await exports.get(office, LAWYER, each) for each in asked]
    assert [(each.number, each.state) for each in made] == [("EV-2026-000001", "done"), ("EV-2026-000002", "done")]
    assert len(list((data_folder / "vault").glob("*"))) == 2


async def test_a_full_disk_is_waited_for(office: Office, data_folder: Path) -> None:
    """Without room nothing is gathered and nothing changes; with room the same export is made."""
    thread = await hear_from(office)
    export_id = await exports.request(office, LAWYER, conversation(thread), reason="a")
    keyring = Keyring.open(data_folder / "files" / "keyring", MASTER_KEY)
    full = Vault(data_folder / "vault", keyring, reserve_bytes=2**62)
    with pytest.RaisesGroup(StorageUnavailable):
        await exporting.work(replace(office, bundles=full))
    assert (await exports.get(office, LAWYER, export_id)).is_under_way
    await exporting.work(office)
    assert (await exports.get(office, LAWYER, export_id)).state == "done"
