"""Clones to start from: an empty one for each test, and one that was started before."""

import subprocess
from pathlib import Path

import pytest

from tests.house.clone import Clone


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone that was never started."""
    return Clone(tmp_path)


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, subprocess.CompletedProcess[str]]:
    """A clone and how its first start went, with the arguments `--config office.toml`."""
    clone = Clone(tmp_path_factory.mktemp("started"))
    return clone, clone.run("--config", "office.toml")


@pytest.fixture
def started_clone(first_start: tuple[Clone, subprocess.CompletedProcess[str]]) -> Clone:
    """A clone whose first start is over; tests only start it again."""
    return first_start[0]
