"""Parts of a file, as players ask for them (RFC 9110, sections 13.1.5 and 14): one range or the whole.

More than one range, another unit, or a range that makes no sense is answered with the whole file, as the standard
allows; a range beyond the end is refused.
"""

import re
from typing import NamedTuple

_ONE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


class Part(NamedTuple):
    """What to send: the bytes from start up to, not including, stop."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes these are."""
        return self.stop - self.start


class BeyondTheEnd(Exception):  # it says what it is
    """No byte of the file lies in the range."""


def choose(wanted: str | None, *, if_range: str | None, etag: str, size: int) -> Part | None:
    """Return the part that is asked for, None for the whole file; raises BeyondTheEnd.

    etag: what the file is, quoted. A part of another file than the asker holds the beginning of is never sent; dates
    prove nothing here.
    """
    found = _ONE.fullmatch(wanted) if wanted else None
    if found is None or (if_range is not None and if_range.strip() != etag):
        return None
    first, last = found.groups()
    if not first:
        return _end(size, last)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise BeyondTheEnd
    return Part(int(first), min(int(last) + 1, size) if last else size)


def _end(size: int, length: str) -> Part | None:
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise BeyondTheEnd
    return Part(max(0, size - int(length)), size)
