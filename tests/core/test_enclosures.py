"""Files that are handed in to be sent: kept whole for one person, or not at all."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.arrivals import BUDI, column
from tests.clocks import FakeClock
from tests.conftest import MASTER_KEY
from tests.documents import PDF, VOICE
from tests.outbound import LAWYER, PROGRAM, get, hand_in, hear_from, staff_up
from tests.pictures import moving, pieces
from wabridge.core import enclosures, media, replies
from wabridge.core.office import Office
from wabridge.errors import (
    BadRequest,
    DraftUnfit,
    EnclosureGone,
    FileTooLarge,
    FileUnfit,
    NotAllowed,
    StorageUnavailable,
)
from wabridge.model.content import Media
from wabridge.model.draft import Draft, with_files
from wabridge.model.enclosure import Addressee
from wabridge.model.ids import ConversationId
from wabridge.model.staff import Actor
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

MP3 = b"ID3" + bytes(99)
READER = Actor(kind="staff", id=9, name="Tamu", role="guest")


@pytest.fixture
async def ada(office: Office) -> ConversationId:
    """Ada's conversation, open for answers."""
    await staff_up(office)
    return await hear_from(office)


def left(office: Office) -> list[Path]:
    """Return what lies in the vault."""
    folder = office.settings.data_folder / "vault"
    return list(folder.iterdir()) if folder.exists() else []


async def test_a_file_is_kept_encrypted_under_the_key_of_its_person(office: Office, ada: ConversationId) -> None:
    """Its bytes come back whole, its digest is known, and nothing of it is on the disk in plain."""
    taken = await hand_in(office, ada, PDF * 5000)
    assert taken.kept.key.startswith("contact/")
    assert (taken.kind, taken.name, taken.sha256) == (
        "document",
        "surat kuasa.pdf",
        hashlib.sha256(PDF * 5000).hexdigest(),
    )
    assert b"".join([piece async for piece in office.vault.read(taken.kept)]) == PDF * 5000
    (path,) = left(office)
    assert b"surat kuasa" not in path.read_bytes()


async def test_what_cannot_be_sent_leaves_nothing(office: Office, ada: ConversationId) -> None:
    """Refused for its type or its size, or broken off half-way, a file is gone at once."""
    with pytest.raises(FileUnfit) as refusal:
        await hand_in(office, ada, moving("GIF"), name="kucing.gif")
    assert (refusal.value.reason, refusal.value.name) == ("picture_type", "kucing.gif")
    with pytest.raises(FileTooLarge):
        await enclosures.hand_in(
            office, LAWYER, Addressee(ada), name="a.pdf", pieces=pieces(PDF * 9, length=9), largest_bytes=99
        )
    with pytest.raises(BadRequest):
        await enclosures.hand_in(office, LAWYER, Addressee(ada), name="a.pdf", pieces=_broken())
    assert left(office) == []
    assert await enclosures.list_waiting(office, LAWYER, ada) == ()


async def _broken() -> AsyncIterator[bytes]:
    yield PDF
    raise BadRequest("the form broke off")


async def test_a_full_disk_refuses_a_file_and_keeps_nothing_of_it(office: Office, ada: ConversationId) -> None:
    """Nothing is half there when there is no room."""
    folder = office.settings.data_folder
    keyring = Keyring.open_or_create(folder / "files" / "keyring", MASTER_KEY)
    full = replace(office, vault=Vault(folder / "vault", keyring, reserve_bytes=2**60))
    with pytest.raises(StorageUnavailable):
        await hand_in(full, ada)
    assert left(office) == []
    assert await enclosures.list_waiting(office, LAWYER, ada) == ()


async def test_a_file_becomes_the_file_of_one_message(office: Office, ada: ConversationId) -> None:
    """From then on it is read like a file that came in, and cannot be sent a second time."""
    taken = await hand_in(office, ada)
    draft = Draft(text="Mohon ditandatangani", enclosure_id=taken.id)
    queued = await replies.queue(office, LAWYER, draft=draft, conversation_id=ada)
    message = await get(office, queued.message_id)
    (file,) = message.files
    assert (file.state, file.is_ours, file.sha256, file.kept) == ("stored", True, taken.sha256, taken.kept)
    assert b"".join([piece async for piece in media.read(office, file)]) == PDF
    assert (message.kind, message.text) == ("document", None)
    assert await enclosures.list_waiting(office, LAWYER, ada) == ()
    with pytest.raises(EnclosureGone):
        await replies.queue(office, LAWYER, draft=draft, conversation_id=ada)


