"""The templates of the pretend account: listed page by page, and changed as Meta and people at Meta change them.

Each change is told by the webhook Meta sends for it (cloud-api 9.4), unless it is asked to be silent.
"""

import base64
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime

from wabridge.sandbox import catalogue, payloads
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.courier import Courier
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import GraphError, Refusal
from wabridge.sandbox.payloads import Json

_DEFAULT_FIELDS = ("id", "name", "language", "status", "category", "parameter_format", "components")
FIELDS = {*_DEFAULT_FIELDS, "sub_category", "rejected_reason", "quality_score"}
_QUERY = frozenset({"fields", "limit", "after", "name", "status", "category", "language"})
_MOST_ENTRIES = 100

LIST_DOWN = GraphError(http=503, code=2, title="Service temporarily unavailable")


class Templates:
    """What the account has, in the order of the list. failures: what the next pages are answered, None: as usual."""

    def __init__(self, account: Account, behaviour: Behaviour, courier: Courier, now: Callable[[], datetime]) -> None:
        self.entries = catalogue.invent()
        self.failures: deque[GraphError | None] = deque()
        self.lists = 0
        """How many pages were asked for."""
        self.largest_page = _MOST_ENTRIES
        self._account = account
        self._behaviour = behaviour
        self._courier = courier
        self._now = now

    def list_page(self, query: Mapping[str, str], base_url: str) -> Json:
        """Answer GET /{business account}/message_templates; raises Refusal."""
        self.lists += 1
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            raise Refusal(failure, is_violation=False)
        if Fault.TEMPLATE_LIST_FAILS in self._behaviour.faults:
            raise Refusal(LIST_DOWN, is_violation=False)
        fields = _fields(query)
        limit = query.get("limit", "25")
        if not limit.isdigit() or not 1 <= int(limit) <= _MOST_ENTRIES:
            raise _wrong(f"limit must be 1 to {_MOST_ENTRIES}")
        matching = [entry for entry in self.entries if _matches(entry, query)]
        start = _position(query.get("after"), len(matching))
        end = start + min(int(limit), self.largest_page)
        paging: Json = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
        if end < len(matching):
            paging["next"] = f"{base_url}?after={_cursor(end)}"
        said = [{name: entry[name] for name in fields if name in entry} for entry in matching[start:end]]
        return {"data": said, "paging": paging} if said else {"data": []}

    def find(self, name: str, language: str) -> Json | None:
        """Return a template as it stands."""
        return next((each for each in self.entries if (each["name"], each["language"]) == (name, language)), None)

    def get(self, name: str, language: str) -> Json:
        """Return a template that must exist; raises LookupError."""
        found = self.find(name, language)
        if found is None:
            raise LookupError(f"no template {name} in {language}")
        return found

    def set_status(self, name: str, language: str, status: str, *, is_told: bool = True, **more: object) -> None:
        """Let a template be approved, paused, rejected, disabled... more: what else the webhook says."""
        entry = self.get(name, language)
        entry["status"] = status
        if status == "REJECTED":
            entry["rejected_reason"] = more.get("reason", "INVALID_FORMAT")
        if is_told:
            said = {"event": status, **_named(entry), "reason": more.pop("reason", "NONE"), **more}
            self._tell("message_template_status_update", said)

    def set_category(self, name: str, language: str, category: str) -> None:
        """Put a template into another category."""
        entry = self.get(name, language)
        said = {**_named(entry), "previous_category": entry["category"], "new_category": category}
        entry["category"] = category
        self._tell("template_category_update", said)

    def reword(self, name: str, language: str, body: str, *, is_told: bool = True) -> None:
        """Give a template another text, approved as well."""
        entry = self.get(name, language)
        others = [part for part in entry["components"] if part["type"] != "BODY"]
        kept = next(part for part in entry["components"] if part["type"] == "BODY")
        entry["components"] = [{**kept, "text": body}, *others]
        if is_told:
            self._tell("message_template_components_update", {**_named(entry), "message_template_element": body})

    def add(self, entry: Json) -> None:
        """Add a template that Meta lists from now on."""
        self.entries.append({"id": str(2387372356726600 + len(self.entries)), **entry})

    def remove(self, name: str, language: str) -> None:
        """Let a template vanish from the list without a word."""
        self.entries.remove(self.get(name, language))

    def _tell(self, field: str, value: Json) -> None:
        webhook = payloads.batch(self._account, value, field=field)
        webhook["entry"][0]["time"] = int(payloads.seconds(self._now()))
        self._courier.enqueue(webhook)


def _named(entry: Json) -> Json:
    # The id is a number in webhooks and a text in the list; one of Meta's samples spells the language with a hyphen.
    return {
        "message_template_id": int(entry["id"]),
        "message_template_name": entry["name"],
        "message_template_language": entry["language"].replace("_", "-"),
    }


def _fields(query: Mapping[str, str]) -> list[str]:
    for name in query:
        if name not in _QUERY:
            raise _wrong(f"Unexpected key {name}")
    asked = [name.strip() for name in query.get("fields", ",".join(_DEFAULT_FIELDS)).split(",")]
    for name in asked:
        if name not in FIELDS:
            title = f"Tried accessing nonexisting field ({name}) on node type (MessageTemplate)"
            raise Refusal(GraphError(http=400, code=100, title=title), is_violation=True)
    return list(dict.fromkeys([*asked, "id"]))


def _matches(entry: Json, query: Mapping[str, str]) -> bool:
    exact = ("name", "status", "category", "language")
    return all(name not in query or entry[name] == query[name] for name in exact)


def _position(cursor: str | None, count: int) -> int:
    if cursor is None:
        return 0
    try:
        at = int(base64.b64decode(cursor, validate=True))
    except ValueError:
        at = -1
    if not 0 <= at <= count:
        raise Refusal(GraphError(http=400, code=131059, title="Invalid paging cursor"), is_violation=False)
    return at


def _cursor(at: int) -> str:
    return base64.b64encode(str(at).encode()).decode()


def _wrong(sentence: str) -> Refusal:
    return Refusal(GraphError(http=400, code=100, title="Invalid parameter", details=sentence), is_violation=True)
