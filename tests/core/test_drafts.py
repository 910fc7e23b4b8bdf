"""Queueing other things than text: what is stored, what a message answers, what the window lets through."""

import msgspec
import pytest

from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import FakeClock
from tests.outbound import LAWYER, get, hear_from, reply, says
from wabridge.broker import Topic
from wabridge.core import identities, replies
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import DraftUnfit, NotAllowed, NotFound, NotReferable, OtherChat, Unprocessable, WindowClosed
from wabridge.model.content import Body, Card, Cards, Location, Media, Reaction
from wabridge.model.draft import Draft
from wabridge.model.event import Person
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.prompts import Button, Buttons
from wabridge.model.staff import Actor
from wabridge.model.template_message import TemplateMessage
from wabridge.storage.database import Transaction

SECOND = Person(phone="6281399990000", user_id="ID.5", profile_name="Ada juga")
KEEP = Buttons(buttons=(Button(button_id="keep", title="Tetap"),))
NOTICE = TemplateMessage(name="sidang", language="id", category="utility")


async def newest(office: Office) -> MessageId:
    """Return the newest message of a person."""
    (message_id,) = await column(office.database, "SELECT max(id) FROM message WHERE direction = 'inbound'")
    return MessageId(int(str(message_id)))


@pytest.mark.parametrize(
    ("text", "body", "kind"),
    [
        ("Jadi?", KEEP, "interactive"),
        ("Sidang besok.", NOTICE, "template"),
        (None, Location(latitude=-6.2, longitude=106.8), "location"),
        (None, Cards((Card(name="Budi"),)), "contacts"),
        (None, Media(kind="image", caption="Kuitansi"), "image"),
    ],
)
async def test_every_kind_is_stored_with_what_it_says(office: Office, text: str | None, body: Body, kind: str) -> None:
    """What is queued is on the disk under Meta's word for its kind, words and content apart."""
    thread = await hear_from(office)
    queued = await replies.queue(office, LAWYER, draft=Draft(text=text, body=body), conversation_id=thread)
    message = await get(office, queued.message_id)
    assert message.content is not None
    assert (message.kind, message.text, message.content.body) == (kind, text, body)


async def test_an_answer_names_the_message_by_metas_id(office: Office) -> None:
    """A quoted message is found by the id that Meta knows it by."""
    thread = await hear_from(office)
    theirs = await newest(office)
    queued = await replies.queue(office, LAWYER, draft=Draft(text="Ya", quoted_id=theirs), conversation_id=thread)
    assert (await get(office, queued.message_id)).quoted_id == theirs
    quoted = (
        "SELECT count(*) FROM message AS a JOIN message AS q ON q.wamid = a.quoted_wamid WHERE a.id = 2 AND q.id = 1"
    )
    assert await says(office, quoted, 1)


async def test_what_meta_has_not_taken_cannot_be_answered(office: Office) -> None:
    """A message of ours that still waits has no id at Meta: it is neither quoted nor reacted to."""
    thread = await hear_from(office)
    ours = await reply(office, thread, "Halo")
    with pytest.raises(NotReferable):
        await replies.queue(office, LAWYER, draft=Draft(text="Ralat", quoted_id=ours), conversation_id=thread)
    draft = Draft(body=Reaction(emoji="👍"), target_id=ours)
    with pytest.raises(NotReferable):
        await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)


async def test_nobody_quotes_across_conversations(office: Office) -> None:
    """A message of another person is not found here, whoever asks."""
    await hear_from(office, BUDI)
    budis = await newest(office)
    thread = await hear_from(office, ADA)
    for quoted_id in (budis, MessageId(99)):
        with pytest.raises(NotFound):
            await replies.queue(office, LAWYER, draft=Draft(text="Ya", quoted_id=quoted_id), conversation_id=thread)


async def test_nobody_quotes_across_the_chats_of_one_person(office: Office, fake_clock: FakeClock) -> None:
    """Of somebody with two numbers only what stands in the chat that the answer goes to can be quoted or reacted to."""
    thread = await hear_from(office, ADA)
    in_old_chat = await newest(office)
    sent = await reply(office, thread, "Baik, Bu.")
    fake_clock.advance(60)
    await hear_from(office, SECOND)
    in_new_chat = await newest(office)
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    queued = await replies.queue(office, LAWYER, draft=Draft(text="Ya", quoted_id=in_new_chat), conversation_id=thread)
    assert (await get(office, queued.message_id)).quoted_id == in_new_chat
    await office.database.write(
        lambda tx: tx.run(
            "INSERT INTO attempt (message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, "
            "request_url, request_body, outcome, wamid) "
            "VALUES (?, 1, 'a:1', ?, 1, 1, '', '', x'', 'accepted', 'wamid.1')",
            (sent, ADA.phone),
        )
    )
    for draft in (
        Draft(text="Ya", quoted_id=in_old_chat),
        Draft(text="Ya", quoted_id=sent),
        Draft(body=Reaction(emoji="👍"), target_id=in_old_chat),
    ):
        with pytest.raises(OtherChat):
            await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)


