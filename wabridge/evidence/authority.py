"""The office's own small certification authority: a root kept apart, certificates for the seal, a list of the revoked.

The root's private key is made once, printed or stored on a medium that goes into the office's safe, and is on the
server only while a seal's certificate or the list is made. Its fingerprint stands in the engagement letter. The seal's
key stays on the server, in the keyring; when it is lost, the list says so and the root issues another.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_DAYS, SEAL_DAYS, LIST_DAYS = 3653, 731, 400
_MINUTE = timedelta(minutes=1)


class Root(NamedTuple):
    """The office's root. key_pem: encrypted with a passphrase, for the safe; certificate_pem: for everybody."""

    key_pem: bytes
    certificate_pem: bytes


class Seal(NamedTuple):
    """What seals documents: the key (PKCS 8, DER), its certificate, the root's, and the list of those revoked (PEM)."""

    key_der: bytes
    certificate_pem: bytes
    root_pem: bytes
    revoked_pem: bytes


def found_root(office: str, passphrase: bytes, *, now: datetime) -> Root:
    """Return a new root for an office, good for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(office, f"{office} - Root")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _builder(name, name, key.public_key(), now=now, days=ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    sealed = serialization.BestAvailableEncryption(passphrase)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    return Root(pem, certificate.public_bytes(serialization.Encoding.PEM))


def issue_seal(root: Root, passphrase: bytes, office: str, *, now: datetime, revoked: Iterable[int] = ()) -> Seal:
    """Return a new seal with a certificate of two years. revoked: serial numbers of earlier ones that count no more.

    Raises ValueError if the passphrase is wrong.
    """
    issuer = x509.load_pem_x509_certificate(root.certificate_pem)
    signing = _load(root.key_pem, passphrase)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name(office, f"{office} - Segel"), issuer.subject, key.public_key(), now=now, days=SEAL_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    return Seal(
        key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(serialization.Encoding.PEM),
        root.certificate_pem,
        revoke(root, passphrase, revoked, now=now),
    )


def revoke(root: Root, passphrase: bytes, serials: Iterable[int], *, now: datetime) -> bytes:
    """Return the list of revoked certificates, PEM; a new one is due within a year."""
    issuer = x509.load_pem_x509_certificate(root.certificate_pem)
    signing = _load(root.key_pem, passphrase)
    listed = x509.CertificateRevocationListBuilder(issuer.subject, now - _MINUTE, now + timedelta(days=LIST_DAYS))
    for serial in serials:
        entry = x509.RevokedCertificateBuilder(serial, now - _MINUTE)
        listed = listed.add_revoked_certificate(entry.build())
    listed = listed.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
    )
    return listed.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate_pem: bytes) -> str:
    """Return the SHA-256 of a certificate in groups of four digits, as the engagement letter prints it."""
    digits = x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()).hex()
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


def _load(key_pem: bytes, passphrase: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(key_pem, passphrase)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # found_root makes no other
    return key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _MINUTE)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(office: str, common: str) -> x509.Name:
    # RFC 5280 allows 64 characters in each.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, office[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[-64:]),
        ]
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
