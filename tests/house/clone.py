"""A fresh clone in miniature: run.py, a lock with one small wheel, and a stand-in for the program."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.house.source import ROOT

# The Python under the tests' own environment: what an operator calls python3.
BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)

COMMAND_LINE = '''\
"""A stand-in for the program: it tells where and how it runs."""

import json
import os
import signal
import sys


def main() -> int:
    import probe  # from the lock: importable only inside the environment

    if sys.argv[1:2] == ["wait"]:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(23))
        print("ready", flush=True)
        signal.pause()
    facts = {"arguments": sys.argv[1:], "folder": os.getcwd(), "pid": os.getpid(), "prefix": sys.prefix}
    print(json.dumps(facts | {"probe": probe.VERSION}), flush=True)
    return 7
'''


class Clone:
    """A folder to start from, with an empty home and an empty temporary folder."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "clone"
        self.home = place / "home"
        self.scratch = place / "scratch"
        self.wheels = place / "wheels"
        for folder in (self.folder / "wabridge", self.home, self.scratch, self.wheels):
            folder.mkdir(parents=True)
        shutil.copy(ROOT / "run.py", self.folder)
        (self.folder / "wabridge/__init__.py").touch()
        (self.folder / "wabridge/cli.py").write_text(COMMAND_LINE)
        self.lock = self.folder / "requirements.lock"
        self.lock.write_text(f"probe==1.0 \\\n    --hash=sha256:{write_wheel(self.wheels)}\n")
        self.environment = self.folder / ".venv"

    def variables(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a start: the only index is the folder of wheels."""
        names = {"HOME": str(self.home), "TMPDIR": str(self.scratch), "PATH": os.environ["PATH"]}
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return names | pip | dict(changes)

    def start(self, *arguments: str, python: str = BASE_PYTHON, **changes: str) -> subprocess.Popen[str]:
        """Start run.py from another folder, with pipes on both outputs."""
        command = [python, str(self.folder / "run.py"), *arguments]
        return subprocess.Popen(
            command,
            cwd="/",
            env=self.variables(changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, python: str = BASE_PYTHON, **changes: str) -> subprocess.CompletedProcess[str]:
        """Start run.py and wait for its end."""
        process = self.start(*arguments, python=python, **changes)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def copy(self, place: Path) -> "Clone":
        """Return another clone that already has this one's environment."""
        other = Clone(place)
        shutil.copytree(self.environment, other.environment, symlinks=True)
        return other


def write_wheel(folder: Path) -> str:
    """Write the wheel of a package with one line and return its SHA-256."""
    members = {
        "probe.py": "VERSION = '1.0'\n",
        "probe-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n",
        "probe-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_record_digest(text)},{len(text)}\n" for name, text in members.items())
    members["probe-1.0.dist-info/RECORD"] = record + "probe-1.0.dist-info/RECORD,,\n"
    path = folder / "probe-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record_digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
