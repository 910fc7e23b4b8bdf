"""The papers of a bundle while it is gathered: files, and which of them opens which commitment."""

import base64
import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from wabridge.evidence.dossier import File, Opening
from wabridge.model.media import Kept
from wabridge.storage.leaves import StoredLeaf

Content = bytes | Kept
"""What a file is: its bytes, or where they are kept; large files are read when they are handed over."""


class Shown(NamedTuple):
    """A part of a leaf. path: of the file that opens it; withheld: why none does."""

    path: str = ""
    withheld: str = ""


class Papers:
    """Collects what goes into one bundle; a path is used once. lost: files of the vault that cannot be read."""

    def __init__(self, lost: frozenset[str] = frozenset()) -> None:
        self.lost = lost
        self.contents: dict[str, Content] = {}
        self.files: list[File] = []
        self._sha256: dict[str, str] = {}
        self.openings: list[Opening] = []
        self.leaves: dict[int, StoredLeaf] = {}

    def add(self, path: str, content: bytes, what: str, *, item: str = "") -> str:
        """Put bytes into the bundle, and return their path."""
        return self._add(path, content, what, hashlib.sha256(content).hexdigest(), len(content), item)

    def add_kept(self, path: str, kept: Kept, what: str, *, sha256: str, item: str = "") -> str:
        """Put a kept file into the bundle, and return its path. sha256: hexadecimal, of its bytes."""
        return self._add(path, kept, what, sha256, kept.size, item)

    def sha256(self, path: str) -> str:
        """Return the checksum of a file that was put in, in hexadecimal."""
        return self._sha256[path]

    def prove(self, leaf: StoredLeaf, shown: Mapping[str, Shown], *, item: str = "") -> int:
        """Put a leaf into the bundle with what opens its commitments, and return its index.

        What nobody says anything of stays closed, and so does what was erased.
        """
        if leaf.position not in self.leaves:
            self.leaves[leaf.position] = leaf
            for part in leaf.commitments:
                salt = leaf.salt(part)
                said = shown.get(part, Shown(withheld="not_shown"))
                said = said if salt is not None or not said.path else Shown(withheld="erased")
                opened = base64.b64encode(salt).decode() if salt is not None and said.path else ""
                self.openings.append(
                    Opening(
                        leaf=leaf.position,
                        part=part,
                        path=said.path,
                        salt=opened,
                        withheld="" if said.path else said.withheld,
                        item=item,
                    )
                )
        return leaf.position

    def _add(self, path: str, content: Content, what: str, sha256: str, size: int, item: str) -> str:
        if path not in self.contents:
            self.contents[path] = content
            self._sha256[path] = sha256
            self.files.append(File(path=path, sha256=sha256, size_bytes=size, what=what, item=item))
        return path
