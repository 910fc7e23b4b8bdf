"""The archive that a bundle is written as."""

import io
import zipfile

import pytest

from wabridge import errors
from wabridge.evidence import archive
from wabridge.evidence.verify.archive import entries
from wabridge.evidence.verify.words import Wrong


def written(files: dict[str, list[bytes]]) -> bytes:
    out = io.BytesIO()
    made = archive.Archive(out)
    for path, pieces in files.items():
        made.add(path, pieces)
    made.finish()
    return out.getvalue()


def strictly(raw: bytes) -> tuple[dict[str, tuple[int, int]], list[tuple[str, str]]]:
    trouble: list[tuple[str, str]] = []
    return dict(entries(io.BytesIO(raw), trouble)), trouble


def test_any_program_can_unpack_it() -> None:
    """What was put in comes out with the standard library's reader, an empty file as well."""
    raw = written({"a/b.json": [b"one", b"two"], "empty": []})
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert opened.testzip() is None
        assert opened.read("a/b.json") == b"onetwo"
        assert opened.read("empty") == b""
    assert strictly(raw)[1] == []


def test_a_large_file_is_written_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is not held in memory: its size follows its content, and it still unpacks."""
    monkeypatch.setattr(archive, "_BUFFERED_BYTES", 100)
    raw = written({"large": [b"x" * 90, b"y" * 90, b"z" * 90], "small": [b"s"]})
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert opened.read("large") == b"x" * 90 + b"y" * 90 + b"z" * 90
    assert strictly(raw)[1] == []


def test_more_files_than_sixteen_bits_count_are_no_trouble() -> None:
    """A bundle of seventy thousand files is whole for the strict reader and for the standard library."""
    raw = written({f"f{number}": [b"."] for number in range(70_000)})
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert len(opened.namelist()) == 70_000
    assert strictly(raw)[1] == []


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../b", "a//b", "", "a b", "é", ".hidden", "a/"])
def test_no_path_leads_out_of_the_bundle(path: str) -> None:
    """Only plain relative paths are written."""
    with pytest.raises(errors.CertificateNotMade):
        archive.Archive(io.BytesIO()).add(path, [b""])


def test_no_name_is_written_twice() -> None:
    """The same path a second time is refused."""
    made = archive.Archive(io.BytesIO())
    made.add("a", [b""])
    with pytest.raises(errors.CertificateNotMade):
        made.add("a", [b"x"])


def test_what_would_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle that would pass 4 GiB ends with a sentence, not with a file that no program reads."""
    monkeypatch.setattr(archive, "_MOST_BYTES", 1000)
    with pytest.raises(errors.CertificateNotMade, match="shorter period"):
        written({"a": [b"x" * 2000]})


def is_noticed(raw: bytes) -> bool:
    try:
        return strictly(raw)[1] != []
    except Wrong:
        return True


FOREIGN = {
    "nothing": b"",
    "a text": b"PK" * 40,
    "an ending that points nowhere": b"PK\x05\x06" + b"\xff" * 16 + b"\0\0",
    "an ending with a thousand entries": b"PK\x05\x06\0\0\0\0\xe8\x03\xe8\x03" + b"\0" * 10,
}


@pytest.mark.parametrize("raw", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_archive_of_ours_is_refused(raw: bytes) -> None:
    """Odd files are refused before anything is read from them."""
    with pytest.raises(Wrong):
        strictly(raw)


def test_every_byte_of_the_structure_counts() -> None:
    """Each byte outside the contents, changed in any bit, is noticed."""
    raw = written({"one": [b"1" * 5], "two/three": [b"2" * 7]})
    places, _ = strictly(raw)
    inside = {n for offset, size in places.values() for n in range(offset, offset + size)}
    for spot in set(range(len(raw))) - inside:
        for bit in (1, 16, 128):
            assert is_noticed(raw[:spot] + bytes([raw[spot] ^ bit]) + raw[spot + 1 :]), spot


def test_bytes_before_behind_or_between_are_noticed() -> None:
    """Nothing can be hidden in an archive: not before it, not behind it, not in a comment."""
    raw = written({"one": [b"1"]})
    for changed in (b"x" + raw, raw + b"x", raw[:-2] + b"\x01\0x"):
        assert is_noticed(changed)
