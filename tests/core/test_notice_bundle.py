"""Legal notices in a bundle of evidence: with their document and the scans of what was recorded by hand."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from tests import exporting
from tests.arrivals import ADA, BUDI, text_message
from tests.core.test_notice_files import approve, with_document
from tests.documents import PDF
from tests.noticing import hear, pressed, sent, take
from tests.outbound import LAWYER, get, staff_up
from tests.pictures import picture, pieces
from wabridge.core import notice_files, notice_records, notice_sending
from wabridge.core.notice_records import Record
from wabridge.core.office import Office
from wabridge.model.export import Scope
from wabridge.model.media import Kept
from wabridge.model.notice import Notice


async def sent_with_scan(office: Office) -> Notice:
    """Let a notice with a document have gone, and a visit be recorded with a scan."""
    await staff_up(office)
    found = await approve(office, await with_document(office))
    await take(office, await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id))
    said = Record("confirmed", "visit", office.clock.now(), note="Diserahkan sendiri")
    async with notice_files.scan(office, LAWYER, found.id, name="resi.jpg", pieces=pieces(picture())) as scan:
        return await notice_records.record(office, LAWYER, found.id, said, scan=scan)


def spoil(office: Office, kept: Kept | None) -> None:
    """Change the last byte of a file in the vault."""
    assert kept is not None
    path = office.settings.data_folder / "vault" / kept.name
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("is_copy_lost", [False, True])
async def test_document_and_scan_are_in_the_bundle(office: Office, tmp_path: Path, is_copy_lost: bool) -> None:
    """The very bytes of both are there, the document's also when what was sent of it is lost; the bundle checks."""
    found = await sent_with_scan(office)
    if is_copy_lost:
        spoil(office, (await get(office, found.sent[0].message_id)).files[0].kept)
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="notice", notice_id=found.id)))
    (notice,) = exporting.evidence(made)["notices"]
    (answer,) = notice["confirmations"]
    (attached,) = answer["attachments"]
    held = exporting.files(made)
    assert held[notice["document"]["path"]] == PDF
    assert held[attached["path"]] == picture()
    assert notice["document"]["sha256"] == hashlib.sha256(PDF).hexdigest()
    await exporting.require_sound(made, tmp_path)


async def test_a_lost_scan_is_named_and_costs_nothing_else(office: Office, tmp_path: Path) -> None:
    """A scan that does not open any more is left out and said to be lost."""
    found = await sent_with_scan(office)
    document = found.events[-1].document
    assert document is not None
    spoil(office, (await notice_files.open_file(office, LAWYER, found.id, document.file_id))[1])
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="notice", notice_id=found.id)))
    (notice,) = exporting.evidence(made)["notices"]
    (answer,) = notice["confirmations"]
    assert answer["attachments"][0]["missing"] == "lost"
    await exporting.require_sound(made, tmp_path)


async def test_somebody_else_who_pressed_is_named_by_the_press_alone(office: Office, tmp_path: Path) -> None:
    """The number that pressed is in the notice's bundle; their messages, name and what the office knows are not."""
    notice = await sent(office)
    stranger = msgspec.structs.replace(BUDI, profile_name="Budi Zamrud", username="budi.zamrud")
    await hear(office, text_message("Perkara Zamrud", sender=stranger, sent_at=office.clock.now()))
    await hear(office, pressed(notice, "notme", sender=stranger))
    await hear(office, text_message("Zamrud sesudahnya", sender=stranger, sent_at=office.clock.now()))
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="notice", notice_id=notice.id)))
    said = exporting.evidence(made)
    (answer,) = said["notices"][0]["confirmations"]
    (press,) = [each for each in said["messages"] if each.get("wamid") == answer["wamid"]]
    assert [each["name"] for each in said["persons"]] == [ADA.profile_name, f"+{BUDI.phone}"]
    assert press["person"] == "B"
    assert [each["standing"] for each in said["persons"]] == ["lead", ""]
    assert [name for name, held in exporting.files(made).items() if b"zamrud" in held.lower()] == []
    await exporting.require_sound(made, tmp_path)
