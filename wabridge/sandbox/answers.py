"""Scripted answers of the pretend Meta to a send, put into `PretendMeta.answers` and used up in order.

An answer is a small road: is the message taken, what is waited for, what is said, how does the connection end. The
functions below name the roads that were seen in the field or that a gateway must survive.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from wabridge.sandbox.graph import EXPIRED_TOKEN, GraphError


class Ending(StrEnum):
    """What becomes of the connection on which a send arrived."""

    REPLY = "reply"
    HANG = "hang"
    RESET = "reset"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An HTTP answer given word for word."""

    http: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the pretend Meta does with one send that is well formed."""

    accepts: bool = True
    """Whether the message goes on to the client, with its statuses."""
    ending: Ending = Ending.REPLY
    delay_seconds: float = 0.0
    """How long the answer is held back; the message is taken before."""
    sent_first: bool = False
    """Whether the `sent` webhook is acknowledged before the answer goes out."""
    error: GraphError | None = None
    page: Page | None = None
    failure: GraphError | None = None
    """Reported by a `failed` status instead of the usual statuses."""
    message_status: str | None = None
    """What a 200 says of a message that Meta does not pass on at once (cloud-api 5.4)."""
    follows: bool = True
    """Whether a message that was taken is reported on; one that is held back is not, until somebody says so."""
    by_the_rules: bool = False
    """Whether faults, limits and window decide, as if there were no script; then nothing else here counts."""


def usual() -> Answer:
    """Answer as without a script: a place in the script that leaves the rules in force."""
    return Answer(by_the_rules=True)


def accept() -> Answer:
    """Take the message, even outside the window."""
    return Answer()


def accept_then_fail(error: GraphError) -> Answer:
    """Answer 200 and report the message as failed afterwards."""
    return Answer(failure=error)


def hold_then_fail(error: GraphError) -> Answer:
    """Answer 200 and hold the message back, as Meta does with a template it watches; report it as failed afterwards."""
    return Answer(failure=error, message_status="held_for_quality_assessment")


def hold() -> Answer:
    """Answer 200 and hold the message back; what becomes of it is reported by hand."""
    return Answer(message_status="held_for_quality_assessment", follows=False)


def fail_later(code: int, *, title: str = "Something went wrong") -> Answer:
    """Answer 200 and report this code afterwards: the half of the codes that comes by webhook."""
    return accept_then_fail(GraphError(http=400, code=code, title=title))


def graph_error(
    http: int,
    code: int,
    *,
    message: str = "Something went wrong",
    details: str | None = None,
    subcode: int | None = None,
    also_status: bool = False,
) -> Answer:
    """Refuse with a Graph error, on request with a `failed` status too."""
    return refuse(
        GraphError(http=http, code=code, title=message, details=details, subcode=subcode), also_status=also_status
    )


def refuse(error: GraphError, *, also_status: bool = False) -> Answer:
    """Refuse with the given error, on request with a `failed` status too."""
    return Answer(accepts=False, error=error, failure=error if also_status else None)


def token_invalid() -> Answer:
    """Refuse because the access token has expired."""
    return refuse(EXPIRED_TOKEN)


def html(http: int, *, accepted: bool = False) -> Answer:
    """Answer as a proxy in trouble does, with a page for people."""
    body = b"<!DOCTYPE html><html><title>Error</title><body><h1>Sorry, something went wrong.</h1></body></html>"
    return Answer(accepts=accepted, page=Page(http=http, body=body, content_type="text/html"))


def empty(http: int = 200, *, accepted: bool = False) -> Answer:
    """Answer with a status and no body."""
    return Answer(accepts=accepted, page=Page(http=http, body=b"", content_type="text/plain"))


def without_id(*, accepted: bool = False) -> Answer:
    """Answer 200 with JSON that holds no message id."""
    body = json.dumps({"messaging_product": "whatsapp", "contacts": [], "messages": []}).encode()
    return Answer(accepts=accepted, page=Page(http=200, body=body, content_type="application/json"))


def not_json(*, accepted: bool = False) -> Answer:
    """Answer 200 and call JSON what is none."""
    return Answer(accepts=accepted, page=Page(http=200, body=b"OK", content_type="application/json"))


def redirect(location: str, http: int = 307, *, accepted: bool = False) -> Answer:
    """Answer with a redirect; a sender that follows a 307 posts twice."""
    page = Page(http=http, body=b"", content_type="text/plain", headers={"Location": location})
    return Answer(accepts=accepted, page=page)


def huge(size_bytes: int = 64 * 1024 * 1024, *, accepted: bool = False) -> Answer:
    """Answer 200 with a body nobody should read to its end."""
    return Answer(accepts=accepted, page=Page(http=200, body=b" " * size_bytes, content_type="application/json"))


def hang_before_accepting() -> Answer:
    """Read the request, take nothing, never answer."""
    return Answer(accepts=False, ending=Ending.HANG)


def hang_after_accepting() -> Answer:
    """Take the message and report on it, but never answer."""
    return Answer(ending=Ending.HANG)


def reset_before_accepting() -> Answer:
    """Reset the connection without having taken the message."""
    return Answer(accepts=False, ending=Ending.RESET)


def reset_after_accepting() -> Answer:
    """Take the message, report on it and reset the connection."""
    return Answer(ending=Ending.RESET)


def cut_after_accepting() -> Answer:
    """Take the message and break off in the middle of the answer."""
    return Answer(ending=Ending.CUT)


def slow(seconds: float) -> Answer:
    """Take the message at once and answer only after a while."""
    return Answer(delay_seconds=seconds)


def status_first() -> Answer:
    """Let the `sent` webhook overtake the answer."""
    return Answer(sent_first=True)
