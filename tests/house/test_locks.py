"""What the lock files must name so that every promised pip installs from them."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?==(\S+)", re.MULTILINE)


def read_pins(lock: str) -> dict[str, set[str]]:
    """Return each package of a lock with the extras it is pinned with."""
    pins = _PIN.findall((ROOT / lock).read_text())
    return {
        canonicalize_name(name): {canonicalize_name(extra) for extra in extras.split(",") if extra}
        for name, extras, _ in pins
    }


def list_wanted(package: str) -> list[Requirement]:
    """Return what an installed package asks for on this system without extras of its own."""
    try:
        found = [Requirement(line) for line in requires(package) or ()]
    except PackageNotFoundError:  # the marker of its line is for another system
        return []
    return [each for each in found if each.marker is None or each.marker.evaluate({"extra": ""})]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_what_is_asked_for_with_an_extra_is_locked_with_it(lock: str) -> None:
    """The pip of Python 3.11 takes `name==1` for no pin of `name[extra]` and refuses to install."""
    pins = read_pins(lock)
    assert len(pins) > 15
    missing = [
        f"{package} asks for {wanted.name}[{','.join(wanted.extras)}]"
        for package in pins
        for wanted in list_wanted(package)
        if not {canonicalize_name(extra) for extra in wanted.extras} <= pins.get(canonicalize_name(wanted.name), set())
    ]
    assert missing == []
