"""Files above the words of what is sent: for whom they are, which kind belongs there, what is kept of them."""

from datetime import timedelta

import pytest

from tests.arrivals import BUDI, column
from tests.documents import PDF
from tests.outbound import LAWYER, get, hand_in, hear_from, staff_up
from tests.pictures import picture, pieces
from tests.templates import stock, with_account
from wabridge.core import enclosures, replies, template_messages
from wabridge.core.office import Office
from wabridge.core.template_messages import Order, Recipient
from wabridge.errors import DraftUnfit, EnclosureGone, PhoneUnreadable, TemplateUnfit, WindowClosed
from wabridge.model.draft import Draft
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import ConversationId, EnclosureId
from wabridge.model.message import Message
from wabridge.model.prompts import Button, Buttons, Header, LinkButton, Menu, Row, Section
from wabridge.model.template_message import TemplateMessage

NOTICE = {"body.nama": "Ibu Ada", "body.perihal": "somasi", "body.isi": "Surat terlampir."}
STRANGER = "0812-9999-0000"
YES = (Button(button_id="1", title="Ya"),)


@pytest.fixture
async def busy(office: Office) -> Office:
    """An office with people, a business account and the pretend office's templates."""
    busy = with_account(office)
    await staff_up(busy)
    await stock(busy)
    return busy


def order(file: EnclosureId | None) -> Order:
    """Return an order for the template with a document above its text."""
    values = NOTICE | ({} if file is None else {"header": str(file)})
    return Order(values, name="pemberitahuan_hukum_berkas", language="id")


async def send(office: Office, file: EnclosureId | None, recipient: Recipient) -> Message:
    """Queue that template and return its message."""
    return await get(office, (await template_messages.queue(office, LAWYER, order(file), recipient)).message_id)


async def offer(office: Office, to: Addressee, content: bytes = PDF, name: str = "somasi.pdf") -> Enclosure:
    """Hand a file in for somebody."""
    return await enclosures.hand_in(office, LAWYER, to, name=name, pieces=pieces(content, length=len(content)))


def problems(caught: pytest.ExceptionInfo[TemplateUnfit]) -> list[tuple[str, str]]:
    """Return what did not fit."""
    return list(caught.value.problems)


async def test_a_template_carries_its_file_outside_the_window(busy: Office) -> None:
    """The message keeps the file's name in its header, and the file itself is the message's from then on."""
    thread = await hear_from(busy, at=busy.clock.now() - timedelta(days=2))
    file = await hand_in(busy, thread, name="somasi.pdf")
    message = await send(busy, file.id, Recipient(conversation_id=thread))
    assert message.content is not None
    assert isinstance(message.content.body, TemplateMessage)
    assert message.content.body.header == Header(kind="document", file_name="somasi.pdf")
    assert [each.sha256 for each in message.files] == [file.sha256]
    with pytest.raises(TemplateUnfit) as caught:
        await send(busy, file.id, Recipient(conversation_id=thread))
    assert problems(caught) == [("header", "file_gone")]


