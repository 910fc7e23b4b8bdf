"""Mail to outside: what the letter says, that it is protected, and every way it goes wrong by its name."""

import email
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest

from tests.post import PostOffice, open_post_office
from wabridge.connectors import mail
from wabridge.connectors.mail import Server
from wabridge.errors import NotAnchored

NOTE = "kantor.example/ledger\n12\nAAAA\n\n— kantor.example/ledger c2ln\n".encode()
LETTER = mail.compose(
    NOTE, sender="kantor@example.id", recipient="arsip@example.net", now=datetime(2026, 3, 2, 5, tzinfo=UTC)
)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[tuple[PostOffice, Server]]:
    """A mail server, and how to reach it."""
    async with open_post_office(tmp_path) as (office, trusting):
        yield office, Server("127.0.0.1", office.port, "tls", "kantor", "rahasia", trusting)


async def why(server: Server) -> str:
    """Return why a letter was not taken."""
    with pytest.raises(NotAnchored) as refused:
        await mail.send(LETTER, server, timeout_seconds=0.5)
    return refused.value.reason


async def test_a_letter_carries_the_very_bytes(post: tuple[PostOffice, Server]) -> None:
    """The checkpoint stands in the text and lies beside it byte for byte; what was handed in is what is kept."""
    office, server = post
    sent = await mail.send(LETTER, server)
    assert office.letters == [sent.eml]
    assert sent.answer == "2.0.0 queued as 42"
    read = email.message_from_bytes(sent.eml, policy=policy.default)
    assert (read["To"], read["Subject"]) == (
        "arsip@example.net",
        "Jangkar buku besar kantor.example/ledger, 12 baris",
    )
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("checkpoint.note", NOTE)
    body = read.get_body()
    assert body is not None
    assert NOTE.decode() in body.get_content().replace("\r\n", "\n")


async def test_a_server_that_nobody_vouches_for_gets_nothing(post: tuple[PostOffice, Server]) -> None:
    """Neither letter nor password goes to a server whose certificate is not good."""
    office, server = post
    assert await why(server._replace(context=ssl.create_default_context())) == "tls"
    assert (office.letters, office.logins) == ([], [])


async def test_an_unprotected_server_gets_nothing(post: tuple[PostOffice, Server]) -> None:
    """A server that offers no STARTTLS is not written to."""
    office, server = post
    assert await why(server._replace(security="starttls")) in {"tls", "cut_off", "slow", "unreachable"}
    assert office.letters == []


@pytest.mark.parametrize(
    ("command", "reply", "reason"),
    [
        ("AUTH", "535 5.7.8 bad credentials", "login"),
        ("MAIL", "550 5.7.1 not you", "refused"),
        ("RCPT", "550 5.1.1 no such user", "recipient"),
        ("RCPT", "450 4.2.1 later", "busy"),
        ("DATA", "554 5.7.1 no", "refused"),
        ("letter", "552 5.3.4 too big", "refused"),
        ("letter", "451 4.3.0 later", "busy"),
        ("connect", "421 4.3.2 later", "busy"),
    ],
)
async def test_a_refusal_has_its_name(post: tuple[PostOffice, Server], command: str, reply: str, reason: str) -> None:
    """Whatever the server answers, it is known whether it may pass by itself."""
    office, server = post
    office.replies[command] = reply
    assert await why(server) == reason


@pytest.mark.parametrize("command", ["EHLO", "AUTH", "RCPT"])
async def test_a_connection_that_breaks_has_its_name(post: tuple[PostOffice, Server], command: str) -> None:
    """A server that hangs up or falls silent is called that."""
    office, server = post
    office.drops_at = command
    assert await why(server) == "cut_off"
    office.drops_at, office.hangs_at = "", command
    assert await why(server) == "slow"


async def test_nobody_there_is_unreachable(post: tuple[PostOffice, Server]) -> None:
    """A closed port is unreachable."""
    _, server = post
    assert await why(server._replace(port=1)) == "unreachable"
