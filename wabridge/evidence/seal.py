"""The office's seal on a certificate: a PAdES signature, with times of outside authorities where there are any.

The seal is an approval signature that forbids nothing afterwards: the lawyer's certified signature and the electronic
duty stamp come later, as further signatures. Source: ETSI EN 319 142 (PAdES), ISO 32000-2.
"""

import asyncio
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from asn1crypto import crl, keys, pem, tsp, x509  # type: ignore[import-untyped]  # the package has no types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfTimeStamper, SimpleSigner, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from wabridge.errors import NotAnchored
from wabridge.evidence.authority import Seal

FIELD = "SegelKantor"

Stamp = Callable[[bytes], bytes]
"""Brings a time-stamp request (RFC 3161, DER) to an authority, and returns its answer, which was checked. May raise
errors.NotAnchored."""

Level = Literal["B-B", "B-LT", "B-LTA"]
"""How long a seal can be checked (EN 319 142-1). B-B: as long as its certificate counts. B-LT: it carries an outside
time and what a check needs. B-LTA: a second time covers all of that."""
_DIGEST = "sha256"


class Sealed(NamedTuple):
    """A sealed PDF."""

    pdf: bytes
    level: Level


def seal(pdf: bytes, by: Seal, *, field: str = FIELD) -> bytes:
    """Return the PDF sealed without an outside time."""
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm=_DIGEST)
    return _sign(pdf, metadata, by, None)


def seal_with_time(
    pdf: bytes, by: Seal, stamp: Stamp, *, now: datetime, authority_roots: Iterable[bytes] = ()
) -> Sealed:
    """Return the PDF sealed with the time of an authority, long-term as far as its answers allow.

    authority_roots: DER. Raises NotAnchored if the authority gave no time that could be used; nothing is sealed then.
    """
    asking = _Asking(stamp)
    try:
        context = _context(by, [*map(x509.Certificate.load, authority_roots), *asking.find_roots()], now)
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm=_DIGEST,
            embed_validation_info=True,
            validation_context=context,
        )
        timed = _sign(pdf, metadata, by, asking)
    except NotAnchored:
        raise
    except Exception as fault:  # whatever a stranger's token does to its reader, it must not cost the certificate
        raise NotAnchored("not_a_token") from fault
    return _archived(timed, asking, context)


def _archived(timed: bytes, asking: "_Asking", context: ValidationContext) -> Sealed:
    """Put a second time over the seal and all that a check needs, if the authority still answers."""
    lasting = io.BytesIO()
    try:
        PdfTimeStamper(asking).timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(timed)),
            _DIGEST,
            validation_context=context,
            output=lasting,
            # What a check needs goes in before, so that the second time is over all of the file.
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        )
    except Exception:  # noqa: BLE001 - see above; what is sealed already stays
        return Sealed(timed, "B-LT")
    return Sealed(_ended(lasting.getvalue()), "B-LTA")


def _sign(pdf: bytes, metadata: PdfSignatureMetadata, by: Seal, timestamper: TimeStamper | None) -> bytes:
    sealed = io.BytesIO()
    signers.PdfSigner(metadata, _signer(by), timestamper=timestamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(_ended(pdf))), output=sealed
    )
    return _ended(sealed.getvalue())


def _ended(pdf: bytes) -> bytes:
    """Return a PDF that ends with a newline: an update right behind %%EOF would break PDF/A (ISO 19005-3, 6.1.9)."""
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"


def _signer(by: Seal) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its author left it untyped
    store.register(_certificate(by.root_pem))
    return SimpleSigner(
        signing_cert=_certificate(by.certificate_pem),
        signing_key=keys.PrivateKeyInfo.load(by.key_der),
        cert_registry=store,
    )


def _context(by: Seal, authority_roots: Iterable[x509.Certificate], now: datetime) -> ValidationContext:
    roots = [_certificate(by.root_pem), *authority_roots]
    revoked = crl.CertificateList.load(pem.unarmor(by.revoked_pem)[2])
    # Nothing is fetched: authorities whose lists are not at hand are believed as far as their chain goes.
    return ValidationContext(
        trust_roots=roots, crls=[revoked], allow_fetching=False, revocation_mode="soft-fail", moment=now
    )


def _certificate(armoured: bytes) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(armoured)[2])


class _Asking(TimeStamper):
    """What pyHanko asks for times: our stamp."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # its author left it untyped
        self._stamp = stamp

    def find_roots(self) -> list[x509.Certificate]:
        """Ask for a first time, and return the roots that came with it: whoever asks decides whom to believe."""
        asyncio.run(self.async_dummy_response(_DIGEST))
        return [each for each in self.cert_registry if each.issuer == each.subject]

    async def async_request_tsa_response(self, req: Any) -> Any:
        """Return the authority's answer to a request."""
        return tsp.TimeStampResp.load(self._stamp(req.dump()))
