"""The office's seal on a certificate: a PAdES signature, with times of outside authorities where there are any.

The seal is an approval signature that forbids nothing afterwards: the lawyer's certified signature and the electronic
duty stamp come later, as further signatures. Source: ETSI EN 319 142 (PAdES), ISO 32000-2.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any

from asn1crypto import crl, keys, pem, tsp, x509  # type: ignore[import-untyped]  # the package has no types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from wabridge.evidence.authority import Seal

FIELD = "SegelKantor"

Stamp = Callable[[bytes], bytes]
"""Brings a time-stamp request (RFC 3161, DER) to an authority, and returns its answer. May raise errors.NotAnchored."""


def seal(
    pdf: bytes, by: Seal, *, stamp: Stamp | None = None, authority_roots: Iterable[bytes] = (), field: str = FIELD
) -> bytes:
    """Return the sealed PDF. authority_roots: the roots of the time-stamp authority (DER), if there is one.

    With a stamp the seal can be checked for as long as the authorities' certificates can be (PAdES B-LTA); without, for
    as long as its own certificate counts (B-B).
    """
    signer = _signer(by)
    context = None if stamp is None else _context(by, authority_roots)
    metadata = PdfSignatureMetadata(
        field_name=field,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        use_pades_lta=stamp is not None,
        embed_validation_info=stamp is not None,
        validation_context=context,
    )
    # Typst ends its file without a newline; an update right behind %%EOF would break PDF/A (ISO 19005-3, 6.1.9).
    whole = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    timestamper = None if stamp is None else _Asking(stamp)
    sealed = io.BytesIO()
    signers.PdfSigner(metadata, signer, timestamper=timestamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(whole)), output=sealed
    )
    made = sealed.getvalue()
    return made if made.endswith(b"\n") else made + b"\n"


def _signer(by: Seal) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its author left it untyped
    store.register(_certificate(by.root_pem))
    return SimpleSigner(
        signing_cert=_certificate(by.certificate_pem),
        signing_key=keys.PrivateKeyInfo.load(by.key_der),
        cert_registry=store,
    )


def _context(by: Seal, authority_roots: Iterable[bytes]) -> ValidationContext:
    roots = [_certificate(by.root_pem), *(x509.Certificate.load(root) for root in authority_roots)]
    revoked = crl.CertificateList.load(pem.unarmor(by.revoked_pem)[2])
    # Nothing is fetched: authorities whose lists are not at hand are believed as far as their chain goes.
    return ValidationContext(trust_roots=roots, crls=[revoked], allow_fetching=False, revocation_mode="soft-fail")


def _certificate(armoured: bytes) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(armoured)[2])


class _Asking(TimeStamper):
    """What pyHanko asks for times: our stamp."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # its author left it untyped
        self._stamp = stamp

    async def async_request_tsa_response(self, req: Any) -> Any:
        """Return the authority's answer to a request."""
        return tsp.TimeStampResp.load(self._stamp(req.dump()))
