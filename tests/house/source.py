"""The project's own files, read as text and as syntax trees, for the rules of the house."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_TOOLS = {".venv", ".venv-dev", ".git", "__pycache__", "build", "dist", "data"}


@dataclass(frozen=True)
class Source:
    """One Python file under its path in the project."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @cached_property
    def docstrings(self) -> set[int]:
        """The identities of the nodes that are docstrings."""
        owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        bodies = [node.body for node in ast.walk(self.tree) if isinstance(node, owners)]
        return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}

    def is_in(self, *folders: str) -> bool:
        return any(self.path.is_relative_to(folder) for folder in folders)

    def strings(self) -> Iterator[tuple[int, str]]:
        """Yield every string in the code with its line; docstrings are prose and left out."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and id(node) not in self.docstrings:
                if isinstance(node.value, str):
                    yield node.lineno, node.value
                elif isinstance(node.value, bytes):
                    yield node.lineno, node.value.decode("latin-1")


Rule = Callable[[Source], Iterator[str]]


def sources(*places: str) -> list[Source]:
    """Return the Python files under some places of the project."""
    found = []
    for place in places:
        top = ROOT / place
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            relative = path.relative_to(ROOT)
            if not MADE_BY_TOOLS.intersection(relative.parts):
                found.append(Source(PurePosixPath(relative.as_posix()), path.read_text()))
    return found


def offences(rule: Rule, *places: str) -> list[str]:
    """Return what breaks a rule in the given places, each with file and line."""
    return [f"{source.path}:{offence}" for source in sources(*places) for offence in rule(source)]
