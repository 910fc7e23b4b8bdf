"""The files of legal notices: frozen with the notice, sent as a copy, and never used when they are not themselves."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.conftest import MASTER_KEY
from tests.documents import PDF, WORD
from tests.noticing import WISH, look, sent
from tests.outbound import LAWYER, hand_in, hear_from, staff_up
from tests.pictures import moving, picture, pieces
from tests.templates import stock, with_account
from wabridge.core import notice_files, notice_records, notice_sending, notices
from wabridge.core.notice_records import Record
from wabridge.core.office import Office
from wabridge.errors import (
    NoNoticeTemplate,
    NotAPdf,
    NotAScan,
    NotFound,
    NoticeChanged,
    NoticeDocumentLost,
    StorageUnavailable,
)
from wabridge.model.ids import NoticeId
from wabridge.model.notice import Notice
from wabridge.model.prompts import Buttons
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import messages
from wabridge.storage import notice_files as stored
from wabridge.storage.database import Transaction
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

SHA256 = hashlib.sha256(PDF).hexdigest()


async def with_document(office: Office, content: bytes = PDF, *, name: str = "Panggilan.pdf") -> Notice:
    """Let somebody write and a lawyer draft a notice with a document to them."""
    thread = await hear_from(office)
    async with notice_files.document(office, LAWYER, thread, name=name, pieces=pieces(content)) as file:
        return await notices.draft(office, LAWYER, thread, WISH, file=file)


async def approve(office: Office, found: Notice) -> Notice:
    """Let it be approved as it stands."""
    return await notices.approve(office, LAWYER, found.id, version_id=found.version.id)


def left(office: Office) -> list[Path]:
    """Return what lies in the vault."""
    folder = office.settings.data_folder / "vault"
    return sorted(folder.iterdir()) if folder.exists() else []


async def test_the_approval_freezes_the_document(office: Office) -> None:
    """What is approved names the document's checksum, and its bytes come back whole and lie nowhere in plain."""
    found = await approve(office, await with_document(office))
    document = found.version.document
    assert document is not None
    assert (document.name, document.size_bytes, document.sha256) == ("Panggilan.pdf", len(PDF), SHA256)
    assert SHA256.encode() in found.version.content
    _, kept = await notice_files.open_file(office, LAWYER, found.id, document.file_id)
    assert kept.key.startswith("contact/")
    assert b"".join([piece async for piece in notice_files.read(office, kept)]) == PDF
    assert all(b"surat kuasa" not in path.read_bytes() for path in left(office))


async def test_what_is_no_pdf_leaves_neither_file_nor_notice(office: Office) -> None:
    """A document of another kind is refused before there is a notice, and nothing of it stays."""
    with pytest.raises(NotAPdf):
        await with_document(office, WORD, name="Panggilan.docx")
    assert left(office) == []
    assert await column(office.database, "SELECT id FROM notice") == []


async def test_inside_the_window_the_document_stands_above_the_buttons(office: Office) -> None:
    """The message that carries the notice has a copy of its document, and the notice keeps its own."""
    await staff_up(office)
    found = await approve(office, await with_document(office))
    message_id = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    message = await office.database.read(lambda tx: messages.get(tx, message_id))
    assert message.content is not None
    assert isinstance(message.content.body, Buttons)
    header = message.content.body.header
    assert header is not None
    assert (header.kind, header.file_name) == ("document", "Panggilan.pdf")
    assert [(file.sha256, file.kind) for file in message.files] == [(SHA256, "document")]
    assert len(left(office)) == 2
    assert await column(office.database, "SELECT id FROM enclosure") == []


async def test_outside_the_window_the_template_has_a_place_for_it(office: Office) -> None:
    """A template with a document above its text carries it; without one it is refused, and nothing is left behind."""
    await staff_up(office)
    account = with_account(office)
    found = await approve(account, await with_document(account))
    late = replace(account, clock=replace(account.clock, now=lambda: office.clock.now() + timedelta(days=2)))
    with pytest.raises(NoNoticeTemplate):
        await notice_sending.send(late, LAWYER, found.id, version_id=found.version.id)
    assert len(left(office)) == 1
    await stock(account)
    message_id = await notice_sending.send(late, LAWYER, found.id, version_id=found.version.id)
    message = await office.database.read(lambda tx: messages.get(tx, message_id))
    assert message.content is not None
    assert isinstance(message.content.body, TemplateMessage)
    assert message.content.body.header is not None
    assert message.content.body.header.file_name == "Panggilan.pdf"
    assert [file.sha256 for file in message.files] == [SHA256]


async def test_a_damaged_document_is_neither_approved_nor_sent(office: Office) -> None:
    """One byte of it changed on the disk stops both, and leaves no copy."""
    first = await with_document(office)
    found = await approve(office, first)
    (path,) = left(office)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(NoticeDocumentLost):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    assert left(office) == [path]
    assert not (await look(office, found.id)).sent
    path.unlink()
    with pytest.raises(NoticeDocumentLost):
        await notices.approve(office, LAWYER, found.id, version_id=found.version.id)


