"""A smoke check for PDF/A-3: what a validator would complain about first, without the validator."""

import io
import re
from collections.abc import Iterator

import pikepdf

_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}


def complaints(pdf: bytes) -> list[str]:
    """Return what is missing or forbidden in a PDF/A-3 file, [] if nothing was found."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [*_outside(pdf), *_catalogue(opened), *_attachments(opened), *_objects(opened)]


def _outside(pdf: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", pdf):
        yield "header"
    if any(pdf[place.end() : place.end() + 1] not in (b"\n", b"\r", b"") for place in re.finditer(b"%%EOF", pdf)):
        yield "no end of line after %%EOF"
    if not re.search(rb"%%EOF\r?\n?\Z", pdf):
        yield "something after the end"


def _catalogue(opened: pikepdf.Pdf) -> Iterator[str]:
    if opened.is_encrypted:
        yield "encrypted"
    if "/ID" not in opened.trailer:
        yield "no /ID"
    with opened.open_metadata() as metadata:
        if metadata.pdfa_status != "3B":
            yield f"XMP says {metadata.pdfa_status!r}"
    intents = [i for i in opened.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFA1"]
    if not intents or "/DestOutputProfile" not in intents[0]:
        yield "no output intent with a profile"


def _attachments(opened: pikepdf.Pdf) -> Iterator[str]:
    associated = list(opened.Root.get("/AF", []))
    if not associated:
        yield "no associated file"
    for spec in associated:
        missing = [key for key in ("/AFRelationship", "/F", "/UF", "/Desc") if key not in spec]
        stream = spec.EF.F
        missing += [key for key in ("/Subtype",) if key not in stream]
        missing += [key for key in ("/ModDate",) if key not in stream.get("/Params", {})]
        yield from (f"associated file without {key}" for key in missing)


def _objects(opened: pikepdf.Pdf) -> Iterator[str]:
    for each in opened.objects:
        if isinstance(each, pikepdf.Stream):
            if "LZW" in str(each.get("/Filter", "")):
                yield "LZW"
            if each.get("/Interpolate", False):
                yield "interpolated image"
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor" and not _FILES & set(each):
            yield f"font not embedded: {each.get('/FontName')}"
