"""A pretend timestamp authority: a root, a certificate of its own, tokens as RFC 3161 wants them, and ways to err."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asn1crypto import algos, cms, core, tsp  # type: ignore[import-untyped]  # the package has no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.5"


class Authority(NamedTuple):
    """A root and a timestamping certificate below it."""

    root: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def root_pem(self) -> bytes:
        """The root, as it is put into a file."""
        return self.root.public_bytes(serialization.Encoding.PEM)


def found(
    now: datetime, *, name: str = "Pretend Time", days: int = 365, purpose: x509.ObjectIdentifier | None = None
) -> Authority:
    """Return a new authority. days: how long its certificate is good, from a day before now."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begins, ends = now - timedelta(days=1), now + timedelta(days=days - 1)
    root_name, own_name = _name(f"{name} Root"), _name(name)
    root = (
        _certificate(root_name, root_name, root_key.public_key(), begins, now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _certificate(own_name, root_name, key.public_key(), begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose or ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(root, certificate, key)


def answer(
    authority: Authority,
    request: bytes,
    *,
    now: datetime,
    imprint: bytes | None = None,
    nonce: int | None = None,
    spoil_signature: bool = False,
) -> bytes:
    """Return the token that was asked for, as the body of an answer; imprint, nonce: others than were asked for."""
    asked = tsp.TimeStampReq.load(request)
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": imprint or asked["message_imprint"]["hashed_message"].native,
            },
            "serial_number": 7,
            "gen_time": now.astimezone(UTC).replace(microsecond=0),
            "nonce": asked["nonce"].native if nonce is None else nonce,
        }
    )
    return bytes(
        tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": _sign(authority, info, spoil=spoil_signature)}
        ).dump()
    )


def refuse() -> bytes:
    """Return an answer that refuses: status "rejection", failure "badRequest", no token."""
    return bytes.fromhex("3009300702010203020520")


def _sign(authority: Authority, info: tsp.TSTInfo, *, spoil: bool) -> cms.ContentInfo:
    content = info.dump()
    der = authority.certificate.public_bytes(serialization.Encoding.DER)
    certificate = asn1_x509.Certificate.load(der)
    root = asn1_x509.Certificate.load(authority.root.public_bytes(serialization.Encoding.DER))
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {
                    "type": "signing_certificate_v2",
                    "values": [tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(der).digest()}]})],
                }
            ),
        ]
    )
    signature = bytearray(authority.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())))
    if spoil:
        signature[-1] ^= 1
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            },
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": bytes(signature),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [certificate, root],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Contoh"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=begins,
        not_valid_after=ends,
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
