"""The certificate as a PDF/A-3 file, set by a program of its own with little memory, little time and no company.

Characters that no font can print are marked beforehand. Should the typesetter still refuse one (a combination that no
single font has), it is marked as well and the page set again: what is missing on paper is always seen to be missing.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from wabridge import errors
from wabridge.evidence import certificate, dossier, glyphs
from wabridge.model.export import SealTime

_PAGES = Path(__file__).resolve().parent / "pages"
_PROGRAM = Path(__file__).resolve().parent / "typesetter.py"
_UNPRINTABLE = 3
_TRIES = 40
_SECONDS = 120
_MEMORY_BYTES = 4 * 1024**3  # of address space; five thousand messages touch less than a fifth of it
_MOST_TAGGED = 2000
"""Structure for screen readers doubles the work; a longer certificate does without."""


def set_certificate(
    whole: dossier.Dossier, *, evidence: bytes, office_root: str, seal_time: SealTime = "unset"
) -> bytes:
    """Return the certificate of a dossier with evidence.json embedded. Raises CertificateNotMade.

    seal_time: what it says of the time in the seal that it is going to get.
    """
    digest = hashlib.sha256(evidence).hexdigest()
    view = certificate.build(whole, evidence_sha256=digest, office_root=office_root, seal_time=seal_time)
    refused: frozenset[str] = frozenset()
    order = {
        "created": int(whole.report.t_created.timestamp()),
        "is_tagged": len(whole.messages) <= _MOST_TAGGED,
        "fonts": glyphs.font_folders(),
        "main": str(_PAGES / "main.typ"),
        "root": str(_PAGES),
        "memory_bytes": _MEMORY_BYTES,
        "seconds": _SECONDS,
    }
    for _ in range(_TRIES):
        said = json.dumps(_printable(view, refused), ensure_ascii=False).encode()
        made = _run(order | {"parts": [len(said), len(evidence)]}, said + evidence)
        if isinstance(made, bytes):
            return made
        refused |= made
    raise errors.CertificateNotMade("too many characters could not be printed")


def _printable(view: dict[str, Any], refused: frozenset[str]) -> dict[str, Any]:
    marks = glyphs.Marks(refused)
    printable: dict[str, Any] = marks.printable_all(view)
    texts = view["words"]["cover"]
    counted = texts["marks"].replace("{count}", str(marks.count)) if marks.count else texts["no_marks"]
    return printable | {"cover": printable["cover"] | {"marks": counted}, "fonts": list(glyphs.FAMILIES)}


def _run(order: dict[str, Any], parts: bytes) -> bytes | frozenset[str]:
    """Return the PDF, or the characters that could not be set."""
    command = [sys.executable, "-I", str(_PROGRAM)]
    given = json.dumps(order).encode() + b"\n" + parts
    try:
        done = subprocess.run(  # noqa: S603  # our own program, with fixed arguments
            command, input=given, capture_output=True, timeout=_SECONDS, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as error:
        raise errors.CertificateNotMade("setting the certificate took too long") from error
    if done.returncode == _UNPRINTABLE:
        # Rust quotes like JSON, but writes \u{...}; what it leaves as it is are the characters themselves.
        text = json.loads(done.stderr)["unprintable"].strip('"')
        return frozenset(character for character in text if not character.isascii())
    if done.returncode:
        # Not its words: they may quote a message.
        raise errors.CertificateNotMade(f"the typesetter ended with {done.returncode}")
    return done.stdout
