"""Buttons and lists the office sends, with Meta's limits (cloud-api 5.2), and what a person's choice says (2.6)."""

from dataclasses import dataclass
from typing import Any

from wabridge.sandbox.graph import GraphError, Refusal
from wabridge.sandbox.payloads import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button or row. kind: what the answer to it is called."""

    kind: str
    id: str
    title: str
    description: str = ""

    def parts(self) -> Json:
        """Return the type and object of the message that chooses it."""
        answer = {"id": self.id, "title": self.title} | ({"description": self.description} if self.description else {})
        return {"type": "interactive", "interactive": {"type": self.kind, self.kind: answer}}


def parse(interactive: Any) -> tuple[str, tuple[Choice, ...]]:
    """Return the words and the choices of an order; raises Refusal."""
    if not isinstance(interactive, dict):
        raise _invalid("interactive must be an object")
    kind, action = interactive.get("type"), _object(interactive, "action")
    if kind == "button":
        choices = tuple(_button(each) for each in _list(action, "buttons", most=3))
        longest = 1024
    elif kind == "list":
        _text(action, "button", most=20)
        sections = _list(action, "sections", most=10)
        rows = [row for section in sections for row in _list(_as_object(section), "rows", most=10)]
        choices = tuple(_row(each) for each in rows[:11])
        longest = 4096
    else:
        raise _invalid("the pretend Meta takes buttons and lists only")
    if len(choices) > 10 or len({choice.id for choice in choices}) < len(choices):
        raise _invalid("there are at most 10 choices, each with an id of its own")
    return _text(_object(interactive, "body"), "text", most=longest), choices


def _button(button: Any) -> Choice:
    reply = _object(_as_object(button), "reply")
    return Choice(kind="button_reply", id=_text(reply, "id", most=256), title=_text(reply, "title", most=20))


def _row(row: Any) -> Choice:
    row = _as_object(row)
    description = _text(row, "description", most=72) if "description" in row else ""
    ident, title = _text(row, "id", most=200), _text(row, "title", most=24)
    return Choice(kind="list_reply", id=ident, title=title, description=description)


def _as_object(thing: Any) -> Json:
    if not isinstance(thing, dict):
        raise _invalid("an object of interactive is none")
    return thing


def _object(holder: Json, key: str) -> Json:
    return _as_object(holder.get(key))


def _list(holder: Json, key: str, *, most: int) -> list[Any]:
    found = holder.get(key)
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise _invalid(f"{key} must be a list of 1 to {most}")
    return found


def _text(holder: Json, key: str, *, most: int) -> str:
    found = holder.get(key)
    if not isinstance(found, str) or not 1 <= len(found.strip()) <= most:
        raise _invalid(f"{key} must be a text of 1 to {most} characters")
    return found


def _invalid(sentence: str) -> Refusal:
    error = GraphError(http=400, code=131009, title="Parameter value is not valid", details=sentence)
    return Refusal(error, is_violation=True)
