"""What later messages do to a message: where it is read, and where it stays a line of its own."""

from datetime import timedelta

from tests.arrivals import ADA, BUDI
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.storage.test_messages import Thread, opening
from wabridge.model.content import Content as Saying
from wabridge.model.content import Edit, Plain, Reaction, Revocation, encode
from wabridge.model.event import Person
from wabridge.model.ids import MessageId
from wabridge.storage import attempts, contacts, conversations, messages, numbers
from wabridge.storage.database import Database, Transaction
from wabridge.storage.messages import Content

_KINDS = {Reaction: "reaction", Edit: "edit", Revocation: "revoke"}


def make_thread(tx: Transaction, person: Person = ADA) -> Thread:
    number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
    contact_id = contacts.add(tx, person, standing="lead", now=NOON)
    return Thread(number_id, contact_id, conversations.ensure(tx, number_id, contact_id=contact_id, now=NOON))


def do(
    tx: Transaction, thread: Thread, body: Plain | Edit | Revocation, *, minute: int = 1, wamid: str | None = None
) -> MessageId:
    """Store a message that does something to another one."""
    content = Content(_KINDS[type(body)], None, encode(Saying(body=body)))
    row = thread.row(tx, "", wamid=wamid, minute=minute)
    target = body.target_wamid if isinstance(body, Reaction | Edit | Revocation) else None
    message_id = messages.add_inbound(tx, row._replace(content=content, target_wamid=target), now=NOON)
    assert message_id is not None
    return message_id


async def test_what_was_done_is_read_with_its_message(database: Database) -> None:
    """Reactions, changes and a withdrawal come with the message, by Meta's time, and are no lines of their own."""

    def fill(tx: Transaction) -> tuple[Thread, MessageId]:
        thread = make_thread(tx)
        message_id = thread.text(tx, "Halo", wamid="w.1")
        assert message_id is not None
        do(tx, thread, Revocation(target_wamid="w.1"), minute=9)
        do(tx, thread, Reaction(target_wamid="w.1"), minute=3)
        do(tx, thread, Reaction(target_wamid="w.1", emoji="👍"), minute=2)
        do(tx, thread, Edit(target_wamid="w.1", kind="text"), minute=4)
        return thread, message_id

    thread, message_id = await database.write(fill)
    (message,) = await database.read(lambda tx: messages.list_lines(tx, thread.id, limit=9))
    assert message.id == message_id
    assert [effect.kind for effect in message.effects] == ["reaction", "reaction", "edit", "revoke"]
    assert [effect.emoji for effect in message.reaction_history] == ["👍", None]
    assert message.reactions == ()
    assert len(message.edits) == 1
    assert message.revoked_at == NOON + timedelta(minutes=9)
    assert len(await database.read(lambda tx: messages.list_page(tx, thread.id, limit=9))) == 5


async def test_a_reaction_to_our_own_message_is_read_with_it(database: Database, fake_clock: FakeClock) -> None:
    """A message of ours is known by the wamids of its attempts; nobody outside changes or takes back what we wrote."""

    def fill(tx: Transaction) -> tuple[Thread, MessageId]:
        thread = make_thread(tx)
        message_id = thread.reply(tx, "Senin.")
        attempt_id = attempts.open_(tx, opening(thread, message_id), instant=fake_clock.clock.instant())
        attempts.set_wamid(tx, attempt_id, "w.ours")
        do(tx, thread, Reaction(target_wamid="w.ours", emoji="🙏"))
        do(tx, thread, Revocation(target_wamid="w.ours"))
        return thread, message_id

    thread, message_id = await database.write(fill)
    lines = await database.read(lambda tx: messages.list_lines(tx, thread.id, limit=9))
    assert sorted(line.kind for line in lines) == ["revoke", "text"]
    (ours,) = [line for line in lines if line.id == message_id]
    assert [effect.emoji for effect in ours.reactions] == ["🙏"]
    assert ours.revoked_at is None


async def test_what_finds_no_message_is_a_line_of_its_own(database: Database) -> None:
    """Without its message, upon itself, upon another effect or across conversations, nothing disappears."""

    def fill(tx: Transaction) -> tuple[Thread, Thread]:
        ada, budi = make_thread(tx), make_thread(tx, BUDI)
        ada.text(tx, "Halo", wamid="w.1")
        do(tx, ada, Edit(target_wamid="w.nobody"), wamid="w.2")
        do(tx, ada, Edit(target_wamid="w.3"), wamid="w.3")
        do(tx, ada, Reaction(target_wamid="w.2", emoji="👍"), wamid="w.4")
        do(tx, ada, Reaction(emoji="👍"), wamid="w.5")
        do(tx, budi, Revocation(target_wamid="w.1"), wamid="w.6")
        return ada, budi

    ada, budi = await database.write(fill)
    lines = await database.read(lambda tx: messages.list_lines(tx, ada.id, limit=9))
    assert len(lines) == 5
    assert [line.effects for line in lines] == [()] * 5
    assert [line.kind for line in await database.read(lambda tx: messages.list_lines(tx, budi.id, limit=9))] == [
        "revoke"
    ]


async def test_a_page_can_end_with_a_message(database: Database) -> None:
    """The lines through a message are those before it and the message itself."""

    def fill(tx: Transaction) -> Thread:
        thread = make_thread(tx)
        for minute in (1, 2, 2, 3):
            thread.text(tx, str(minute), minute=minute)
        return thread

    thread = await database.write(fill)
    shown = await database.read(lambda tx: messages.list_lines(tx, thread.id, through=MessageId(2), limit=9))
    assert [line.id for line in shown] == [2, 1]
    before = await database.read(lambda tx: messages.list_lines(tx, thread.id, before=MessageId(2), limit=9))
    assert [line.id for line in before] == [1]
