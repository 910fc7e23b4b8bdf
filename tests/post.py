"""A mail server on loopback that keeps what it is handed, speaks TLS, and misbehaves as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class PostOffice:
    """What it was handed, and how it behaves.

    replies: what it says instead of its usual word, by command. drops_at, hangs_at: the command at which it hangs
    up, or says nothing any more; "" for none.
    """

    context: ssl.SSLContext
    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    drops_at: str = ""
    hangs_at: str = ""
    letters: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one caller until it is done."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._reply("connect", "220 pos.example ESMTP"))
        while line := await reader.readline():
            word = line.decode().split()[0].upper()
            if word == self.drops_at:
                return
            if word == self.hangs_at:
                await reader.read()
                return
            if word == "DATA":
                reply = self._reply("DATA", "354 go on")
                writer.write(reply)
                if not reply.startswith(b"354"):
                    continue
                self.letters.append((await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n"))
                writer.write(self._reply("letter", "250 2.0.0 queued as 42"))
            elif word == "AUTH":
                self.logins.append(line.decode().strip())
                writer.write(self._reply("AUTH", "235 welcome"))
            elif word == "EHLO":
                writer.write(self._reply("EHLO", "250-pos.example\r\n250 AUTH PLAIN"))
            elif word == "QUIT":
                writer.write(b"221 bye\r\n")
                await writer.drain()
                return
            else:
                writer.write(self._reply(word, "250 ok"))
            await writer.drain()

    def _reply(self, command: str, usual: str) -> bytes:
        return f"{self.replies.get(command, usual)}\r\n".encode()


@asynccontextmanager
async def open_post_office(folder: Path) -> AsyncIterator[tuple[PostOffice, ssl.SSLContext]]:
    """Open a mail server; also gives what a caller must trust. folder: where its certificate goes."""
    certificate = _write_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    office = PostOffice(context)
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0, ssl=context)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office, trusting
    finally:
        server.close()


def _write_certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pos.example")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "pos.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path