async def test_a_file_cannot_go_to_another_person_or_from_another_hand(office: Office, ada: ConversationId) -> None:
    """What was handed in for Ada is not there for Budi, nor for another author."""
    taken = await hand_in(office, ada)
    budi = await hear_from(office, BUDI)
    for author, thread in ((LAWYER, budi), (PROGRAM, ada)):
        with pytest.raises(EnclosureGone):
            await replies.queue(office, author, draft=Draft(enclosure_id=taken.id), conversation_id=thread)
    with pytest.raises(EnclosureGone):
        await enclosures.get(office, PROGRAM, taken.id)
    with pytest.raises(NotAllowed):
        await hand_in(office, ada, author=READER)


async def test_a_text_stands_only_where_whatsapp_shows_one(office: Office, ada: ConversationId) -> None:
    """A caption has 1,024 characters, and a sound has none."""
    document = await hand_in(office, ada)
    with pytest.raises(DraftUnfit):
        await replies.queue(office, LAWYER, draft=Draft(text="a" * 1025, enclosure_id=document.id), conversation_id=ada)
    sound = await hand_in(office, ada, b"ID3" + bytes(99), name="rekaman.mp3")
    with pytest.raises(DraftUnfit):
        await replies.queue(office, LAWYER, draft=Draft(text="a", enclosure_id=sound.id), conversation_id=ada)


@pytest.mark.parametrize(
    ("content", "is_voice", "problem"),
    [(VOICE, True, None), (VOICE, False, None), (MP3, False, None), (MP3, True, "no_voice"), (PDF, False, "unwanted")],
)
async def test_only_a_recording_can_be_a_voice_message(
    office: Office, ada: ConversationId, content: bytes, is_voice: bool, problem: str | None
) -> None:
    """Ogg with Opus goes either way, another sound as a sound only; with another file there is no choice."""
    file = await hand_in(office, ada, content, name="a")
    draft = Draft(enclosure_id=file.id, is_voice=is_voice)
    if problem is None:
        queued = await replies.queue(office, LAWYER, draft=draft, conversation_id=ada)
        content_sent = (await get(office, queued.message_id)).content
        assert content_sent is not None
        assert isinstance(content_sent.body, Media)
        assert content_sent.body.is_voice is is_voice
        return
    with pytest.raises(DraftUnfit) as caught:
        await replies.queue(office, LAWYER, draft=draft, conversation_id=ada)
    assert [(flaw.place, flaw.problem) for flaw in caught.value.flaws] == [("voice", problem)]


async def test_a_text_is_no_voice_message(office: Office, ada: ConversationId) -> None:
    """Without a file, and above buttons, there is nothing to choose."""
    with pytest.raises(DraftUnfit):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo", is_voice=False), conversation_id=ada)


async def test_several_files_go_as_several_messages_all_or_none(office: Office, ada: ConversationId) -> None:
    """The text stands under the first that takes one, or goes before; a file that is gone stops them all."""
    sound = await hand_in(office, ada, b"ID3" + bytes(99), name="rekaman.mp3")
    document = await hand_in(office, ada)
    assert with_files("Halo", [sound, document]) == (
        Draft(text=None, enclosure_id=sound.id),
        Draft(text="Halo", enclosure_id=document.id),
    )
    assert with_files("Halo", [sound]) == (Draft(text="Halo"), Draft(text=None, enclosure_id=sound.id))
    assert with_files("a" * 1025, [document])[0] == Draft(text="a" * 1025)
    gone = Draft(enclosure_id=sound.id)
    with pytest.raises(EnclosureGone):
        await replies.queue(office, LAWYER, draft=gone, more=[gone], conversation_id=ada)
    assert await column(office.database, "SELECT kind FROM message WHERE direction = 'outbound'") == []
    first, *more = with_files("Halo", [sound, document])
    await replies.queue(office, LAWYER, draft=first, more=more, conversation_id=ada)
    kinds = await column(office.database, "SELECT kind FROM message WHERE direction = 'outbound' ORDER BY id")
    assert kinds == ["audio", "document"]


async def test_what_nobody_sends_goes_after_a_day(office: Office, ada: ConversationId, fake_clock: FakeClock) -> None:
    """A file that waits is removed with the next one that comes; so is one that is taken back, at once."""
    old = await hand_in(office, ada)
    fake_clock.advance(timedelta(days=1, seconds=1).total_seconds())
    new = await hand_in(office, ada)
    assert [each.id for each in await enclosures.list_waiting(office, LAWYER, ada)] == [new.id]
    assert [path.name for path in left(office)] == [new.kept.name]
    assert old.kept.name != new.kept.name
    await enclosures.take_back(office, LAWYER, new.id)
    assert left(office) == []
