"""Rules about the shape of files: sizes, names, docstrings."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import Source

LONGEST_FILE_LINES = 400
LONGEST_FUNCTION_LINES = 50
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "types"}  # names that say "everything"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_file(source: Source) -> Iterator[str]:
    """A file over the wall is split by noun."""
    lines = len(source.text.splitlines())
    if lines > LONGEST_FILE_LINES:
        yield f"1: {lines} lines, at most {LONGEST_FILE_LINES}"


def long_function(source: Source) -> Iterator[str]:
    """A function over the wall does two things."""
    for function in _functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION_LINES:
            yield f"{function.lineno}: {function.name} has {lines} lines, at most {LONGEST_FUNCTION_LINES}"


def drawer_name(source: Source) -> Iterator[str]:
    """A module is named after the thing it owns, not after a drawer."""
    for part in (*source.path.parts[:-1], source.path.stem):
        if part in DRAWERS or part.endswith("manager"):
            yield f"1: {part} names no thing"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith("Manager"):
            yield f"{node.lineno}: {node.name} names no thing"


def silent_package(source: Source) -> Iterator[str]:
    """A package says what lives there and what may never appear there."""
    if source.path.name == "__init__.py" and not ast.get_docstring(source.tree):
        yield "1: the package has no introduction"


def silent_test(source: Source) -> Iterator[str]:
    """A test states its guarantee in one sentence."""
    for function in _functions(source):
        if function.name.startswith("test_") and not (ast.get_docstring(function) or "").endswith("."):
            yield f"{function.lineno}: {function.name} states no guarantee"


def client_that_is_no_person(source: Source) -> Iterator[str]:
    """A client is a person in a law office: what speaks HTTP is a session, an API or a connection."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and "Client" in node.name:
            yield f"{node.lineno}: class {node.name}"
        name = _bound_name(node)
        if name and re.search(r"(^|_)client$", name):
            yield f"{node.lineno}: {name}"  # type: ignore[attr-defined]  # every node that binds a name has a line


def _bound_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr
    return None


def _functions(source: Source) -> Iterator[Function]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
