"""What may not be said of evidence, in pages, documents and certificates: words that claim more than was reported.

What is searched is what people are given to read: the catalogues, the pages, everything in `wabridge/evidence` that is
no comment, and the documentation written for the office.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from babel.messages.pofile import read_po

from tests.house.source import ROOT, Source

FORBIDDEN = {
    "Indonesian": re.compile(
        r"terbukti (?:telah |sudah |pernah )?(?:di|mem)baca"
        r"|membuktikan (?:bahwa )?(?:pesan|klien|penerima)[^.]{0,40}(?:dibaca|membaca|memahami|mengetahui)"
        r"|pasti (?:sudah |telah )?(?:mengetahui|tahu|membaca|memahami|dibaca)"
        r"|sah (?:di|di muka|di depan|di hadapan|menurut) pengadilan"
        r"|tidak (?:dapat|bisa|mungkin) (?:di)?(?:sangkal|bantah|palsukan)|tak ter(?:bantah|sangkal)(?:kan)?"
        r"|tidak terbantahkan|bukti (?:sempurna|mutlak|tak terbantah)|(?:anti|tahan)[- ]?(?:pe)?(?:malsuan|palsu)"
        r"|\bdijamin\b|\bdianggap (?:setuju|menyetujui|telah membaca)\b",
        re.IGNORECASE,
    ),
    "English": re.compile(
        r"prove[nsd]* (?:to have been |to be |that it was |as )?(?:been )?(?:read|understood)\b"
        r"|proof (?:of reading|that (?:it|the message|the client) (?:was|has been|has) read)\b"
        r"|certainly (?:knows?|read|understood)|valid in (?:court|law)|court[- ]proof"
        r"|undeniabl[ey]|irrefutabl[ey]|indisputabl[ey]|non-?repudia\w+"
        r"|(?:perfect|absolute|conclusive) (?:proof|evidence)|(?:tamper|forgery|fraud)[- ]?proof"
        r"|\bguarante(?:ed|es?)\b|deemed (?:to have )?(?:agreed|accepted|read)",
        re.IGNORECASE,
    ),
}
QUOTED_LAW = ("dapat diakses, ditampilkan, dijamin keutuhannya, dan dapat dipertanggungjawabkan",)
"""The law's own words (UU ITE, article 6), which may be quoted as they stand."""

DENIALS = re.compile(
    r"(?:bukan|tidak pernah|no|not|never|never say|jangan|belum|tidak)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
"""Before a phrase: "no proof that it was read" claims nothing."""

ARRIVAL = re.compile(
    r"(?<!belum )(?<!apakah )\bsampai (?:di|pada) perangkat|(?<!not )(?<!never )\b(?:arrived|arrival) on a device",
    re.IGNORECASE,
)
NOT_READ = re.compile(
    r"belum tentu (?:telah )?dibaca|tidak menunjukkan bahwa pesan telah dibaca"
    r"|(?:tidak|bukan) berarti (?:telah )?dibaca"
    r"|not necessarily (?:been )?read|does not show that (?:it|the message) was read|does not mean (?:that it was )?"
    r"read",
    re.IGNORECASE,
)

_FOR_THE_OFFICE = ("README.md", "CHANGELOG.md", "docs/legal-notices.md")


def claims(said: str) -> list[str]:
    """Return the forbidden claims in a text."""
    plain = " ".join(said.replace("*", "").split())
    for law in QUOTED_LAW:
        plain = plain.replace(law, "")
    found = (match for pattern in FORBIDDEN.values() for match in pattern.finditer(plain))
    return [match[0] for match in found if not DENIALS.search(plain[: match.start()])]


def takes_arrival_for_reading(said: str) -> bool:
    """Say whether a text speaks of an arrival without saying that it is no reading."""
    plain = " ".join(said.replace("*", "").split())
    return bool(ARRIVAL.search(plain)) and not NOT_READ.search(plain)


def texts(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield everything that people are given to read, piece by piece, each with where it stands."""
    for catalogue in sorted((root / "wabridge/web/locales").glob("*/messages.po")):
        yield from _of_catalogue(catalogue)
    for page in sorted((root / "wabridge/web/pages").glob("*.html")):
        yield page.name, page.read_text("utf-8")
    for file in sorted((root / "wabridge/evidence").rglob("*")):
        if file.is_file() and file.suffix in {".py", ".typ", ".txt", ".md", ".html", ".json", ".po", ".toml"}:
            yield from _of_file(file, root)
    for written in [*(root / name for name in _FOR_THE_OFFICE), *sorted((root / "docs/office").rglob("*.md"))]:
        if written.exists():
            yield from _of_file(written, root)


def _of_catalogue(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        for message in read_po(file):
            for form in (message.id, message.string):
                for said in form if isinstance(form, list | tuple) else (form,):
                    yield f"{path.parent.name}: {said}", said or ""


def _of_file(path: Path, root: Path) -> Iterator[tuple[str, str]]:
    where = path.relative_to(root).as_posix()
    if path.suffix == ".py":
        source = Source(PurePosixPath(where), path.read_text("utf-8"))
        yield from ((f"{where}:{line}", said) for line, said in source.strings())
    else:
        yield from ((where, paragraph) for paragraph in re.split(r"\n\s*\n", path.read_text("utf-8")))
