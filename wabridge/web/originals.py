"""One item as it came, cut out of its webhook: the bytes, or their canonical form, and the checksums beside them.

Rule: nothing of the items beside it is handed on; of the whole webhook only size and checksum are.
"""

import hashlib
from dataclasses import dataclass

from wabridge.gateway import cutouts

_CHARACTERS = 200_000
"""So much of an item is shown; a webhook may have four million."""


@dataclass(frozen=True, slots=True)
class Original:
    """What lies at a pointer. sha256: of kept, which are the very bytes if is_exact, else canonical JSON.

    text: the same, indented for reading and cut off if it is very long.
    """

    kept: bytes
    text: str
    is_exact: bool
    is_shortened: bool
    sha256: str

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return len(self.kept)


def cut_out(body: bytes, pointer: str) -> Original | None:
    """Return the item at a pointer, None if nothing lies there."""
    found = cutouts.cut_out(body, pointer)
    if found is None:
        return None
    kept = found.exact if found.exact is not None else found.canonical or b""
    text = cutouts.readable(found)
    return Original(
        kept=kept,
        text=text[:_CHARACTERS],
        is_exact=found.is_exact,
        is_shortened=len(text) > _CHARACTERS,
        sha256=hashlib.sha256(kept).hexdigest(),
    )
