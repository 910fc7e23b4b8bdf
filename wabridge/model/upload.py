"""One handing-over of a file's bytes to Meta, before the message that names the file.

Doing it twice harms nobody: no client sees a file that no message names. So whatever is not a refusal is done again.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from wabridge.model.outcome import NotSent, Refused, Unknown

USABLE = timedelta(days=29)
"""So long a file that Meta has is named without being uploaded anew. Meta keeps it for thirty days ("media", as of June
2026)."""

FORGOTTEN = frozenset({100, 131009, 131052, 131053})
"""Codes by which Meta refuses a message if it does not know its file, or not any more. They also mean other things, so
that the file is uploaded anew once, and then they are believed."""

FILE_LOST = -2
"""Our own code: the file is damaged here, or gone. Meta's codes are never negative."""

OutcomeWord = Literal["open", "taken", "refused", "not_sent", "unknown"]


class Taken(msgspec.Struct, frozen=True):
    """Meta has the file. file_id: what it is named by."""

    file_id: str


UploadOutcome = Taken | Refused | NotSent | Unknown


class UploadExchange(msgspec.Struct, frozen=True):
    """What came of an upload, with the exact bytes of the answer as far as there was one."""

    outcome: UploadOutcome
    response_status: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: bytes | None = None


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One upload as it is kept for ever. sha256: of the bytes that were sent; file_id: Meta's, once it has the file.

    forgotten_at: when Meta said that it does not know that id (any more).
    """

    opened_at: datetime
    sha256: str
    size: int
    outcome: OutcomeWord
    reason: str | None = None
    code: int | None = None
    settled_at: datetime | None = None
    file_id: str | None = None
    forgotten_at: datetime | None = None
