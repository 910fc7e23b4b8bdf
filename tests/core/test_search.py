"""People and messages are found again, with a phone number or without."""

from datetime import timedelta

import msgspec
import pytest

from tests.arrivals import text_message
from tests.web.desk import OPERATOR, receive
from wabridge.core import search
from wabridge.core.office import Office
from wabridge.errors import BadRequest, NotAllowed
from wabridge.model.content import Content, Media
from wabridge.model.event import InboundMessage, Person
from wabridge.model.search import excerpt
from wabridge.model.staff import Actor


def told(text: str, wamid: str, sender: Person) -> InboundMessage:
    """Return a message of somebody's."""
    return text_message(text, wamid=wamid, sender=sender)


BUDI = Person(phone="6281234567890", profile_name="Budi Santoso")
DEWI = Person(user_id="ID.1035577892", username="dewi.k", profile_name="Dewi Kusuma")


async def names(office: Office, question: str) -> list[str]:
    """Return who is found."""
    found = await search.find(office, OPERATOR, question)
    return [match.contact.shown_name for match in found.matches if match.contact is not None]


async def texts(office: Office, question: str) -> list[str | None]:
    """Return which messages are found."""
    return [hit.message.text for hit in (await search.find(office, OPERATOR, question)).messages.items]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("budi", "Budi Santoso"),
        ("SANTOSO bud", "Budi Santoso"),
        ("0812-3456-7890", "Budi Santoso"),
        ("+62 812 3456", "Budi Santoso"),
        ("dewi", "Dewi Kusuma"),
        ("@dewi.k", "Dewi Kusuma"),
        ("ID.1035577892", "Dewi Kusuma"),
    ],
)
async def test_people_are_found_by_whatever_they_are_known_by(office: Office, question: str, expected: str) -> None:
    """Name, number in any spelling, account and username lead to a person, number or not."""
    await receive(office, told("Halo", "wamid.1", BUDI), told("Halo", "wamid.2", DEWI))
    assert await names(office, question) == [expected]


async def test_every_word_must_be_there(office: Office) -> None:
    """Two words that do not belong to one person or one message find nothing."""
    await receive(office, told("Surat kuasa sudah jadi", "wamid.1", BUDI), told("Akta belum", "wamid.2", DEWI))
    assert await names(office, "budi kusuma") == []
    assert await texts(office, "surat akta") == []
    assert await texts(office, "KUASA sur") == ["Surat kuasa sudah jadi"]


async def test_messages_without_a_number_are_found_and_lead_to_their_thread(office: Office) -> None:
    """A message of somebody without a phone number is found with the person it is from."""
    await receive(office, told("Sidang di Sleman", "wamid.2", DEWI))
    (hit,) = (await search.find(office, OPERATOR, "sleman")).messages.items
    assert hit.contact is not None
    assert (hit.contact.user_id, hit.whole) == (DEWI.user_id, hit.message.conversation_id)


async def test_a_file_is_found_by_its_name_and_the_words_under_it(office: Office) -> None:
    """What stands beside a file is looked through as well; what only machines read is not."""
    body = Media(kind="document", caption="Akta jual beli", file_name="Pratama-2024.pdf", sha256="rahasia")
    sent = msgspec.structs.replace(told("", "wamid.1", BUDI), type="document", text=None, content=Content(body=body))
    await receive(office, sent)
    assert await texts(office, "pratama") == [None]
    assert await texts(office, "jual") == [None]
    assert await texts(office, "rahasia") == []


@pytest.mark.parametrize("question", ['"', "*", "a OR b", "NEAR(", "words:", "-", "';--", "\x00", "()", '"sidang'])
async def test_no_question_is_a_query(office: Office, question: str) -> None:
    """Signs that mean something to the index mean nothing here, and break nothing."""
    await receive(office, told("Sidang besok", "wamid.1", BUDI))
    found = await texts(office, question)
    assert found == (["Sidang besok"] if "sidang" in question else [])


async def test_nothing_is_found_for_nothing(office: Office) -> None:
    """An empty question does not list everybody."""
    await receive(office, told("Halo", "wamid.1", BUDI))
    found = await search.find(office, OPERATOR, "  ")
    assert (found.matches, found.messages.items) == ((), ())


async def test_pages_follow_each_other_without_a_gap(office: Office) -> None:
    """Each message that fits comes once, over all pages."""
    at = office.clock.now()
    for number in range(7):
        await receive(office, told(f"Perkara {number}", f"wamid.{number}", BUDI), at=at + timedelta(seconds=number))
    seen: list[str | None] = []
    cursor: str | None = None
    while True:
        page = (await search.find(office, OPERATOR, "perkara", limit=3, cursor=cursor)).messages
        seen += [hit.message.text for hit in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"Perkara {number}" for number in reversed(range(7))]


async def test_whoever_may_not_read_finds_nothing(office: Office) -> None:
    """Looking for something is reading."""
    with pytest.raises(NotAllowed):
        await search.find(office, Actor(kind="rule", id=0, name="regel", role="none"), "budi")
    with pytest.raises(BadRequest):
        await search.find(office, OPERATOR, "budi", cursor="x")


def test_the_part_around_the_word_is_shown() -> None:
    """A long message is shown where the word stands, not only from its beginning."""
    text = "awal " * 100 + "SIDANG di Sleman " + "akhir " * 100
    shown = excerpt(text, "sidang")
    assert "SIDANG di Sleman" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert excerpt("pendek", "sidang") == "pendek"
