"""What Meta's answer to a send means.

Rule: only an error object of the Graph API is a refusal, and only where its code is known as one or the request was at
fault (4xx). Everything else may have reached the person. Source: Meta, "error codes" and "handling errors".
"""

from collections.abc import Callable
from typing import Any, TypeVar

from wabridge.model import codes
from wabridge.model.outcome import Accepted, Outcome, Refused, Unknown
from wabridge.model.upload import Taken, UploadOutcome
from wabridge.whatsapp import decoding, reading
from wabridge.whatsapp.people import Json

HELD = frozenset({"held_for_quality_assessment", "paused"})
"""Words of an answer by which Meta keeps a template back; it sends it later, or reports it as failed."""

_DETAILS_CHARACTERS = 1000


T = TypeVar("T")


def judge(status: int, body: bytes) -> Outcome:
    """Return what came of a send, by the HTTP status and the answer's body."""
    return _judge(status, body, _accepted)


def judge_upload(status: int, body: bytes) -> UploadOutcome:
    """Return what came of an upload, by the HTTP status and the answer's body."""
    return _judge(status, body, _taken)


def _judge(status: int, body: bytes, read: Callable[[Json], T | None]) -> T | Refused | Unknown:
    """Return what a good answer says as `read` understands it, else what is wrong."""
    if 300 <= status < 400:
        return Unknown("redirect")
    if not body.strip():
        return Unknown("empty")
    try:
        decoded = decoding.decode(body)
    except decoding.NotJson:
        return Unknown("unreadable")
    answer = reading.mapping(decoded.value if decoded.is_sound else decoding.mend(decoded.value))
    if status < 300:
        return read(answer) or Unknown("nameless")
    return _refusal(status, reading.mapping(answer.get("error")))


def _accepted(answer: Json) -> Accepted | None:
    named = reading.mapping(next(iter(reading.elements(answer.get("messages"))), None))
    wamid, word = reading.ident(named.get("id")), reading.text(named.get("message_status")) or ""
    return Accepted(wamid, word if word in HELD else "") if wamid else None


def _taken(answer: Json) -> Taken | None:
    file_id = reading.ident(answer.get("id"))
    return Taken(file_id) if file_id else None


def _refusal(status: int, error: Json) -> Refused | Unknown:
    code = reading.code(error.get("code"))
    if code is None or code < 0:  # Meta's codes are never negative; ours are
        return Unknown("unreadable")
    step = codes.judge(
        code,
        http=status,
        subcode=reading.code(error.get("error_subcode")) or 0,
        is_transient=error.get("is_transient") is True,
    ).step
    if step == "unsure":
        return Unknown("unsure", code)
    return Refused(code, step, _details(error))


def _details(error: dict[str, Any]) -> str:
    said = reading.details(error) or reading.text(error.get("error_user_msg")) or reading.text(error.get("message"))
    return (said or "")[:_DETAILS_CHARACTERS]
