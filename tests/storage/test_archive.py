"""A tar whose files are whole or not in it."""

import io
import tarfile
from pathlib import Path

import pytest

from wabridge.storage.archive import Archive, Unreadable


class Spoiled(io.FileIO):
    """A file on a disk that fails after so many bytes, or is shortened meanwhile."""

    def __init__(self, path: Path, good_bytes: int, *, fails: bool) -> None:
        super().__init__(path)
        self._left = good_bytes
        self._fails = fails

    def read(self, size: int | None = -1) -> bytes:
        """Return what is left of the good bytes."""
        if self._fails and (size or 0) > self._left:
            raise OSError(5, "Input/output error")
        piece = super().read(min(self._left, size or 0))
        self._left -= len(piece)
        return piece


@pytest.mark.parametrize(("fails", "why"), [(True, "Input/output error"), (False, "it ends too early")])
def test_a_file_that_breaks_off_is_not_in_the_archive(tmp_path: Path, *, fails: bool, why: str) -> None:
    """Nothing of it is left, and what comes before and after it is whole."""
    source = tmp_path / "source"
    source.write_bytes(b"content " * 10_000)
    with Archive.create(tmp_path / "tar") as archive:
        archive.add(source, "before")
        with Spoiled(source, 30_000, fails=fails) as spoiled, pytest.raises(Unreadable) as raised:
            archive.put(spoiled, "spoiled")
        assert raised.value.strerror == why
        archive.add(source, "after")
    with tarfile.open(tmp_path / "tar", mode="r:") as tar:
        assert tar.getnames() == ["before", "after"]
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            assert content.read() == source.read_bytes()


def test_what_is_not_there_and_what_cannot_be_opened_are_told_apart(tmp_path: Path) -> None:
    """A file that is gone is no fault of the disk."""
    with Archive.create(tmp_path / "tar") as archive:
        with pytest.raises(FileNotFoundError):
            archive.add(tmp_path / "gone", "gone")
        with pytest.raises(Unreadable):
            archive.add(tmp_path, "folder")
