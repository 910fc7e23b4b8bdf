"""One item of a stored webhook as it came, for the rooms that show it: they do not read Meta's JSON themselves."""

from collections.abc import Iterable

from wabridge.model.source import Original, Reading
from wabridge.whatsapp.cutouts import Cutout, Opened, cut_out, readable

__all__ = ["Cutout", "Opened", "cut_out", "read", "readable"]


def read(body: bytes, pointers: Iterable[str]) -> Reading:
    """Return what lies at each of these pointers of one webhook, and whether that is all that it says.

    Without pointers, whose numbers it is about.
    """
    opened, wanted = Opened(body), list(pointers)
    found = {pointer: opened.cut_out(pointer) for pointer in wanted}
    originals = {pointer: Original(cut.exact, cut.canonical) for pointer, cut in found.items() if cut is not None}
    # The rest of it is looked at only if it may go out as a whole.
    says_no_more = opened.holds_only(wanted)
    items = opened.count_items() if says_no_more else None
    return Reading(originals, items, {} if wanted else opened.display_numbers())
