"""Why a message failed, as a few keys that people's sentences hang on.

Meta has some 150 codes and changes their titles; what staff can do about them comes down to a handful. Which code has
which key stands in the table of codes; the sentences are in the catalogues, by key.
"""

from typing import get_args

from wabridge.model import codes, outcome, upload
from wabridge.model.codes import Reason

__all__ = ["ALL", "REASONS", "Reason", "reason"]

ALL: tuple[Reason, ...] = get_args(Reason)

REASONS: dict[int, Reason] = {
    **{code: rule.reason for code, rule in codes.TABLE.items() if code},
    outcome.AUTHOR_NOT_ALLOWED: "author_gone",
    outcome.TEMPLATE_NOT_APPROVED: "template_withdrawn",
    outcome.TEMPLATE_CHANGED: "template_changed",
    upload.FILE_LOST: "file_lost",
}
"""Code to key. 0 is left out: Meta means an unusable token by it, but it also stands for a missing code."""


def reason(code: int | None) -> Reason:
    """Return the key for a code of Meta's or ours; "other" for what nobody knows."""
    return REASONS.get(code, "other") if code is not None else "other"