async def test_a_changed_number_takes_its_chat_along(office: Office) -> None:
    """What somebody wrote before they changed their number can still be quoted: WhatsApp keeps the chat."""
    thread = await hear_from(office, ADA)
    before = await newest(office)
    moved = msgspec.structs.replace(ADA, phone="6281399990000")
    await arrive(office.database, text_message(sender=moved, sent_at=office.clock.now()), at=office.clock.now())
    await Inbound(office).look()
    draft = Draft(text="Ya", quoted_id=before)
    queued = await replies.queue(office, LAWYER, draft=draft, conversation_id=thread, clearance=Clearance(through=1))
    assert (await get(office, queued.message_id)).quoted_id == before


async def test_a_reaction_stands_under_its_message(office: Office) -> None:
    """A reaction is shown with the message it is about, and cannot be reacted to itself."""
    thread = await hear_from(office)
    theirs = await newest(office)
    draft = Draft(body=Reaction(emoji="👍"), target_id=theirs)
    queued = await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)
    assert [effect.emoji for effect in (await get(office, theirs)).reactions] == ["👍"]
    again = Draft(body=Reaction(emoji="👍"), target_id=queued.message_id)
    with pytest.raises(NotReferable):
        await replies.queue(office, LAWYER, draft=again, conversation_id=thread)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(body=Reaction(emoji="👍")),
        Draft(body=Reaction(emoji="👍"), target_id=MessageId(1), text="baik"),
        Draft(body=Reaction(emoji="👍"), target_id=MessageId(1), quoted_id=MessageId(1)),
    ],
)
async def test_a_reaction_is_nothing_but_that(office: Office, draft: Draft) -> None:
    """A reaction needs the message it stands under, and carries neither words nor a quotation."""
    thread = await hear_from(office)
    with pytest.raises(Unprocessable):
        await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (Draft(text="  ", body=KEEP), DraftUnfit),
        (Draft(body=NOTICE), DraftUnfit),
        (Draft(text="Kantor", body=Location(latitude=-6.2, longitude=106.8)), DraftUnfit),
    ],
)
async def test_words_go_with_what_has_words(office: Office, draft: Draft, error: type[Unprocessable]) -> None:
    """Buttons and templates need words; what has none of its own takes none, because they would be lost."""
    thread = await hear_from(office)
    with pytest.raises(error):
        await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)


async def test_only_templates_go_outside_the_window(office: Office, fake_clock: FakeClock) -> None:
    """When the 24 hours are over, a template is queued and everything else refused."""
    thread = await hear_from(office)
    fake_clock.advance(25 * 3600)
    for draft in (Draft(text="Halo"), Draft(text="Jadi?", body=KEEP), Draft(body=Cards((Card(name="Budi"),)))):
        with pytest.raises(WindowClosed):
            await replies.queue(office, LAWYER, draft=draft, conversation_id=thread)
    await replies.queue(office, LAWYER, draft=Draft(text="Sidang besok.", body=NOTICE), conversation_id=thread)


async def test_queueing_within_a_transaction_goes_or_falls_with_it(office: Office) -> None:
    """What is queued within a larger change is stored with it, and not at all if that fails."""
    thread = await hear_from(office)
    now = office.clock.now()
    draft = Draft(text="Jadi?", body=KEEP)

    def change(tx: Transaction, *, fails: bool) -> replies.Queued:
        queued = replies.queue_within(tx, office, LAWYER, draft, conversation_id=thread, now=now)
        if fails:
            raise ZeroDivisionError
        return queued

    with pytest.raises(ZeroDivisionError):
        await office.database.write(lambda tx: change(tx, fails=True))
    assert await says(office, "SELECT count(*) FROM message WHERE direction = 'outbound'", 0)
    queued = await office.database.write(lambda tx: change(tx, fails=False))
    replies.tell(office, queued)
    await office.broker.wait(Topic.OUTGOING, seconds=60)
    assert (await get(office, queued.message_id)).kind == "interactive"


async def test_queueing_within_a_transaction_checks_rights_and_place(office: Office) -> None:
    """The rules of every message hold inside a larger change as well."""
    thread = await hear_from(office)
    now = office.clock.now()
    nobody = Actor(kind="token", id=9, name="stranger", role="nobody")

    def change(tx: Transaction, actor: Actor, place: ConversationId) -> None:
        replies.queue_within(tx, office, actor, Draft(text="Halo"), conversation_id=place, now=now)

    with pytest.raises(NotAllowed):
        await office.database.write(lambda tx: change(tx, nobody, thread))
    with pytest.raises(NotFound):
        await office.database.write(lambda tx: change(tx, LAWYER, ConversationId(99)))
