"""Meta's error objects, as the HTTP answer and as the `failed` status spell them (cloud-api 4.1, 5.7, 6)."""

import secrets
from dataclasses import dataclass
from typing import Any

HELP_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphError:
    """One error of Meta's, with the HTTP status it is answered with."""

    http: int
    code: int
    title: str
    details: str | None = None
    subcode: int | None = None
    type: str = "OAuthException"
    is_whole_message: bool = False
    """Whether the title already is the sentence Meta shows, without the `(#code)` before it."""

    def answer(self) -> dict[str, Any]:
        """Return the body of an HTTP answer with this error."""
        error: dict[str, Any] = {
            "message": self.title if self.is_whole_message else f"(#{self.code}) {self.title}",
            "type": self.type,
            "code": self.code,
        }
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = trace_id()
        return {"error": error}

    def report(self) -> dict[str, Any]:
        """Return this error as an element of `statuses[].errors`."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details or self.title},
            "href": HELP_PAGE,
        }


class Refusal(Exception):
    """A request the pretend Meta does not take."""

    def __init__(self, error: GraphError, *, is_violation: bool) -> None:
        super().__init__(error.details or error.title)
        self.error = error
        self.is_violation = is_violation


def trace_id() -> str:
    """Return an id such as Meta writes beside each answer."""
    return "A" + secrets.token_urlsafe(16)


BAD_TOKEN = GraphError(
    http=401,
    code=190,
    title="Invalid OAuth access token - Cannot parse access token",
    is_whole_message=True,
)
EXPIRED_TOKEN = GraphError(
    http=401,
    code=190,
    subcode=463,
    title="Error validating access token: Session has expired on Monday, 28-Sep-26 10:00:00 PDT.",
    is_whole_message=True,
)
NOTHING_TO_REACT_TO = GraphError(
    http=400,
    code=131009,
    title="Parameter value is not valid",
    details="The message to react to is older than 30 days, was deleted, is a reaction or does not exist.",
)
RATE_LIMIT = GraphError(
    http=400,
    code=130429,
    title="Rate limit hit",
    details="Cloud API message throughput has been reached.",
    subcode=2494055,
)
PAIR_RATE_LIMIT = GraphError(
    http=400,
    code=131056,
    title="(Business Account, Consumer Account) pair rate limit hit",
    details="Too many messages sent from this phone number to the same recipient in a short period of time.",
)
OUTSIDE_WINDOW = GraphError(
    http=400,
    code=131047,
    title="Re-engagement message",
    details="More than 24 hours have passed since the recipient last replied to the sender number.",
)
PAUSED_TEMPLATE = GraphError(
    http=400, code=132015, title="Template is Paused", details="Template is paused due to low quality."
)
UNDELIVERABLE = GraphError(http=400, code=131026, title="Message undeliverable", details="Message Undeliverable.")


def unknown_node(node: str) -> GraphError:
    """Return what Meta says about an id it does not know or show."""
    return GraphError(
        http=400,
        code=100,
        subcode=33,
        type="GraphMethodException",
        title=(
            f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation."
        ),
        is_whole_message=True,
    )
