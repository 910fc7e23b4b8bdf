"""A bundle: the certificate with everything that it rests on, as one archive that anybody can check anywhere.

`produce` is the whole of it. It needs neither database nor network, so it can run in a process of its own that gets
everything by a pipe (`workshop`), and it keeps no more in memory than the dossier, one piece of a file and the PDF.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from wabridge import errors
from wabridge.evidence import authority, checkpoint, commitment, printer, verifier
from wabridge.evidence.archive import Archive, Sink
from wabridge.evidence.dossier import Dossier, encode
from wabridge.evidence.seal import Stamp, seal, seal_with_time
from wabridge.evidence.words import Words
from wabridge.model.export import SealTime

Files = Iterable[tuple[str, Iterable[bytes]]]
"""Path and content of each file that the dossier names, in the dossier's order."""

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done. What it raises ends the making: so it is cancelled."""

_EVERY = 64  # files between two words of progress


class Keys(msgspec.Struct, frozen=True):
    """What signs: the ledger's secret for the manifest, and the office's seal for the certificate."""

    ledger_seed: bytes
    seal: authority.Seal


class Made(NamedTuple):
    """What came of it. manifest_sha256: stands for the whole bundle."""

    files: int
    manifest_sha256: str
    seal_time: SealTime


def produce(
    dossier: Dossier,
    files: Files,
    keys: Keys,
    out: Sink,
    progress: Progress,
    *,
    stamp: Stamp | None = None,
    authority_roots: Iterable[bytes] = (),
) -> Made:
    """Write the bundle of a dossier to `out`, and return what came of it. Raises CertificateNotMade.

    stamp: see `seal`; if the authority can't be reached, the certificate is sealed without its time and says so. The
    archive is whole only when this returns.
    """
    archive = Archive(out)
    evidence = encode(dossier)
    steps = len(dossier.files) + len(dossier.leaves) + 2
    _add_files(archive, dossier, files, lambda done: progress(done, steps))
    for number, (path, content) in enumerate(_proofs(dossier), start=1):
        archive.add(path, [content])
        if number % _EVERY == 0:
            progress(min(len(dossier.files) + number, steps), steps)
    progress(steps - 1, steps)
    sealed, seal_time = _certificate(dossier, evidence, keys.seal, stamp, authority_roots)
    for path, content in _beside(dossier, keys, evidence, sealed, seal_time):
        archive.add(path, [content])
    manifest = "".join(f"{digest}  {path}\n" for path, digest in sorted(archive.digests.items())).encode()
    digest = archive.add("MANIFEST.sha256", [manifest])
    archive.add("MANIFEST.sha256.sig", [_signature(dossier, keys, digest)])
    archive.finish()
    progress(steps, steps)
    return Made(len(archive.digests), digest, seal_time)


def _add_files(archive: Archive, dossier: Dossier, files: Files, progress: Callable[[int], None]) -> None:
    """Write what was handed over, if it is what the dossier says, all of it and nothing else."""
    coming = iter(files)
    for number, expected in enumerate(dossier.files, start=1):
        path, pieces = next(coming, ("", ()))
        if path != expected.path or archive.add(path, pieces) != expected.sha256:
            raise errors.CertificateNotMade("a file is not the one that the dossier names")
        if number % _EVERY == 0:
            progress(number)
    if next(coming, None) is not None:
        raise errors.CertificateNotMade("there is a file that the dossier does not name")


def _proofs(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    for leaf in dossier.leaves:
        proof = checkpoint.build_proof(leaf.index, leaf.path, dossier.checkpoint)
        yield f"proofs/{leaf.index}.tlog-proof", proof.encode()


def _certificate(
    dossier: Dossier, evidence: bytes, by: authority.Seal, stamp: Stamp | None, authority_roots: Iterable[bytes]
) -> tuple[bytes, SealTime]:
    """Return the sealed certificate. It says under the seal what time the seal has, so without one it is set again."""

    def set_saying(seal_time: SealTime) -> bytes:
        root = authority.fingerprint(by.root_pem)
        return printer.set_certificate(dossier, evidence=evidence, office_root=root, seal_time=seal_time)

    if stamp is None:
        return seal(set_saying("unset"), by), "unset"
    try:
        made = seal_with_time(
            set_saying("timed"), by, stamp, now=dossier.report.t_created, authority_roots=authority_roots
        )
    except errors.NotAnchored:
        return seal(set_saying("missing"), by), "missing"
    return made.pdf, "lasting" if made.level == "B-LTA" else "timed"


def _beside(
    dossier: Dossier, keys: Keys, evidence: bytes, sealed: bytes, seal_time: SealTime
) -> Iterator[tuple[str, bytes]]:
    yield "laporan.pdf", sealed
    yield "evidence.json", evidence
    yield "checkpoint.note", dossier.checkpoint.encode()
    yield "ledger/leaves.ndjson", b"".join(leaf.line + b"\n" for leaf in dossier.leaves)
    yield "ledger/openings.ndjson", b"".join(msgspec.json.encode(each) + b"\n" for each in dossier.openings)
    yield "ledger/consistency.txt", _consistency(dossier)
    yield "certs/ledger.pub", f"{dossier.ledger.public_key}\n".encode()
    yield "certs/office-root.pem", keys.seal.root_pem
    yield "certs/signer.pem", keys.seal.certificate_pem
    yield "certs/ca.crl", keys.seal.revoked_pem
    yield "verify.py", verifier.program()
    yield "VERIFIKASI.txt", _instructions(dossier, keys, seal_time)


def _consistency(dossier: Dossier) -> bytes:
    lines = (" ".join([str(c.old_size), str(c.new_size), *map(commitment.encode, c.path)]) for c in dossier.consistency)
    return "".join(f"{line}\n" for line in lines).encode()


def _instructions(dossier: Dossier, keys: Keys, seal_time: SealTime) -> bytes:
    report, said = dossier.report, []
    for language in ("id", "en"):
        words = Words(language, zone=report.zone, utc_offset_minutes=report.utc_offset_minutes)
        said.append(
            words.plain(
                "bundle.instructions",
                report_id=report.report_id,
                office=dossier.sender.office,
                ledger_key=dossier.ledger.key_fingerprint,
                office_root=authority.fingerprint(keys.seal.root_pem),
                seal_time=words.plain(f"seal_time.{seal_time}"),
                leaf_count=len(dossier.leaves),
                size=dossier.ledger.size,
            )
        )
    return ("\n" + "=" * 100 + "\n\n").join(said).encode()


def _signature(dossier: Dossier, keys: Keys, digest: str) -> bytes:
    """Return the manifest's signature as a signed note of a name of its own, so that it can't pass for a checkpoint."""
    name = f"{dossier.ledger.origin}/manifest"
    text = f"{name}\n{dossier.report.report_id}\n{digest}\n"
    key = checkpoint.public_key(name, keys.ledger_seed)
    signature = commitment.encode(key.id + checkpoint.sign_text(text, keys.ledger_seed))
    return f"{text}\n— {name} {signature}\n".encode()
