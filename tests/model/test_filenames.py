"""A stranger's file name becomes one that no system misreads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import filenames


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Surat Kuasa.pdf", "Surat Kuasa.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\x.dll", "C__Windows_x.dll"),
        ("gambar\u202egnp.exe", "gambargnp.exe"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("tagihan.pdf.exe", "tagihan.pdf.exe"),
        ("tagihan.pdf" + " " * 200 + ".exe", "tagihan.pdf .exe"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1 .pdf", "_com1 .pdf"),
        ("console.txt", "console.txt"),
        ("surat. . .", "surat"),
        (".htaccess", "htaccess"),
        ('a"b%0d;c.pdf', "a_b_0d;c.pdf"),
        ("عقد.pdf", "عقد.pdf"),
    ],
)
def test_names_are_made_harmless(name: str, saved: str) -> None:
    """No folder, device, hidden character or hidden suffix survives; everything else does."""
    assert filenames.safe(name, otherwise="x") == saved


@pytest.mark.parametrize("name", [None, "", " ", "...", "/", "\u202e\u200b", '"'])
def test_a_name_of_nothing_is_replaced(name: str | None) -> None:
    """Where nothing is left, the file gets a plain name."""
    assert filenames.safe(name, otherwise="image-7.jpg") == "image-7.jpg"


def test_a_long_name_keeps_its_suffix() -> None:
    """What a computer goes by stays at the end, however long the rest is."""
    saved = filenames.safe("é" * 400 + ".docx", otherwise="x")
    assert saved.endswith("….docx")
    assert len(saved.encode()) <= 180


@given(st.text(max_size=300))
def test_no_name_breaks_a_header_or_a_folder(name: str) -> None:
    """Whatever comes, the result fits a quoted header and names one file in one folder; it is safe already."""
    saved = filenames.safe(name, otherwise="x")
    assert saved
    assert len(saved.encode()) <= 180
    assert not set(saved) & set('/\\"\r\n\0%')
    assert saved not in {".", ".."}
    assert filenames.ascii_only(saved).isascii()
    assert filenames.safe(saved, otherwise="x") == saved


@pytest.mark.parametrize(
    ("name", "is_program"),
    [
        ("Undangan.apk", True),
        ("foto.jpg.EXE", True),
        ("surat.html", True),
        ("surat.pdf", False),
        ("exe", False),
        (None, False),
        ("x.ex\u200be", True),
        ("x.exe.", True),
    ],
)
def test_programs_are_known_by_their_suffix(name: str | None, is_program: bool) -> None:
    """The suffix that a computer acts upon decides, hidden characters or not."""
    assert filenames.is_program(name) is is_program