async def test_another_file_under_its_id_is_not_taken_for_it(office: Office) -> None:
    """A whole file that is not the approved one, put in its place in the database, is noticed by its checksum."""
    found = await approve(office, await with_document(office))
    other = await with_document(office, PDF + b" ")
    assert other.version.document is not None
    assert found.version.document is not None
    mine, theirs = found.version.document.file_id, other.version.document.file_id

    def swap(tx: Transaction) -> None:
        kept = stored.get(tx, other.id, theirs)
        tx.run("DROP TRIGGER notice_file_is_final")
        tx.run("UPDATE notice_file SET vault_name = 'x' WHERE id = :id", {"id": theirs})
        sets = "SET vault_name = :name, vault_key = :key, size = :size"
        tx.run(
            f"UPDATE notice_file {sets} WHERE id = :id",
            {"id": mine, "name": kept.name, "key": kept.key, "size": kept.size},
        )

    await office.database.write(swap)
    with pytest.raises(NoticeDocumentLost):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)


async def test_another_document_voids_the_approval(office: Office) -> None:
    """A document changed or left out is another version; both can still be looked at."""
    found = await approve(office, await with_document(office))
    thread, first = found.conversation_id, found.version
    async with notice_files.document(office, LAWYER, thread, name="Baru.pdf", pieces=pieces(PDF + b" ")) as file:
        changed = await notices.edit(office, LAWYER, found.id, WISH, version_id=first.id, file=file)
    assert changed.approval is None
    bare = await notices.edit(office, LAWYER, found.id, WISH, version_id=changed.version.id)
    assert bare.version.document is None
    for version in (first, changed.version):
        assert version.document is not None
        shown, _ = await notice_files.open_file(office, LAWYER, found.id, version.document.file_id)
        assert shown == version.document
    with pytest.raises(NoticeChanged):
        await notices.approve(office, LAWYER, found.id, version_id=first.id)


async def test_a_file_is_given_out_only_with_its_own_notice(office: Office) -> None:
    """Another notice's address does not lead to it."""
    found, other = await with_document(office), await with_document(office)
    assert found.version.document is not None
    with pytest.raises(NotFound):
        await notice_files.open_file(office, LAWYER, other.id, found.version.document.file_id)


async def test_a_full_disk_refuses_the_document_and_makes_no_notice(office: Office) -> None:
    """Nothing is half there when there is no room."""
    folder = office.settings.data_folder
    keyring = Keyring.open_or_create(folder / "files" / "keyring", MASTER_KEY)
    full = replace(office, vault=Vault(folder / "vault", keyring, reserve_bytes=2**60))
    with pytest.raises(StorageUnavailable):
        await with_document(full)
    assert left(office) == []
    assert await column(office.database, "SELECT id FROM notice") == []


async def test_a_record_by_hand_keeps_its_scan(office: Office) -> None:
    """The signed receipt of a registered letter is kept with the record, its checksum in the event that has a leaf."""
    found = await sent(office)
    said = Record("confirmed", "letter", office.clock.now())
    async with notice_files.scan(office, LAWYER, found.id, name="resi.jpg", pieces=pieces(picture())) as scan:
        found = await notice_records.record(office, LAWYER, found.id, said, scan=scan)
    document = found.events[-1].document
    assert document is not None
    assert (document.mime_type, document.sha256) == ("image/jpeg", hashlib.sha256(picture()).hexdigest())
    _, kept = await notice_files.open_file(office, LAWYER, found.id, document.file_id)
    assert b"".join([piece async for piece in notice_files.read(office, kept)]) == picture()
    assert await column(office.database, f"SELECT vault_key FROM notice_file WHERE id = {document.file_id}") == [
        f"contact/{found.contact_id}"
    ]
    kinds = await column(office.database, "SELECT kind FROM leaf ORDER BY position")
    assert kinds[-1] == "notice.recorded"


async def test_what_is_no_scan_leaves_no_record(office: Office) -> None:
    """A file of another kind is refused, and neither it nor a record is there."""
    found = await sent(office)
    with pytest.raises(NotAScan):
        async with notice_files.scan(office, LAWYER, found.id, name="a.gif", pieces=pieces(moving("GIF"))):
            pass
    assert left(office) == []


async def test_two_who_approve_at_once_make_one_approval(office: Office) -> None:
    """Both are told that it is approved; there is one approval, one event and one leaf."""
    found = await with_document(office)
    both = await asyncio.gather(approve(office, found), approve(office, found))
    assert [each.approval is not None for each in both] == [True, True]
    assert len((await look(office, NoticeId(found.id))).approvals) == 1
    assert [e.kind for e in (await look(office, found.id)).events] == ["drafted", "approved"]
    assert await column(office.database, "SELECT count(*) FROM leaf WHERE kind = 'notice.approval'") == [1]


async def test_every_file_of_a_notice_is_listed_for_backup_and_check(office: Office) -> None:
    """What backups, the vault's sweep and the verification go by names each of them."""
    found = await with_document(office)
    listed = await office.database.read(lambda tx: stored.list_all(tx, after=0, limit=10))
    assert [(each.notice_id, each.sha256) for each in listed] == [(found.id, SHA256)]
    assert [path.name for path in left(office)] == [each.kept.name for each in listed]


async def test_a_file_that_cannot_be_taken_away_does_not_cost_the_notice_its_document(office: Office) -> None:
    """The draft is made and keeps its own copy; what is left of the file that was handed in is for the next start."""
    thread = await hear_from(office)
    handed = await hand_in(office, thread)
    async with notice_files.handed_in(office, LAWYER, thread, handed.id) as file:
        stuck = office.settings.data_folder / "vault" / handed.kept.name
        stuck.unlink()
        stuck.mkdir()
        made = await notices.draft(office, LAWYER, thread, WISH, file=file, instead_of=handed.id)
    await notice_files.require_whole(office, made.id, made.version.document)
