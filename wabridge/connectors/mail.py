"""Sending e-mail over SMTP, always protected: a checkpoint goes to mailboxes outside, as text and as a file.

What lies in somebody else's mailbox, with that provider's own marks of arrival, is a copy that this machine cannot
change any more. The bytes that were handed over are returned, to be kept.
"""

import hashlib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal, NamedTuple

import aiosmtplib

from wabridge.errors import NotAnchored

TIMEOUT_SECONDS = 60.0
Security = Literal["tls", "starttls"]


class Server(NamedTuple):
    """Where mail is handed in. security: protected from the first byte, or by STARTTLS; never without.

    user: empty where the server asks for none.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None


class Sent(NamedTuple):
    """A message that was handed in. eml: its bytes; answer: the server's last word."""

    eml: bytes
    answer: str


def compose(note: bytes, *, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return the message that carries a checkpoint: its text, what to do with it, and the very bytes as a file."""
    digest = hashlib.sha256(note).hexdigest()
    origin, size = note.decode("utf-8").split("\n")[:2]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = f"Jangkar buku besar {origin}, {size} baris"
    message["Date"] = now
    message["Message-ID"] = f"<{digest[:32]}.{int(now.timestamp())}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT.format(note=note.decode("utf-8"), digest=digest))
    message.add_attachment(note, maintype="application", subtype="octet-stream", filename="checkpoint.note")
    return message


async def send(message: EmailMessage, server: Server, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Sent:
    """Hand a message in; raises NotAnchored."""
    try:
        async with aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.context,
            timeout=timeout_seconds,
        ) as smtp:
            if server.user:
                await smtp.login(server.user, server.password)
            eml = message.as_bytes()
            _, answer = await smtp.sendmail(
                message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec, eml
            )
    except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
        raise NotAnchored(_reason(fault)) from fault
    return Sent(eml, answer)


_TEXT = """\
Pesan ini dibuat otomatis oleh sistem kantor. Mohon disimpan, jangan dihapus dan jangan diubah: salinan ini berada di
luar kantor, sehingga perubahan buku besar kantor di kemudian hari dapat diketahui dengan membandingkannya. Tidak ada
isi percakapan atau nama klien di dalamnya.

This message was made by the office's system. Please keep it, do not delete or change it: this copy lies outside the
office, so that a later change of the office's ledger can be found by comparing. It holds no conversation and no
client's name.

----- checkpoint -----
{note}----- checkpoint -----

SHA-256: {digest}
"""

_PASSING_REPLIES = range(400, 500)
"""RFC 5321, 4.2.1: 4yz means that the same may work later."""


def _reason(fault: Exception) -> str:
    """Return the word for what went wrong, the most exact one first."""
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return "tls"
        seen = seen.__cause__ or seen.__context__
    code = _reply_code(fault)
    if code in _PASSING_REPLIES:
        return "busy"
    for kinds, reason in _REASONS:
        if isinstance(fault, kinds):
            return reason
    return "refused"


def _reply_code(fault: Exception) -> int:
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused):
        return max((each.code for each in fault.recipients), default=0)
    return fault.code if isinstance(fault, aiosmtplib.SMTPResponseException) else 0


_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aiosmtplib.SMTPAuthenticationError,), "login"),
    ((aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPRecipientRefused), "recipient"),
    ((aiosmtplib.SMTPNotSupported,), "tls"),
    ((aiosmtplib.SMTPResponseException,), "refused"),
    ((aiosmtplib.SMTPTimeoutError, TimeoutError), "slow"),
    ((aiosmtplib.SMTPServerDisconnected, ConnectionResetError, BrokenPipeError), "cut_off"),
    ((aiosmtplib.SMTPConnectError, OSError), "unreachable"),
    ((ValueError,), "settings"),
)
