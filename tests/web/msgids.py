"""Finds every sentence that pages and modules say, so that catalogues can be compared with them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from wabridge import web

WEB = Path(web.__file__).parent
Entry = tuple[str, ...]
"""A sentence, or singular and plural."""


def spoken() -> set[Entry]:
    """Return every sentence in use."""
    in_templates = {entry for page in sorted((WEB / "pages").glob("*.html")) for entry in _of_template(page)}
    in_modules = {entry for module in sorted(WEB.glob("*.py")) for entry in _of_module(module)}
    return _without_halves(in_templates | in_modules | set(_counted_banners()))


def _of_template(page: Path) -> Iterator[Entry]:
    for call in Environment(autoescape=True).parse(page.read_text("utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            yield from _constants(call.args[:1])
        elif isinstance(call.node, nodes.Getattr) and call.node.attr == "say_count":
            yield from _pairs(call.args[1:3])


def _constants(arguments: list[nodes.Expr]) -> Iterator[Entry]:
    for argument in arguments:
        if isinstance(argument, nodes.CondExpr):
            yield from _constants([argument.expr1, *([argument.expr2] if argument.expr2 else [])])
        elif isinstance(argument, nodes.Const):
            yield (str(argument.value),)


def _pairs(arguments: list[nodes.Expr]) -> Iterator[Entry]:
    one, many = arguments
    if isinstance(one, nodes.Const) and isinstance(many, nodes.Const):
        yield str(one.value), str(many.value)


def _of_module(module: Path) -> Iterator[Entry]:
    for call in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Msgid":
            assert isinstance(call.args[0], ast.Constant)
            yield (str(call.args[0].value),)


def _counted_banners() -> Iterator[Entry]:
    from wabridge.web import remarks  # noqa: PLC0415 - read as a table, not at import

    for said in remarks.BANNERS.values():
        if said.many:
            yield said.sentence, said.many


def _without_halves(entries: set[Entry]) -> set[Entry]:
    """A sentence that stands in a pair needs no entry of its own."""
    halves = {half for entry in entries if len(entry) > 1 for half in entry}
    return {entry for entry in entries if len(entry) > 1 or entry[0] not in halves}
