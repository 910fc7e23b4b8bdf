"""Files on their way out: uploaded first, then named."""

import asyncio
import hashlib

import pytest

from tests.arrivals import BUDI, column
from tests.clocks import FakeClock
from tests.documents import FILM, PDF, VOICE, WORD
from tests.gateway.dispatch import AccessToken, Run, Sending, eventually
from tests.outbound import LAWYER, get, has_status, hear_from, reply, says, send_file, status_of
from tests.pictures import picture
from wabridge.core import conversations, replies
from wabridge.core.office import Office
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.upload import FILE_LOST
from wabridge.sandbox.answers import graph_error
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta

OUTCOMES = "SELECT outcome FROM upload ORDER BY id"


@pytest.fixture
async def ada(busy_office: Office) -> ConversationId:
    """Ada's conversation, open for answers."""
    return await hear_from(busy_office)


async def wait_of(office: Office, conversation_id: ConversationId, message_id: MessageId) -> str | None:
    """Return why a message waits, as its page says."""
    view = await conversations.get(office, LAWYER, conversation_id, limit=10)
    known = view.waits.get(message_id)
    return None if known is None else known.reason


@pytest.mark.parametrize(
    ("content", "kind", "mime_type"),
    [
        (PDF, "document", "application/pdf"),
        (WORD, "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (picture(), "image", "image/jpeg"),
        (picture("WEBP", size=(512, 512)), "sticker", "image/webp"),
        (FILM, "video", "video/mp4"),
        (VOICE, "audio", "audio/ogg; codecs=opus"),
    ],
)
async def test_a_file_is_uploaded_and_named_by_its_id(
    busy_office: Office, meta: PretendMeta, sending: Sending, content: bytes, kind: str, mime_type: str
) -> None:
    """Meta gets the very bytes, with their true type; the message names the id and never a link."""
    message_id = await send_file(busy_office, await hear_from(busy_office), content)
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    (file,) = meta.uploads
    assert (file.content, file.mime_type, meta.violations) == (content, mime_type, [])
    body = meta.requests[-1].body
    assert (body["type"], body[kind]["id"]) == (kind, file.media_id)
    assert "link" not in body[kind]
    assert body[kind].get("voice") is (True if content is VOICE else None)


async def test_what_was_uploaded_is_kept_as_evidence(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending
) -> None:
    """Address, the form's head, the digest of the bytes and the answer stay; the access token does not."""
    message_id = await send_file(busy_office, ada, text="Untuk ditandatangani")
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    row = await busy_office.database.read(lambda tx: tx.one("SELECT * FROM upload"))
    assert row is not None
    assert (row["sha256"], row["size"], row["outcome"]) == (hashlib.sha256(PDF).hexdigest(), len(PDF), "taken")
    assert row["request_url"].endswith("/media")
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in row["request_head"]
    assert meta.uploads[0].media_id.encode() in row["response_body"]
    assert meta.account.access_token not in str(tuple(row))
    assert meta.requests[-1].body["document"] == {
        "id": meta.uploads[0].media_id,
        "caption": "Untuk ditandatangani",
        "filename": "surat kuasa.pdf",
    }


@pytest.mark.parametrize("fault", [Fault.UPLOAD_DOWN, Fault.UPLOAD_CUT, Fault.UPLOAD_HANGS, Fault.UPLOAD_FORGOTTEN])
async def test_what_may_pass_is_tried_again_and_the_message_goes_once(
    busy_office: Office,
    ada: ConversationId,
    meta: PretendMeta,
    sending: Sending,
    fake_clock: FakeClock,
    fault: Fault,
) -> None:
    """An upload that breaks off, hangs, meets a disturbance or is forgotten is made again; one message goes out."""
    meta.faults.add(fault)
    message_id = await send_file(busy_office, ada)
    async with sending() as run:
        await eventually(lambda: _was_tried(busy_office, message_id))
        assert await status_of(busy_office, message_id) == "pending"
        meta.faults.clear()
        fake_clock.advance(10)
        await run.sender.look()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert len(meta.accepted) == 1
    assert meta.requests[-1].body["document"]["id"] == meta.uploads[-1].media_id


async def test_a_refused_file_fails_its_message_with_a_sentence(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending
) -> None:
    """What Meta does not take fails; what was written behind it goes."""
    meta.faults.add(Fault.UPLOAD_REFUSED)
    message_id = await send_file(busy_office, ada)
    second = await reply(busy_office, ada, "Sudah saya kirim")
    async with sending():
        await eventually(lambda: has_status(busy_office, second, "sent"))
    failed = await get(busy_office, message_id)
    assert failed.delivery is not None
    assert (failed.delivery.status, failed.delivery.failure_code) == ("failed", 131053)
    assert len(meta.accepted) == 1


async def test_a_throttled_upload_lets_the_number_rest(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """130429 at an upload is no failure of its message: nobody is sent anything for a while, then it goes."""
    meta.faults.add(Fault.UPLOAD_THROTTLED)
    message_id = await send_file(busy_office, ada)
    other = await reply(busy_office, await hear_from(busy_office, BUDI), "Untuk yang lain")
    async with sending():
        await eventually(lambda: says(busy_office, "SELECT code FROM number_pace", 130429))
        assert await status_of(busy_office, message_id) == "pending"
        meta.faults.clear()
        fake_clock.advance(60)
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
        await eventually(lambda: has_status(busy_office, other, "sent"))


async def test_a_refused_token_pauses_all_sending(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """190 at an upload stops sending, the message stays pending, and another token lets it go."""
    good, access_token.value = access_token.value, "withdrawn"
    message_id = await send_file(busy_office, ada)
    async with sending() as run:
        await eventually(lambda: _pauses(busy_office))
        assert await status_of(busy_office, message_id) == "pending"
        access_token.value = good
        await run.sender.look()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert len(meta.uploads) == 1


async def test_only_this_person_waits_for_a_long_upload(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending
) -> None:
    """Messages behind the file wait and the page says why; another person's message goes at once."""
    meta.faults.add(Fault.UPLOAD_HANGS)
    first = await send_file(busy_office, ada)
    behind = await reply(busy_office, ada, "Mohon dibaca")
    other = await reply(busy_office, await hear_from(busy_office, BUDI), "Halo")
    async with sending():
        await eventually(lambda: has_status(busy_office, other, "sent"))
        assert await wait_of(busy_office, ada, first) == "uploading"
        assert await wait_of(busy_office, ada, behind) == "turn"
        assert [message.to for message in meta.accepted] == [f"+{BUDI.phone}"]
        meta.faults.clear()


async def test_a_file_is_named_for_thirty_days_and_then_uploaded_anew(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A second attempt within the time uses the id Meta gave; later, or with another token, the file goes again."""
    meta.answers.append(graph_error(503, 131016))
    message_id = await send_file(busy_office, ada)
    async with sending() as run:
        await eventually(lambda: _was_tried(busy_office, message_id))
        fake_clock.advance(10)
        await run.sender.look()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert (len(meta.uploads), len(meta.requests)) == (1, 2)


async def test_after_thirty_days_or_with_another_token_the_id_is_not_used(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """An old id, one of another number and one of another token's app are not ours to name."""
    meta.answers.append(graph_error(503, 131016))
    message_id = await send_file(busy_office, ada)
    async with sending() as run:
        await eventually(lambda: _was_tried(busy_office, message_id))
        await busy_office.database.write(lambda tx: tx.run("DROP TRIGGER upload_request_is_final"))
        await busy_office.database.write(lambda tx: tx.run("UPDATE upload SET token_mark = 'another'"))
        fake_clock.advance(10)
        await run.sender.look()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert len(meta.uploads) == 2


async def test_a_damaged_file_fails_its_message(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending
) -> None:
    """A file that does not open any more never goes out as something else."""
    message_id = await send_file(busy_office, ada)
    (path,) = (busy_office.settings.data_folder / "vault").iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "failed"))
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert message.delivery.failure_code == FILE_LOST
    assert [file.state for file in message.files] == ["failed"]
    assert (meta.uploads, meta.requests) == ([], [])


@pytest.mark.parametrize("was_answered", [True, False], ids=["after the answer", "before the answer"])
async def test_killed_around_an_upload_nothing_is_lost(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending, was_answered: bool
) -> None:
    """Killed while a file is on its way it goes again; killed after Meta named it, the name is used."""
    message_id = await send_file(busy_office, ada)
    meta.faults.add(Fault.UPLOAD_HANGS)
    async with sending() as run:
        await eventually(lambda: len(meta.uploads) == 1)
        await _kill(run)
    meta.faults.clear()
    # As if the process had died without a word; its trigger lets nobody else say so.
    await busy_office.database.write(lambda tx: tx.run("DROP TRIGGER upload_answer_is_final"))
    settled = "outcome = 'taken', file_id = ?" if was_answered else "outcome = 'open', file_id = NULL, reason = ?"
    await busy_office.database.write(lambda tx: tx.run(f"UPDATE upload SET {settled}", (meta.uploads[0].media_id,)))
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert len(meta.uploads) == (1 if was_answered else 2)
    assert len(meta.accepted) == 1
    assert await column(busy_office.database, OUTCOMES) == (["taken"] if was_answered else ["unknown", "taken"])


async def test_a_cancelled_message_goes_nowhere_although_its_file_is_there(
    busy_office: Office, ada: ConversationId, meta: PretendMeta, sending: Sending
) -> None:
    """A file that no message names is seen by nobody."""
    meta.faults.add(Fault.UPLOAD_HANGS)
    message_id = await send_file(busy_office, ada)
    async with sending():
        await eventually(lambda: _has_upload(busy_office, "open"))
        await replies.cancel(busy_office, LAWYER, message_id)
        meta.faults.clear()
        await eventually(lambda: _has_upload(busy_office, "unknown"))
    assert await status_of(busy_office, message_id) == "cancelled"
    assert meta.requests == []


async def _was_tried(office: Office, message_id: MessageId) -> bool:
    return (await get(office, message_id)).tries > 0


async def _pauses(office: Office) -> bool:
    return (await column(office.database, "SELECT paused_code FROM number")) == [190]


async def _has_upload(office: Office, outcome: str) -> bool:
    return outcome in await column(office.database, OUTCOMES)


async def _kill(run: Run) -> None:
    run.task.cancel()
    await asyncio.wait([run.task])
