"""How far the phone app is with handing its earlier messages over."""

from datetime import datetime

import msgspec


class HistoryState(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone app said of its history; it comes in no order, so the furthest counts.

    phase: 0 the first day, 1 up to 90 days, 2 up to 180 days. progress: in hundredths, 100 is all. at: when the last
    part came. declined_at: when the office had said no, with WhatsApp's code and words.
    """

    phase: int | None = None
    progress: int | None = None
    at: datetime | None = None
    declined_at: datetime | None = None
    declined_code: int | None = None
    declined_title: str = ""

    @property
    def is_declined(self) -> bool:
        """Whether no is the last word: nothing was handed over since."""
        return self.declined_at is not None and (self.at is None or self.at < self.declined_at)
