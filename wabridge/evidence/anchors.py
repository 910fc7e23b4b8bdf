"""What an anchor proves: that a checkpoint lay outside this house at a time that somebody else states.

For a timestamp the authority's signature says so. For a mail this room can only say that the very bytes were handed to
a mail server: the proof is the copy in the other mailbox, with that provider's marks of arrival.
"""

import email
from collections.abc import Sequence
from datetime import datetime
from email import policy
from typing import NamedTuple

from cryptography import x509

from wabridge.errors import NotAnchored
from wabridge.evidence import timestamp
from wabridge.model.anchor import Kind


class Finding(NamedTuple):
    """What was found. reason: why it proves nothing, None if it does; of `model.anchor.Reason`.

    at: by the clock of whoever states it; for a mail what its own header says. authority: who signed, "" for mail.
    is_trusted: the certificate leads to one of the given roots; None for mail.
    """

    reason: str | None
    at: datetime | None = None
    authority: str = ""
    is_trusted: bool | None = None

    @property
    def is_good(self) -> bool:
        """Whether the anchor is of this checkpoint, and as it was made."""
        return self.reason is None


def verify(kind: Kind, *, note: bytes, request: bytes, answer: bytes, roots: Sequence[x509.Certificate]) -> Finding:
    """Return what an anchor proves of a checkpoint's note. request, answer: as they were kept; for mail: its bytes."""
    try:
        return _verify_mail(note, request) if kind == "mail" else _verify_token(note, answer, roots)
    except NotAnchored as refused:
        return Finding(refused.reason)


def _verify_token(note: bytes, answer: bytes, roots: Sequence[x509.Certificate]) -> Finding:
    token = timestamp.check(answer, note, roots=roots, is_strict=False)
    return Finding(None, token.at, token.authority, token.is_trusted)


def _verify_mail(note: bytes, eml: bytes) -> Finding:
    letter = email.message_from_bytes(eml, policy=policy.default)
    attached = [each.get_payload(decode=True) for each in letter.iter_attachments()]
    if note not in attached:
        raise NotAnchored("wrong_imprint")
    dated = letter["Date"]
    return Finding(None, getattr(dated, "datetime", None))
