"""Outside times in the seals of reports: as far as the authorities answer, and an export never fails by them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from asn1crypto import pem, x509  # type: ignore[import-untyped]  # the package has no types
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from tests import authority, exporting
from tests.clocks import NOON
from tests.outbound import LAWYER, hear_from
from wabridge.connectors import timestamps
from wabridge.core import exports, stamping
from wabridge.core.anchoring import Trust
from wabridge.core.office import Office
from wabridge.core.stamping import Authorities
from wabridge.model.export import Export, Scope

Answering = Callable[[bytes], bytes]
GOOD = authority.found(NOON)
STRANGER = authority.found(NOON, name="Stranger")


class Desk:
    """Authorities on loopback, each at an address of its own. asked: how often, by address."""

    server: BaseTestServer

    def __init__(self) -> None:
        self.opens = asyncio.Event()
        self.answers: dict[str, Answering | None] = {}
        self.asked: dict[str, int] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as the address does, or never."""
        name = request.match_info["name"]
        self.asked[name] = self.asked.get(name, 0) + 1
        answering = self.answers[name]
        if answering is None:
            await self.opens.wait()
            return web.Response(status=503)
        return web.Response(body=answering(await request.read()))

    async def make(self, office: Office, *, is_strict: bool = True, seconds: float = 20.0) -> Export:
        """Let an export be made that asks these authorities in turn."""
        conversation_id = await hear_from(office)
        scope = Scope(kind="conversation", conversation_id=conversation_id)
        export_id = await exports.request(office, LAWYER, scope, reason="Lampiran gugatan")
        urls = [str(self.server.make_url(f"/{name}")) for name in self.answers]
        trust = Trust([GOOD.root], is_strict=is_strict)
        async with timestamps.open_session() as session:
            await exporting.work(office, authorities=Authorities(session, urls, trust, seconds=seconds))
        return await exports.get(office, LAWYER, export_id)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Authorities that can be told how to answer."""
    made = Desk()
    app = web.Application()
    app.router.add_post("/{name}", made.answer)
    async with TestServer(app) as made.server:
        yield made
        made.opens.set()


def good(request: bytes) -> bytes:
    return authority.answer(GOOD, request, now=NOON)


def pdfsig(folder: Path) -> str:
    command = ["pdfsig", "-nocert", "laporan.pdf"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()


def validate(files: dict[str, bytes], outside: authority.Authority) -> PdfSignatureStatus:
    """Return what pyHanko says of a report's seal, trusting the office's root and an authority's."""
    root = x509.Certificate.load(pem.unarmor(files["certs/office-root.pem"])[2])
    times = x509.Certificate.load(outside.root.public_bytes(Encoding.DER))
    seal = PdfFileReader(BytesIO(files["laporan.pdf"])).embedded_regular_signatures[0]
    return validate_pdf_signature(
        seal,
        ValidationContext(trust_roots=[root], moment=NOON),
        ts_validation_context=ValidationContext(trust_roots=[times], moment=NOON),
    )


async def test_the_seal_of_an_export_has_the_offices_authoritys_time(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    """With an authority the report is sealed for long: pyHanko trusts seal and time, pdfsig finds the seal valid."""
    desk.answers["good"] = good
    export = await desk.make(office)
    assert export.seal_time == "lasting"
    made = await exporting.take(office, export)
    files = exporting.files(made)
    status = await asyncio.to_thread(validate, files, GOOD)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == NOON.replace(microsecond=0)
    (tmp_path / "laporan.pdf").write_bytes(files["laporan.pdf"])
    said = await asyncio.to_thread(pdfsig, tmp_path)
    first, second = said.split("Signature #")[1:]
    assert "Signature is Valid" in first
    assert "Pretend Time" in second  # poppler reads the second time, and has no way yet to check one
    assert "Total document signed" in second
    assert "penanda waktu kedua" in files["VERIFIKASI.txt"].decode()
    await exporting.require_sound(made, tmp_path)


FAULTS: tuple[tuple[str, Answering | None], ...] = (
    ("silent", None),
    ("refuses", lambda request: authority.refuse()),
    ("no_token", lambda request: b"<html>"),
    ("stranger", lambda request: authority.answer(STRANGER, request, now=NOON)),
    ("spoilt", lambda request: authority.answer(GOOD, request, now=NOON, spoil_signature=True)),
    ("other_digest", lambda request: authority.answer(GOOD, request, now=NOON, imprint=bytes(32))),
)


@pytest.mark.parametrize(("name", "fault"), FAULTS)
async def test_an_export_goes_on_without_an_authority(
    office: Office, desk: Desk, tmp_path: Path, name: str, fault: Answering | None
) -> None:
    """Whatever an authority does instead of giving a time, the bundle is made, checks, and says that it has none."""
    desk.answers[name] = fault
    export = await desk.make(office, seconds=0.5 if fault is None else 20.0)
    assert export.seal_time == "missing"
    made = await exporting.take(office, export)
    said = exporting.files(made)["VERIFIKASI.txt"].decode()
    assert "belum diberi waktu oleh penyelenggara penanda waktu di luar kantor" in said
    assert "not yet timestamped by an outside authority" in exporting.files(made)["VERIFIKASI.txt"].decode()
    await exporting.require_sound(made, tmp_path)


async def test_another_authority_stands_in(office: Office, desk: Desk) -> None:
    """If the first does not give a time, the second does, and it alone is asked for the rest of the seal."""
    desk.answers["refuses"] = FAULTS[1][1]
    desk.answers["good"] = good
    assert (await desk.make(office)).seal_time == "lasting"
    assert desk.asked == {"refuses": 1, "good": 3}


async def test_without_chosen_roots_a_token_may_bring_its_own(office: Office, desk: Desk) -> None:
    """As for anchors: where the office has chosen no roots, a time counts that leads to the root it came with."""
    desk.answers["stranger"] = FAULTS[3][1]
    export = await desk.make(office, is_strict=False)
    assert export.seal_time == "lasting"
    made = await exporting.take(office, export)
    status = await asyncio.to_thread(validate, exporting.files(made), STRANGER)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted


async def test_without_an_authority_of_the_office_nobody_is_asked(office: Office, tmp_path: Path) -> None:
    """Where none is named the report says that its time is the server's."""
    async with stamping.open_authorities(office) as found:
        assert found is None
    conversation_id = await hear_from(office)
    export = await exporting.ask(office, Scope(kind="conversation", conversation_id=conversation_id))
    assert export.seal_time == "unset"
    assert (
        "kantor tidak menunjuknya" in exporting.files(await exporting.take(office, export))["VERIFIKASI.txt"].decode()
    )
