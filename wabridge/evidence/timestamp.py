"""Tokens of timestamp authorities (RFC 3161): asking for one, and checking one, now or years later.

What is stamped is the SHA-256 of a checkpoint's note, byte for byte as it is kept, so that
`openssl ts -verify -data checkpoint.note` checks it without this program. A token is good if its imprint is the note's,
its signature is by a certificate made for timestamping, that certificate leads to a root, and all of them were valid at
the time that the token states.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import rfc3161_client
from asn1crypto import tsp  # type: ignore[import-untyped]  # the package has no types
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    TimeStampTokenInfo,
    VerificationError,
    VerifierBuilder,
)

from wabridge.errors import NotAnchored
from wabridge.model.anchor import Reason

_GRANTED = 0


class Question(NamedTuple):
    """A request for a token, as it is posted."""

    request: bytes
    nonce: int


class Token(NamedTuple):
    """What a good token says. at: by the authority's clock; authority: the name in its certificate.

    is_trusted: its certificate leads to one of the given roots; without, only to one that came along with it, which
    shows that nothing was changed since, and not who signed.
    """

    at: datetime
    authority: str
    is_trusted: bool


def ask(note: bytes) -> Question:
    """Return the request for a token over a checkpoint's note, certificates asked for, with a random nonce."""
    request = TimestampRequestBuilder(data=note, hash_algorithm=HashAlgorithm.SHA256).build()
    if request.nonce is None:
        raise AssertionError("a request has a nonce")
    return Question(request.as_bytes(), request.nonce)


def check(
    answer: bytes, note: bytes, *, roots: Sequence[x509.Certificate], nonce: int | None = None, is_strict: bool = True
) -> Token:
    """Return what an authority's answer proves of a note; raises NotAnchored with the reason.

    nonce: of the request, where it is known. is_strict: only the given roots count; else one that came along does, too.
    """
    return _guarded(answer, hashlib.sha256(note).digest(), roots, nonce=nonce, is_strict=is_strict)


def check_request(answer: bytes, request: bytes, *, roots: Sequence[x509.Certificate], is_strict: bool = True) -> Token:
    """Return what an authority's answer to a request that somebody else made proves; raises NotAnchored."""
    asked = tsp.TimeStampReq.load(request)
    digest = asked["message_imprint"]["hashed_message"].native
    return _guarded(answer, digest, roots, nonce=asked["nonce"].native, is_strict=is_strict)


def _guarded(
    answer: bytes, digest: bytes, roots: Sequence[x509.Certificate], *, nonce: int | None, is_strict: bool
) -> Token:
    try:
        return _check(answer, digest, roots=roots, nonce=nonce, is_strict=is_strict)
    except NotAnchored:
        raise
    except Exception as fault:  # whatever the bytes of strangers do to their reader, they are no token
        raise NotAnchored("not_a_token") from fault


def _check(
    answer: bytes, digest: bytes, *, roots: Sequence[x509.Certificate], nonce: int | None, is_strict: bool
) -> Token:
    response, info = _decode(answer)
    if info.message_imprint.message != digest:
        raise NotAnchored("wrong_imprint")
    if nonce is not None and info.nonce != nonce:
        raise NotAnchored("wrong_nonce")
    chain = _certificates(response)
    is_trusted = _verify(response, digest, roots, raises=is_strict)
    if not is_trusted:
        # It is at least to be as it was made: signed by a certificate whose own root came with it.
        _verify(response, digest, [each for each in chain if each.issuer == each.subject], raises=True)
    return Token(info.gen_time, _signer(response, chain), is_trusted)


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file; raises ValueError if there is none or one cannot be read."""
    return x509.load_pem_x509_certificates(pem)


def chain(answer: bytes, roots: Sequence[x509.Certificate] = ()) -> bytes:
    """Return the certificates that came with a token, and those of the roots that they lead to, as PEM.

    Raises NotAnchored if it is no token.
    """
    came = _certificates(_decode(answer)[0])
    issuers = {each.issuer for each in came}
    own = [root for root in roots if root.subject in issuers and root not in came]
    return b"".join(each.public_bytes(Encoding.PEM) for each in (*came, *own))


_REFUSAL = re.compile(rb"(?s:\x30(?:[\x00-\x7f]|\x81.|\x82..)){2}\x02\x01[\x01-\x05]")
"""How an answer begins whose status is not "granted": it carries no token, and the library cannot read it."""


def _decode(answer: bytes) -> tuple[TimeStampResponse, TimeStampTokenInfo]:
    try:
        response = rfc3161_client.decode_timestamp_response(answer)
        info = response.tst_info
    except ValueError as fault:
        raise NotAnchored("refused" if _REFUSAL.match(answer) else "not_a_token") from fault
    if response.status != _GRANTED:
        raise NotAnchored("refused")
    return response, info


def _verify(response: TimeStampResponse, digest: bytes, roots: Sequence[x509.Certificate], *, raises: bool) -> bool:
    if not roots:
        if raises:
            raise NotAnchored("untrusted")
        return False
    try:
        return VerifierBuilder(roots=list(roots)).build().verify(response, digest)
    except VerificationError as fault:
        reason = _reason(str(fault))
        if raises or reason != "untrusted":
            raise NotAnchored(reason) from fault
        return False


_REASONS: tuple[tuple[str, Reason], ...] = (
    ("certificate has expired", "expired"),
    ("certificate is not yet valid", "expired"),
    ("self-signed certificate", "untrusted"),
    ("unable to get", "untrusted"),
    ("Mismatch between messages", "wrong_imprint"),
    ("PKIStatus", "refused"),
)
"""What the library and OpenSSL below it say, and what it means; everything else is a signature that is not good."""


def _reason(said: str) -> Reason:
    return next((reason for words, reason in _REASONS if words in said), "bad_signature")


def _certificates(response: TimeStampResponse) -> list[x509.Certificate]:
    try:
        return [x509.load_der_x509_certificate(each) for each in response.signed_data.certificates]
    except ValueError as fault:
        raise NotAnchored("not_a_token") from fault


def _signer(response: TimeStampResponse, chain: Sequence[x509.Certificate]) -> str:
    """Return the name of whoever signed, as the certificate says it."""
    signers = list(response.signed_data.signer_infos)
    for each in chain:
        if (each.serial_number, each.issuer) == (signers[0].serial_number, signers[0].issuer):
            names = each.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return str(names[0].value) if names else each.subject.rfc4514_string()
    raise NotAnchored("not_a_token")
