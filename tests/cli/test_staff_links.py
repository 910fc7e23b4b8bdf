"""The sign-in link that the operator is given, where the port is another one at each start."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; from wabridge.cli import main; sys.exit(main())"
_SECONDS = 60


def _command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, "--config", str(folder / "config.toml"), *words]


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve the sandbox until the block ends; yields the address that it prints."""
    with subprocess.Popen(
        _command(folder), cwd=_PROJECT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        try:
            found = next(filter(None, (re.search(r"(http\S+)/inbox", line) for line in server.stderr)))
            yield found[1]
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=_SECONDS)


def _say(folder: Path, *words: str) -> str:
    done = subprocess.run(
        _command(folder, *words), cwd=_PROJECT, capture_output=True, text=True, timeout=_SECONDS, check=True
    )
    return done.stdout


def test_a_link_names_the_port_that_answers(tmp_path: Path) -> None:
    """Beside a running server the link is whole; without one it says how to get the address, and names no port 0."""
    (tmp_path / "config.toml").write_text("[server]\nport = 0\n")
    with _served(tmp_path) as address:
        assert f"\n{address}/signin/" in _say(tmp_path, "staff", "add", "siti")
        assert f"\n{address}/signin/" in _say(tmp_path, "staff", "reset", "siti")
    said = _say(tmp_path, "staff", "reset", "siti")
    assert "Start wabridge" in said
    assert "\n/signin/" in said
    assert ":0/" not in said
