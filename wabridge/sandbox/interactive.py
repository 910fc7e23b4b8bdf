"""What the office offers to tap, with Meta's limits (cloud-api 5.2, 3.5), and what a tap on it says (2.4 to 2.6)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from wabridge.sandbox import checks
from wabridge.sandbox.payloads import Json

MEDIA = ("image", "video", "document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button or row. kind: what the answer to it is called; answer: its type and object, if it is no usual one."""

    kind: str
    id: str
    title: str
    description: str = ""
    answer: Json = field(default_factory=dict)

    def parts(self) -> Json:
        """Return the type and object of the message that chooses it."""
        if self.answer:
            return self.answer
        said = {"id": self.id, "title": self.title} | ({"description": self.description} if self.description else {})
        return {"type": "interactive", "interactive": {"type": self.kind, self.kind: said}}


class Kind(NamedTuple):
    """One kind of interactive message: how long its words may be, which headers it takes, whether a footer."""

    parse_action: Callable[[Json], tuple[Choice, ...]]
    longest: int
    headers: tuple[str, ...]
    has_footer: bool


def parse(interactive: Any) -> tuple[str, tuple[Choice, ...]]:
    """Return the words and the choices of an order; raises Refusal."""
    told = checks.an_object(interactive, "interactive", known={"type", "header", "body", "footer", "action"})
    kind = KINDS.get(told["type"]) if isinstance(told.get("type"), str) else None
    if kind is None:
        raise checks.invalid("interactive.type is none that the pretend Meta takes")
    if "header" in told:
        _check_header(told, kind)
    if "footer" in told:
        if not kind.has_footer:
            raise checks.invalid("interactive.footer does not belong here")
        checks.a_text(checks.inside(told, "footer", "interactive", known={"text"}), "text", "footer", most=60)
    body = checks.inside(told, "body", "interactive", known={"text"})
    words = checks.a_text(body, "text", "interactive.body", most=kind.longest)
    return words, kind.parse_action(told)


def _check_header(told: Json, kind: Kind) -> None:
    header = told["header"]
    word = header.get("type") if isinstance(header, dict) else None
    if word not in kind.headers:
        raise checks.invalid("interactive.header has a type that this kind does not take")
    known = checks.an_object(header, "interactive.header", known={"type", word})
    if word == "text":
        checks.a_text(known, "text", "interactive.header", most=60)
        return
    check_file(checks.inside(known, word, "interactive.header", known={"id", "link", "filename"}), word)


def check_file(file: Json, kind: str) -> None:
    """Refuse a file that is not named by exactly one of id and link."""
    if ("id" in file) == ("link" in file):
        raise checks.invalid(f"{kind} needs exactly one of id and link")
    if "id" in file and not (isinstance(file["id"], str) and file["id"].isascii() and file["id"].isdigit()):
        raise checks.invalid(f"{kind}.id must be a media id")
    if "filename" in file:
        if kind != "document":
            raise checks.invalid(f"{kind}.filename does not belong here")
        checks.a_text(file, "filename", kind, most=240)


def _parse_buttons(told: Json) -> tuple[Choice, ...]:
    action = checks.inside(told, "action", "interactive", known={"buttons"})
    choices = tuple(_button(each) for each in checks.a_list(action, "buttons", "action", most=3))
    checks.require_different([choice.title for choice in choices], "titles of buttons")
    return _with_own_ids(choices)


def _button(button: Any) -> Choice:
    told = checks.an_object(button, "button", known={"type", "reply"})
    if told.get("type") != "reply":
        raise checks.invalid("button.type must be reply")
    reply = checks.inside(told, "reply", "button", known={"id", "title"})
    ident, title = checks.a_text(reply, "id", "reply", most=256), checks.a_text(reply, "title", "reply", most=20)
    return Choice(kind="button_reply", id=ident, title=title)


def _parse_list(told: Json) -> tuple[Choice, ...]:
    action = checks.inside(told, "action", "interactive", known={"button", "sections"})
    checks.a_text(action, "button", "action", most=20)
    sections = checks.a_list(action, "sections", "action", most=10)
    rows: list[Any] = []
    for each in sections:
        section = checks.an_object(each, "section", known={"title", "rows"})
        if "title" in section or len(sections) > 1:
            checks.a_text(section, "title", "section", most=24)
        rows += checks.a_list(section, "rows", "section", most=10)
    if len(rows) > 10:
        raise checks.invalid("there are at most 10 rows in all sections")
    return _with_own_ids(tuple(_row(each) for each in rows))


def _row(row: Any) -> Choice:
    told = checks.an_object(row, "row", known={"id", "title", "description"})
    ident, title = checks.a_text(told, "id", "row", most=200), checks.a_text(told, "title", "row", most=24)
    description = checks.maybe_text(told, "description", "row", most=72) or ""
    return Choice(kind="list_reply", id=ident, title=title, description=description)


def _with_own_ids(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    checks.require_different([choice.id for choice in choices], "ids of choices")
    return choices


def _parse_link(told: Json) -> tuple[Choice, ...]:
    action = checks.inside(told, "action", "interactive", known={"name", "parameters"})
    _require_name(action, "cta_url")
    parameters = checks.inside(action, "parameters", "action", known={"display_text", "url"})
    checks.a_text(parameters, "display_text", "parameters", most=20)
    url = urlsplit(checks.a_text(parameters, "url", "parameters", most=2000))
    if url.scheme not in ("http", "https") or not url.netloc:
        raise checks.invalid("parameters.url must be an address of the web")
    return ()


def _parse_number_request(told: Json) -> tuple[Choice, ...]:
    _require_name(checks.inside(told, "action", "interactive", known={"name"}), "request_contact_info")
    card = {"phones": [{"phone": "+62 812-1111-2233", "wa_id": "6281211112233"}], "origin": "contact_request"}
    answer = {"type": "contacts", "contacts": [card]}
    return (Choice(kind="contact_request", id="share", title="Bagikan nomor", answer=answer),)


def _parse_location_request(told: Json) -> tuple[Choice, ...]:
    _require_name(checks.inside(told, "action", "interactive", known={"name"}), "send_location")
    answer = {"type": "location", "location": {"latitude": -6.2088, "longitude": 106.8456}}
    return (Choice(kind="location", id="here", title="Kirim lokasi", answer=answer),)


def _require_name(action: Json, name: str) -> None:
    if action.get("name") != name:
        raise checks.invalid(f"action.name must be {name}")


KINDS: dict[str, Kind] = {
    "button": Kind(_parse_buttons, 1024, ("text", *MEDIA), has_footer=True),
    "list": Kind(_parse_list, 4096, ("text",), has_footer=True),
    "cta_url": Kind(_parse_link, 1024, ("text", *MEDIA), has_footer=True),
    "request_contact_info": Kind(_parse_number_request, 1024, (), has_footer=False),
    "location_request_message": Kind(_parse_location_request, 1024, (), has_footer=False),
}
