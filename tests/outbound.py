"""What tests of the way out begin with: people of the office, and contacts whose window is open."""

from datetime import datetime

from tests.arrivals import ADA, arrive, column, text_message
from tests.documents import PDF
from tests.pictures import pieces
from wabridge.core import enclosures, replies
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.uploads import Way
from wabridge.model.draft import Draft
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.event import Person
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.staff import Actor
from wabridge.storage import messages
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

LAWYER = Actor(kind="staff", id=1, name="Rina", role="lawyer")
ASSISTANT = Actor(kind="staff", id=2, name="Dewi", role="assistant")
WAY = Way("https://meta.example/messages", "https://meta.example/media", "token")
PROGRAM = Actor(kind="token", id=1, name="calendar", role="token")


async def staff_up(office: Office) -> None:
    """Let LAWYER, ASSISTANT and PROGRAM belong to the office."""

    def hire(tx: Transaction) -> None:
        for actor in (LAWYER, ASSISTANT):
            tx.run(
                "INSERT INTO staff (id, login, name, role, language, created_at) VALUES (?, ?, ?, ?, 'id', ?)",
                (actor.id, actor.name, actor.name, actor.role, to_micros(office.clock.now())),
            )
        tx.run(
            "INSERT INTO api_token (id, name, secret_hash, created_at) VALUES (?, ?, x'00', ?)",
            (PROGRAM.id, PROGRAM.name, to_micros(office.clock.now())),
        )

    await office.database.write(hire)


async def hear_from(office: Office, person: Person = ADA, *, at: datetime | None = None) -> ConversationId:
    """Let somebody write now, or at another time, and return the conversation."""
    written_at = at or office.clock.now()
    await arrive(office.database, text_message(sender=person, sent_at=written_at), at=office.clock.now())
    await Inbound(office).look()
    row = await office.database.read(
        lambda tx: tx.one(
            "SELECT c.id FROM conversation AS c JOIN identity AS i ON i.contact_id = c.contact_id WHERE i.value = ?",
            (person.phone or person.user_id,),
        )
    )
    assert row is not None
    return ConversationId(row["id"])


async def reply(office: Office, conversation_id: ConversationId, text: str, *, author: Actor = LAWYER) -> MessageId:
    """Queue a text."""
    return (await replies.queue(office, author, draft=Draft(text=text), conversation_id=conversation_id)).message_id


async def get(office: Office, message_id: MessageId) -> Message:
    """Return a message as pages see it."""
    return await office.database.read(lambda tx: messages.get(tx, message_id))


async def status_of(office: Office, message_id: MessageId) -> str:
    """Return the word a page shows."""
    known = (await get(office, message_id)).delivery
    assert known is not None
    return known.status


async def has_status(office: Office, message_id: MessageId, status: str) -> bool:
    """Say whether a message has come that far."""
    return await status_of(office, message_id) == status


async def was_tried(office: Office, message_id: MessageId, tries: int) -> bool:
    """Say whether so many tries have failed."""
    return (await get(office, message_id)).tries == tries


async def says(office: Office, sql: str, value: object) -> bool:
    """Say whether the database answers this and nothing else."""
    return await column(office.database, sql) == [value]


async def hand_in(
    office: Office,
    conversation_id: ConversationId,
    content: bytes = PDF,
    *,
    name: str | None = "surat kuasa.pdf",
    author: Actor = LAWYER,
) -> Enclosure:
    """Take a file in, in small pieces."""
    return await enclosures.hand_in(
        office, author, Addressee(conversation_id), name=name, pieces=pieces(content, length=max(1, len(content) // 3))
    )


async def send_file(
    office: Office, conversation_id: ConversationId, content: bytes = PDF, *, text: str | None = None
) -> MessageId:
    """Queue a message with a file."""
    file = await hand_in(office, conversation_id, content)
    draft = Draft(text=text, enclosure_id=file.id)
    return (await replies.queue(office, LAWYER, draft=draft, conversation_id=conversation_id)).message_id
