"""What goes wrong, as HTTP: one table from errors to statuses, and RFC 9457 problem details for programs."""

import msgspec
from aiohttp import web

from wabridge import errors
from wabridge.errors import WabridgeError
from wabridge.web import flaws

STATUSES: dict[type[WabridgeError], int] = {
    errors.BadRequest: 400,
    errors.NotSignedIn: 401,
    errors.SignatureRefused: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.BodyTooLarge: 413,
    errors.FileTooLarge: 413,
    errors.Unprocessable: 422,
    errors.TooManyTries: 429,
    errors.StorageUnavailable: 503,
    errors.StorageDamaged: 503,
}
RETRY_SECONDS = 5
"""What a caller is told to wait while the disk fails."""

_REASONS: dict[type[WabridgeError], str] = {
    errors.WindowClosed: "window_closed",
    errors.TemplateWithdrawn: "template_withdrawn",
    errors.TemplateChanged: "template_changed",
    errors.TemplateUnfit: "template_unfit",
    errors.AdvertisingRefused: "advertising_refused",
    errors.NotPending: "not_pending",
    errors.AlreadyAnswered: "already_answered",
    errors.TooEarly: "too_early",
    errors.Pointless: "pointless",
    errors.NoteUnfit: "note_unfit",
    errors.ReasonMissing: "reason_missing",
    errors.TooMuchToExport: "too_much_to_export",
    errors.IdentityUnverified: "identity_unverified",
    errors.FileNotHere: "file_not_here",
    errors.OtherChat: "other_chat",
    errors.NotReferable: "not_referable",
    errors.ConversationReadOnly: "conversation_read_only",
    errors.TextEmpty: "text_empty",
    errors.TextTooLong: "text_too_long",
    errors.DraftUnfit: "unfit",
    errors.FileTooLarge: "file_too_large",
    errors.FileUnfit: "file_unfit",
    errors.EnclosureGone: "file_gone",
    errors.PhoneUnreadable: "phone_unreadable",
    errors.KeyReused: "key_reused",
    errors.StorageUnavailable: "storage_unavailable",
    errors.NoticeChanged: "notice_changed",
    errors.NoticeNotApproved: "notice_not_approved",
    errors.NoticeUnderway: "notice_underway",
    errors.RecipientChanged: "recipient_changed",
    errors.DeadlinePassed: "deadline_passed",
    errors.NoNoticeTemplate: "no_notice_template",
    errors.NoticeUnfit: "notice_unfit",
    errors.NoticeTooLong: "notice_too_long",
    errors.NoticeDocumentLost: "notice_document_lost",
}
"""Words a program may rely on, where the status alone does not say it."""

_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    409: "Conflict",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Unprocessable",
    429: "Too many requests",
    500: "Internal error",
    503: "Storage unavailable",
}


def find_status(error: WabridgeError) -> int | None:
    """Return the HTTP status of an error, None for a fault of ours."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)


def retry_after(error: WabridgeError) -> str | None:
    """Return the seconds to wait before the same may work, as a header."""
    if isinstance(error, errors.TooManyTries):
        return str(error.retry_after_seconds)
    return str(RETRY_SECONDS) if error.retryable else None


def build(status: int, error: WabridgeError | None = None) -> web.Response:
    """Return a problem as application/problem+json; only sentences made for others are told."""
    problem: dict[str, object] = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status}
    if error is not None:
        reason = next((_REASONS[kind] for kind in type(error).__mro__ if kind in _REASONS), None)
        problem |= {"reason": reason} if reason else {}
        problem |= {"detail": str(error)} if error.public else {}
        problem |= _besides(error)
    answer = web.Response(
        status=status, body=msgspec.json.encode(problem), content_type="application/problem+json", charset=None
    )
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _besides(error: WabridgeError) -> dict[str, object]:
    """Return what a program needs to know of an error to do something about it."""
    if isinstance(error, errors.IdentityUnverified):
        return {"alert_id": error.alert_id}
    if isinstance(error, errors.TextTooLong):
        return {"parts": error.parts}
    if isinstance(error, errors.TemplateUnfit):
        return {"slots": dict(error.problems)}
    if isinstance(error, errors.DraftUnfit):
        return {"detail": flaws.detail(error.flaws), "flaws": [flaw._asdict() for flaw in error.flaws]}
    if isinstance(error, errors.FileUnfit):
        return {"unfit": error.reason} | ({"limit_bytes": error.limit_bytes} if error.limit_bytes else {})
    return {}
