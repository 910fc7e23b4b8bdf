"""The certificate as a PDF/A-3 file."""

import io
import subprocess
from pathlib import Path

import msgspec
import pikepdf
import pytest

from bench.dossiers import texts
from bench.dossiers.invented import Invented, invent
from tests.evidence.pdfa import complaints
from wabridge import errors
from wabridge.evidence import dossier, glyphs, printer


@pytest.fixture(scope="module")
def invented() -> Invented:
    return invent(60)


@pytest.fixture(scope="module")
def pdf(invented: Invented) -> bytes:
    return printer.set_certificate(invented.dossier, evidence=dossier.encode(invented.dossier), office_root="ab cd")


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "c.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(folder / "c.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_the_certificate_is_an_archival_pdf(pdf: bytes) -> None:
    """What PDF/A-3 asks for is there, as far as can be checked without a validator."""
    assert complaints(pdf) == []


def test_evidence_json_is_embedded_byte_for_byte(pdf: bytes, invented: Invented) -> None:
    """The file inside the PDF is evidence.json itself."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.attachments["evidence.json"].get_file().read_bytes() == dossier.encode(invented.dossier)


def test_the_same_dossier_gives_the_same_page(pdf: bytes, invented: Invented) -> None:
    """Nothing of the moment is in it: the certificate is made again byte for byte."""
    evidence = dossier.encode(invented.dossier)
    assert printer.set_certificate(invented.dossier, evidence=evidence, office_root="ab cd") == pdf


def test_what_no_font_can_print_is_marked(pdf: bytes, tmp_path: Path) -> None:
    """Javanese, overrides of direction, controls and private characters are seen as marks; the rest as written."""
    text = text_of(pdf, tmp_path)
    for mark in ("[U+A9B1]", "[U+202E]", "[U+0000]", "[U+E000]", "[U+200B]"):
        assert mark in text
    assert "您好" in text
    assert "#catatan: jangan dipotong; $100 * 2 = [200] @ref <x> \\n" in text
    assert "huruf yang tidak dapat dicetak" in text


def test_every_message_is_on_the_page(pdf: bytes, invented: Invented, tmp_path: Path) -> None:
    """Each message of the dossier stands in the conversation with its number."""
    text = text_of(pdf, tmp_path)
    assert [message.ref for message in invented.dossier.messages if message.ref not in text] == []


def test_any_text_at_all_can_be_set(invented: Invented) -> None:
    """Whatever people write, the certificate is made: characters of all planes, alone and in odd company."""
    odd = [chr(code) for code in range(1, 0x20000, 97) if not 0xD800 <= code < 0xE000]
    pieces = ["".join(odd[n : n + 40]) for n in range(0, len(odd), 40)] + ["é\u20e3\u0301\ufe0f\u200d", "\u20e3\u20e3"]
    one = invented.dossier.messages[0]
    many = tuple(msgspec.structs.replace(one, ref=f"X-{n}", text=piece) for n, piece in enumerate(pieces))
    whole = msgspec.structs.replace(invented.dossier, messages=many, notices=())
    assert complaints(printer.set_certificate(whole, evidence=dossier.encode(whole), office_root="")) == []


def test_a_typesetter_that_fails_says_nothing_of_the_message(
    invented: Invented, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When setting fails, the error names no word of any message."""
    monkeypatch.setattr(printer, "_PAGES", tmp_path)
    with pytest.raises(errors.CertificateNotMade) as caught:
        printer.set_certificate(invented.dossier, evidence=b"{}", office_root="")
    assert texts.IN[0] not in str(caught.value)


def test_marks_are_counted_one_by_one() -> None:
    """The cover's number is the number of marks, also where the same character comes again."""
    marks = glyphs.Marks()
    assert marks.printable("a\x00b\x00 \u202e") == "a[U+0000]b[U+0000] [U+202E]"
    assert marks.count == 3


def test_an_emoji_keeps_its_joiner() -> None:
    """A family of one sign stays one sign."""
    assert glyphs.Marks().printable(texts.IN[1]) == texts.IN[1]


def test_a_paragraph_runs_as_its_first_letter_does() -> None:
    """Arabic and Hebrew run from the right, everything else and numbers alone from the left."""
    assert glyphs.is_right_to_left("2. موعدنا") is True
    assert glyphs.is_right_to_left("Alhamdulillah الحمد لله") is False
    assert glyphs.is_right_to_left("12:30") is False


def test_a_long_word_may_be_broken_and_a_checksum_not() -> None:
    """An endless word gets places where a line can end; what people compare or copy stays in one piece."""
    marks = glyphs.Marks()
    assert marks.printable("x" * 100).count("\u200b") == 3
    assert marks.printable("f" * 64) == "f" * 64
    assert marks.count == 0


def test_the_end_of_a_line_is_no_mark() -> None:
    """Lines of ours end without being counted among what cannot be printed."""
    marks = glyphs.Marks()
    assert marks.printable("satu\ndua é") == "satu\ndua é"
    assert marks.count == 0


@pytest.mark.parametrize("language", ["id", "en"])
def test_keys_that_were_changed_leave_the_cover_one_page(language: dossier.Language, tmp_path: Path) -> None:
    """However many keys the ledger had, the cover is one page; they stand where it is said how to check."""
    whole = invent(10, language=language).dossier
    until, print_ = whole.report.t_created, " ".join(["abcd"] * 16)
    keys = (dossier.EarlierKey(public_key="k", fingerprint=print_, until=until, signature=""),) * 3
    ledger = msgspec.structs.replace(whole.ledger, earlier_keys=keys)
    changed = msgspec.structs.replace(whole, ledger=ledger)
    text = text_of(printer.set_certificate(changed, evidence=b"{}", office_root=print_), tmp_path)
    first, second, *_ = text.split("\f")
    assert print_ in first
    assert second.lstrip().startswith("1. ")
    assert text.count(print_) == 5
