"""Renew requirements.lock and requirements-dev.lock: exact versions, hashes of wheels only.

`lock.py` adds what the `.in` files newly ask for and keeps every other version; `lock.py --upgrade` takes the newest.

Why not uv's own requirements output: it lists the hashes of source archives and of wheels for every system there is.
A lock that admits only what may be installed is shorter to review, and writing it proves that each package has a wheel
for every Python and processor we promise.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
GLIBC_OLDEST_PROMISED = 28  # 2.28: Debian 10, Ubuntu 20.04, RHEL 8 and everything since
LINUX = ("x86_64", "aarch64")
_EXTRAS = re.compile(r"^([a-z0-9-]+)(\[[a-z0-9,-]+\])==", re.MULTILINE)
LOCKS = {"requirements.in": "requirements.lock", "requirements-dev.in": "requirements-dev.lock"}


def main(arguments: list[str]) -> None:
    """Write both locks anew, the program's first because the developer's must agree with it."""
    for wanted, lock in LOCKS.items():
        packages = resolve(ROOT / wanted, keep=None if "--upgrade" in arguments else ROOT / lock)
        missing = [line for package in packages for line in promises_broken(package)]
        if missing:
            sys.exit("no lock was written; wheels are missing:\n" + "\n".join(missing))
        (ROOT / lock).write_text(render(wanted, packages))
        sys.stderr.write(f"{lock}: {len(packages)} packages\n")


def resolve(wanted: Path, *, keep: Path | None) -> list[dict[str, Any]]:
    """Return the packages that satisfy a file for all promised systems, as PEP 751 tables with their extras.

    PEP 751 knows no extras, but the pip of Python 3.11 takes `name==1` for no pin of `name[extra]`, looks for the
    newest release and refuses that for want of a hash. What a package asks for with an extra is locked with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        target, plain = Path(folder, "pylock.toml"), Path(folder, "plain.txt")
        kept = ["--constraint", str(keep)] if keep and keep.exists() else []
        python = ".".join(map(str, PYTHONS[0]))
        command = ["uv", "pip", "compile", "--quiet", "--universal", "--no-build", "--python-version", python]
        subprocess.run([*command, *kept, "--output-file", str(target), str(wanted)], check=True, cwd=ROOT)
        packages: list[dict[str, Any]] = tomllib.loads(target.read_text())["packages"]
        plain.write_text("\n".join(f"{package['name']}=={package['version']}" for package in packages))
        naming = [*command, "--constraint", str(plain), "--no-strip-extras", "--no-annotate", "--no-header"]
        subprocess.run([*naming, "--output-file", str(Path(folder, "extras.txt")), str(wanted)], check=True, cwd=ROOT)
        extras = dict(_EXTRAS.findall(Path(folder, "extras.txt").read_text()))
    for package in packages:
        package["extras"] = extras.get(package["name"], "")
    return [package for package in packages if "win32" not in package.get("marker", "")]


def render(wanted: str, packages: Iterable[dict[str, Any]]) -> str:
    """Return the text of a lock that pip accepts with --require-hashes."""
    lines = [f"# Made from {wanted} by `make lock`, never by hand: wheels for Linux and macOS, Python 3.11 to 3.14."]
    for package in packages:
        marker = f" ; {package['marker']}" if "marker" in package else ""
        lines.append(f"{package['name']}{package['extras']}=={package['version']}{marker} \\")
        hashes = sorted({wheel["hashes"]["sha256"] for wheel in usable(package)})
        lines.append(" \\\n".join(f"    --hash=sha256:{digest}" for digest in hashes))
    return "\n".join(lines) + "\n"


def usable(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the wheels that some promised Python could install, on Linux or macOS."""
    admitted = {
        tag
        for python in PYTHONS
        for machine in LINUX
        for tag in tags(python, [*linux_platforms(machine), *mac(machine)])
    }
    return [wheel for wheel in package.get("wheels", []) if wheel_tags(wheel) & admitted]


def promises_broken(package: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each promised system on which the package could not be installed."""
    marker = package.get("marker", "")
    below = re.search(r"python_full_version < '3\.(\d+)'", marker)
    for python in PYTHONS:
        if below and python >= (3, int(below[1])):
            continue
        for machine in LINUX:
            wanted = set(tags(python, linux_platforms(machine)))
            if not any(wheel_tags(wheel) & wanted for wheel in package.get("wheels", [])):
                yield f"  {package['name']} {package['version']}: Python {python[0]}.{python[1]} on {machine}"


def wheel_tags(wheel: dict[str, Any]) -> frozenset[Tag]:
    """Return the tags in a wheel's file name."""
    return parse_wheel_filename(wheel.get("name") or wheel["url"].rsplit("/", 1)[-1])[3]


def tags(python: tuple[int, int], platforms: list[str]) -> Iterator[Tag]:
    """Yield the tags that a plain CPython build of this version accepts."""
    yield from cpython_tags(python, [f"cp{python[0]}{python[1]}"], platforms)
    yield from compatible_tags(python, f"cp{python[0]}{python[1]}", platforms)


def linux_platforms(machine: str) -> list[str]:
    """Return the names under which Linux wheels for a processor may be published."""
    modern = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC_OLDEST_PROMISED, 4, -1)]
    return [*modern, f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}"]


def mac(machine: str) -> list[str]:
    """Return the names of macOS wheels, so that a laptop can try wabridge (no promise)."""
    return list(mac_platforms((15, 0), "arm64" if machine == "aarch64" else machine))


if __name__ == "__main__":
    main(sys.argv[1:])
