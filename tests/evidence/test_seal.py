"""The office's seal on a certificate, checked with two programs that know nothing of ours."""

import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import crl, pem, x509  # type: ignore[import-untyped]  # the package has no types
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.dossiers.invented import invent
from tests.authority import Authority, answer, found, refuse
from tests.evidence.pdfa import complaints
from wabridge import errors
from wabridge.evidence import authority, dossier, printer
from wabridge.evidence.authority import Root, Seal
from wabridge.evidence.seal import Stamp, seal, seal_with_time

NOW = datetime.now(UTC)  # validators compare with the machine's clock
PASSPHRASE = b"kuda baterai jepret benar"
OFFICE = "Kantor Hukum Wiratama & Rekan"


@pytest.fixture(scope="module")
def root() -> Root:
    return authority.found_root(OFFICE, PASSPHRASE, now=NOW)


@pytest.fixture(scope="module")
def ours(root: Root) -> Seal:
    return authority.issue_seal(root, PASSPHRASE, OFFICE, now=NOW)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    whole = invent(8).dossier
    return printer.set_certificate(whole, evidence=dossier.encode(whole), office_root="ab")


@pytest.fixture(scope="module")
def sealed(pdf: bytes, ours: Seal) -> bytes:
    return seal(pdf, ours)


def validate(pdf: bytes, ours: Seal, outside: Authority | None = None) -> Any:
    certificate = x509.Certificate.load(pem.unarmor(ours.root_pem)[2])
    revoked = crl.CertificateList.load(pem.unarmor(ours.revoked_pem)[2])
    context = ValidationContext(trust_roots=[certificate], crls=[revoked], revocation_mode="require")
    times = None
    if outside is not None:
        times = ValidationContext(trust_roots=[x509.Certificate.load(outside.root.public_bytes(Encoding.DER))])
    found = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    return validate_pdf_signature(found, context, ts_validation_context=times)


def pdfsig(pdf: bytes, folder: Path) -> str:
    (folder / "sealed.pdf").write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(folder / "sealed.pdf")], capture_output=True, check=False)
    return done.stdout.decode()


def test_the_seal_is_valid_to_two_programs(sealed: bytes, ours: Seal, tmp_path: Path) -> None:
    """pyHanko, trusting only the office's root and its list, and poppler both find the seal valid."""
    status = validate(sealed, ours)
    assert status.bottom_line, status.pretty_print_details()
    assert "Signature is Valid" in pdfsig(sealed, tmp_path)


def test_a_seal_with_times_can_be_checked_for_ever(pdf: bytes, ours: Seal, tmp_path: Path) -> None:
    """With an authority the seal carries its time and all that a check needs (B-LTA), and stays valid and archival."""
    outside = found(NOW)
    roots = [outside.root.public_bytes(Encoding.DER)]
    made = seal_with_time(pdf, ours, stamp(outside), now=NOW, authority_roots=roots)
    assert made.level == "B-LTA"
    assert complaints(made.pdf) == []
    assert "Signature is Valid" in pdfsig(made.pdf, tmp_path)
    reader = PdfFileReader(BytesIO(made.pdf))
    assert len(reader.embedded_timestamp_signatures) == 1
    assert "/DSS" in reader.root
    status = validate(made.pdf, ours, outside)
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity.trusted


def stamp(outside: Authority, *, times: int = 9, **faults: Any) -> Stamp:
    """Return an authority that answers so many questions."""
    left = iter(range(times))

    def answering(request: bytes) -> bytes:
        if next(left, None) is None:
            raise errors.NotAnchored("slow")
        return answer(outside, request, now=NOW, **faults)

    return answering


def test_an_authority_that_stops_answering_costs_only_what_it_did_not_say(
    pdf: bytes, ours: Seal, tmp_path: Path
) -> None:
    """If only the second time fails, the seal keeps its first and all that checking it needs (B-LT)."""
    outside = found(NOW)
    made = seal_with_time(pdf, ours, stamp(outside, times=2), now=NOW)
    assert made.level == "B-LT"
    assert complaints(made.pdf) == []
    assert "Signature is Valid" in pdfsig(made.pdf, tmp_path)
    assert validate(made.pdf, ours, outside).timestamp_validity.trusted


@pytest.mark.parametrize("times", [0, 1])
def test_an_authority_that_does_not_answer_seals_nothing(pdf: bytes, ours: Seal, times: int) -> None:
    """What goes wrong at the authority reaches whoever asked for the seal, who decides whether to seal without."""
    with pytest.raises(errors.NotAnchored):
        seal_with_time(pdf, ours, stamp(found(NOW), times=times), now=NOW)


@pytest.mark.parametrize("answered", [b"", b"\x30\x03\x02\x01\x00", refuse()])
def test_what_is_no_token_seals_nothing(pdf: bytes, ours: Seal, answered: bytes) -> None:
    """Bytes that are no token are told like an authority that does not answer, whatever they do to their reader."""
    with pytest.raises(errors.NotAnchored):
        seal_with_time(pdf, ours, lambda request: answered, now=NOW)


def test_a_sealed_certificate_stays_archival(sealed: bytes) -> None:
    """The seal breaks nothing that PDF/A-3 asks for."""
    assert complaints(sealed) == []


def test_the_seal_forbids_no_later_signature(sealed: bytes, ours: Seal) -> None:
    """A lawyer's signature and a duty stamp can follow: a second signature leaves the first one valid."""
    twice = seal(sealed, ours, field="Advokat")
    assert len(PdfFileReader(BytesIO(twice)).embedded_regular_signatures) == 2
    assert validate(twice, ours).intact


@pytest.mark.parametrize("place", [0.1, 0.5, 0.8])
def test_a_changed_byte_breaks_the_seal(sealed: bytes, pdf: bytes, ours: Seal, tmp_path: Path, place: float) -> None:
    """A byte changed under the seal is found by both programs."""
    spot = int(len(pdf) * place)
    changed = sealed[:spot] + bytes([sealed[spot] ^ 1]) + sealed[spot + 1 :]
    assert "Digest Mismatch" in pdfsig(changed, tmp_path)
    assert not validate(changed, ours).intact


def test_a_revoked_seal_is_no_longer_good(pdf: bytes, root: Root, ours: Seal) -> None:
    """What a revoked certificate seals is refused by whoever looks at the list."""
    certificate = x509.Certificate.load(pem.unarmor(ours.certificate_pem)[2])
    revoked = authority.revoke(root, PASSPHRASE, [certificate.serial_number], now=NOW)
    stale = ours._replace(revoked_pem=revoked)
    assert not validate(seal(pdf, ours), stale).bottom_line


def test_the_roots_key_opens_only_with_its_passphrase(root: Root) -> None:
    """The root's key, as it lies in the safe, is of no use without the passphrase."""
    with pytest.raises(ValueError, match="password"):
        authority.issue_seal(root, b"wrong", OFFICE, now=NOW)


def test_the_fingerprint_is_the_certificates(root: Root) -> None:
    """The engagement letter prints the SHA-256 of the root's certificate, in groups of four."""
    groups = authority.fingerprint(root.certificate_pem).split(" ")
    assert len(groups) == 16
    assert bytes.fromhex("".join(groups)) == x509.Certificate.load(pem.unarmor(root.certificate_pem)[2]).sha256
