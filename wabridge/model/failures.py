"""Why a message failed, as a few keys that people's sentences hang on.

Meta has some 150 codes and changes their titles; what staff can do about them comes down to a handful. The sentences
are in the catalogues, by key. Source of the codes: Meta, "error codes".
"""

from typing import Literal, get_args

from wabridge.model import outcome

Reason = Literal[
    "unreachable",
    "window_closed",
    "body_wrong",
    "template",
    "throttled",
    "restricted",
    "payment",
    "token",
    "opted_out",
    "not_allowed_recipient",
    "identity_changed",
    "unsure",
    "media",
    "author_gone",
    "other",
]
"""unsure: Meta's own disturbance, it may have arrived. not_allowed_recipient: this pair of numbers only. author_gone:
our own reason."""

ALL: tuple[Reason, ...] = get_args(Reason)

CODES: dict[Reason, tuple[int, ...]] = {
    "unreachable": (outcome.UNDELIVERABLE,),
    "window_closed": (outcome.WINDOW_CLOSED,),
    "body_wrong": (100, 131008, 131009, 131021, 131051, 131055, 131059, 131062, 135000),
    "template": (
        *(132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069),
        *(134100, 134101, 134102, 141002),
    ),
    "throttled": (4, 17, 613, 80007, 130429, 131048, 131049, 131056, 131064, 131208),
    "restricted": (
        *(33, 368, 131031, 131037, 131045, 131063, 139200),
        *(133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016),
    ),
    "payment": (131042, 131044, 134011),
    "token": (3, 10, 104, 190, *range(200, 300), 803, 131005),
    "opted_out": (131050,),
    "not_allowed_recipient": (130403, 130472, 130497, 131030),
    "identity_changed": (137000,),
    "unsure": (1, 2, 131000, 131016, 131036, 131057, 133004, 2494100),
    "media": (131014, 131052, 131053),
    "author_gone": (outcome.AUTHOR_NOT_ALLOWED,),
}
"""Each key with its codes, a code under one key only."""

REASONS: dict[int, Reason] = {code: reason for reason, codes in CODES.items() for code in codes}
"""Code to key. 0 is left out: Meta means an unusable token by it, but it also stands for a missing code."""


def reason(code: int | None) -> Reason:
    """Return the key for a code of Meta's or ours; "other" for what nobody knows."""
    return REASONS.get(code, "other") if code is not None else "other"