async def test_only_the_kind_that_was_approved_stands_above_a_template(busy: Office) -> None:
    """A picture where a document belongs, or nothing, is told at its slot, and nothing is queued."""
    thread = await hear_from(busy)
    file = await hand_in(busy, thread, picture(), name="foto.jpg")
    for named, reason in ((file.id, "wrong_kind"), (None, "missing"), (EnclosureId(99), "file_gone")):
        with pytest.raises(TemplateUnfit) as caught:
            await send(busy, named, Recipient(conversation_id=thread))
        assert problems(caught) == [("header", reason)]
    assert await column(busy.database, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [0]


async def test_a_file_can_be_handed_in_for_a_number_that_nobody_knows(busy: Office) -> None:
    """It makes nobody a contact; only sending does, and the file goes to that number and to nobody else."""
    file = await offer(busy, Addressee(phone=STRANGER))
    assert file.kept.key.startswith("newcomer/")
    assert await column(busy.database, "SELECT count(*) FROM contact") == [0]
    with pytest.raises(TemplateUnfit) as caught:
        await send(busy, file.id, Recipient(phone="0812-9999-0001"))
    assert problems(caught) == [("header", "file_gone")]
    assert await column(busy.database, "SELECT count(*) FROM contact") == [0]
    message = await send(busy, file.id, Recipient(phone="+62 812 9999 0000"))
    assert [each.sha256 for each in message.files] == [file.sha256]
    assert await column(busy.database, "SELECT standing FROM contact") == ["lead"]
    with pytest.raises(PhoneUnreadable):
        await offer(busy, Addressee(phone="surat"))


async def test_a_file_for_a_number_goes_to_whoever_has_become_its_contact(busy: Office) -> None:
    """Who wrote in between is the same person, with or without a conversation."""
    file = await offer(busy, Addressee(phone=f"+{BUDI.phone}"))
    thread = await hear_from(busy, BUDI)
    sent = await replies.queue(busy, LAWYER, draft=Draft(enclosure_id=file.id), conversation_id=thread)
    assert len((await get(busy, sent.message_id)).files) == 1


async def test_a_file_alone_opens_no_conversation(busy: Office) -> None:
    """To a number that has never written a file goes only above a template."""
    file = await offer(busy, Addressee(phone=STRANGER))
    with pytest.raises(WindowClosed):
        await replies.queue(busy, LAWYER, draft=Draft(enclosure_id=file.id), to=STRANGER)


@pytest.mark.parametrize(
    "body", [Buttons(buttons=YES), LinkButton(label="Buka", url="https://kantor.example/")], ids=["buttons", "link"]
)
async def test_buttons_and_links_carry_a_file_above_their_words(busy: Office, body: Buttons | LinkButton) -> None:
    """The file says which kind the header is."""
    thread = await hear_from(busy)
    for content, name, header in (
        (PDF, "somasi.pdf", Header(kind="document", file_name="somasi.pdf")),
        (picture(), "foto.jpg", Header(kind="image")),
    ):
        file = await hand_in(busy, thread, content, name=name)
        draft = Draft(text="Sudah?", body=body, enclosure_id=file.id)
        sent = await replies.queue(busy, LAWYER, draft=draft, conversation_id=thread)
        kept = (await get(busy, sent.message_id)).content
        assert kept is not None
        assert isinstance(kept.body, Buttons | LinkButton)
        assert kept.body.header == header


async def test_where_no_file_belongs_none_is_taken(busy: Office) -> None:
    """A list takes none, buttons no sound, a heading in words no second one; a header for a file needs one."""
    thread: ConversationId = await hear_from(busy)
    document = (await hand_in(busy, thread)).id
    sound = (await hand_in(busy, thread, b"ID3" + bytes(99), name="rekaman.mp3")).id
    menu = Menu(label="Pilih", sections=(Section(rows=(Row(row_id="1", title="Satu"),)),))
    for body, file, problem in (
        (menu, document, "unwanted"),
        (Buttons(buttons=YES), sound, "wrong_kind"),
        (Buttons(buttons=YES, header=Header(text="Halo")), document, "one_heading"),
        (Buttons(buttons=YES, header=Header(kind="image")), document, "wrong_kind"),
        (Buttons(buttons=YES, header=Header(kind="document")), None, "missing"),
    ):
        draft = Draft(text="Sudah?", body=body, enclosure_id=file)
        with pytest.raises(DraftUnfit) as caught:
            await replies.queue(busy, LAWYER, draft=draft, conversation_id=thread)
        assert [(flaw.place, flaw.problem) for flaw in caught.value.flaws] == [("header_file", problem)]
    with pytest.raises(EnclosureGone):
        await replies.queue(
            busy, LAWYER, draft=Draft(text="x", body=menu, enclosure_id=EnclosureId(99)), conversation_id=thread
        )
