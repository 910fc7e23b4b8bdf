"""Where the files of a bundle are: in a folder, or in an archive of which no byte is left unlooked at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wabridge.evidence.verify.archive import entries
from wabridge.evidence.verify.words import Wrong

PIECE = 1 << 20
MOST = 1 << 29
"""The largest file that is read whole."""


class Bundle:
    """The files of a bundle, in a folder or in an archive; and what they say, as far as it has been read."""

    def __init__(self, place: Path) -> None:
        self.evidence: dict[str, Any] = {}
        self.key: tuple[str, bytes] = ("", b"")
        self.keys: list[tuple[str, bytes]] = []
        self.note = b""
        self.leaves: dict[int, dict[str, Any]] = {}
        self.hashes: dict[int, bytes] = {}
        self.digests: dict[str, bytes] = {}
        self.items: dict[str | int, str] = {}
        self.refs: set[str] = set()
        self.trouble: list[tuple[str, str]] = []
        self._folder = place
        self._file = None if place.is_dir() else place.open("rb")
        self.places = dict(entries(self._file, self.trouble) if self._file else walk(place, self.trouble))
        if self._file and len(self.trouble) > 2 + len(self.places) // 2:
            raise Wrong("unpack", place.name)

    def close(self) -> None:
        """Let go of the archive."""
        if self._file is not None:
            self._file.close()

    def item(self, what: str | int) -> str:
        """Return the message or notice that a file or a leaf belongs to, else the file or leaf itself."""
        if isinstance(what, str) and what.startswith("proofs/") and what[7:].partition(".")[0].isdigit():
            what = int(what[7:].partition(".")[0])
        return self.items.get(what, what if isinstance(what, str) else f"leaf {what}")

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file's content piece by piece."""
        if name not in self.places:
            raise Wrong("missing", name)
        offset, size = self.places[name]
        if self._file is None:
            with (self._folder / name).open("rb") as file:
                yield from iter(lambda: file.read(PIECE), b"")
            return
        while size > 0:
            self._file.seek(offset)
            piece = self._file.read(min(size, PIECE))
            if not piece:
                raise Wrong("archive", name)
            offset, size = offset + len(piece), size - len(piece)
            yield piece

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        if self.places.get(name, (0, 0))[1] > MOST:
            raise Wrong("large", name)
        return b"".join(self.pieces(name))

    def text(self, name: str) -> str:
        """Return a file's content as text."""
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Wrong("form", name) from None


def walk(folder: Path, trouble: list[tuple[str, str]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the files of a folder, and note what is neither file nor folder."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            trouble.append((name, "path"))
        elif path.is_file():
            yield name, (0, path.stat().st_size)
