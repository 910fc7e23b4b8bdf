"""Imports run one way: the contracts of setup.cfg hold, and each can break."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the package in a folder against the contracts of setup.cfg."""
    command = [str(LINT_IMPORTS), "--no-cache", "--config", str(ROOT / "setup.cfg")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """A package with an empty room for each that setup.cfg names."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:rooms"]["layers"].replace("|", " ").split()
    for name in ["", *(layer.strip("()") for layer in layers)]:
        (tmp_path / "wabridge" / name).mkdir()
        (tmp_path / "wabridge" / name / "__init__.py").touch()
    return tmp_path


def test_the_rooms_import_one_way() -> None:
    """Every import of the program keeps the contracts."""
    outcome = lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_rooms_that_import_downward_are_accepted(rooms: Path) -> None:
    """The drawing of the rooms can be built as it is drawn, with the rooms still to come."""
    (rooms / "wabridge/web/inbox.py").write_text("from wabridge.core import contacts\n")
    (rooms / "wabridge/core/contacts.py").write_text("from wabridge import broker, errors, model, storage\n")
    (rooms / "wabridge/sandbox/phone.py").write_text("from wabridge import errors, log, settings\n")
    outcome = lint(rooms)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("model/contact.py", "from wabridge import storage"),
        ("core/replies.py", "from wabridge import gateway"),
        ("storage/contacts.py", "from wabridge import broker"),
        ("errors/__init__.py", "from wabridge import settings"),
        ("web/inbox.py", "from wabridge import storage"),
        ("web/inbox.py", "from wabridge import whatsapp"),
        ("core/replies.py", "from wabridge import whatsapp"),
        ("sandbox/phone.py", "from wabridge import model"),
        ("sandbox/phone.py", "from wabridge import clock"),
        ("model/window.py", "from wabridge import clock"),
        ("model/window.py", "import asyncio"),
        ("core/contacts.py", "import aiosqlite"),
        ("newcomer.py", "x = 1"),
    ],
)
def test_a_forbidden_import_is_found(rooms: Path, place: str, line: str) -> None:
    """An import against the drawing, or a room that is not drawn, breaks a contract."""
    (rooms / "wabridge" / place).write_text(line + "\n")
    assert lint(rooms).returncode == 1
