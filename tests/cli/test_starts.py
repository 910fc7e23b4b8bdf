"""What the operator reads when a start comes to nothing, and what it leaves behind."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock

_PROJECT = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; from wabridge.cli import main; sys.exit(main())"
_SECONDS = 20
_SANDBOX = "[server]\nport = 0\n"
_NUMBER = f'{_SANDBOX}[whatsapp]\nphone_number_id = "1"\napi_url = "http://127.0.0.1:9"\napp_secret = "env:WORD"\n'
_WITH_NUMBER = f'{_NUMBER}access_token = "env:WORD"\nverify_token = "env:WORD"\n'


def _run(folder: Path, config: str, *words: str) -> tuple[int, list[str]]:
    """Run the program until it ends; returns its exit code and the lines it printed."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "--config", str(folder / "config.toml"), *words],
        cwd=_PROJECT,
        env={**os.environ, "WORD": "a secret word"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(("config", "data"), [(_WITH_NUMBER, "data"), (_SANDBOX, "data/sandbox")])
def test_a_second_start_ends_with_one_sentence(tmp_path: Path, config: str, data: str) -> None:
    """Beside a running program another one says so, in one line, with a number as well as in the sandbox."""
    with DataLock(tmp_path / data):
        code, said = _run(tmp_path, config)
    assert (code, len(said)) == (1, 1)
    assert "already running" in said[0]


def _keyring_is_missing(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "wabridge.db").write_bytes(b"x" * 4096)


def _data_is_a_file(folder: Path) -> None:
    (folder / "data").touch()


def _secrets_is_a_file(folder: Path) -> None:
    (folder / "secrets").touch()


@pytest.mark.parametrize("trouble", [_keyring_is_missing, _data_is_a_file, _secrets_is_a_file])
def test_a_start_that_fails_says_why(tmp_path: Path, trouble: Callable[[Path], None]) -> None:
    """Whatever of the installation is missing or in the way is said in one line, and nothing is made in its stead."""
    trouble(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, said = _run(tmp_path, _WITH_NUMBER)
    assert (code, len(said)) == (1, 1)
    assert said[0].startswith("wabridge: ")
    made = set(tmp_path.rglob("*")) - {*before, tmp_path / "config.toml", tmp_path / "data", tmp_path / "data" / "lock"}
    assert not made


def test_a_port_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    """The pretend phone's port is the next one; there may be none, and that is said."""
    code, said = _run(tmp_path, "[server]\nport = 65535\n")
    assert (code, len(said)) == (1, 1)
    assert "port 65536" in said[0]


def test_check_finds_a_key_that_does_not_fit(tmp_path: Path) -> None:
    """A master key that is readable but not the one that made the keyring is found before the start."""
    master_key = tmp_path / "secrets" / "master.key"
    Keyring.open_or_create(tmp_path / "data" / "keyring", bytes(32))
    master_key.parent.mkdir()
    master_key.touch(mode=0o600)
    master_key.write_text("00" * 32)
    assert _run(tmp_path, _WITH_NUMBER, "check")[0] == 0
    master_key.write_text("11" * 32)
    code, said = _run(tmp_path, _WITH_NUMBER, "check")
    assert code == 1
    assert "master key: the master key does not open the keyring" in said


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """What the system refuses, to the sandbox or to a command, is one line and not a traceback."""
    (tmp_path / "data" / "sandbox" / "secrets" / "access_token").mkdir(parents=True)
    Keyring.open_or_create(tmp_path / "data" / "sandbox" / "keyring", bytes(32))
    for words in ((), ("backup", "x" * 300)):
        code, said = _run(tmp_path, _SANDBOX, *words)
        assert (code, len(said)) == (1, 1), said
        assert said[0].startswith("wabridge: ")


def test_check_finds_a_number_that_was_lost(tmp_path: Path) -> None:
    """Without its number a real data folder would not start as a sandbox, and check says so."""
    Keyring.open_or_create(tmp_path / "data" / "keyring", bytes(32))
    code, said = _run(tmp_path, _SANDBOX, "check")
    assert code == 1
    assert "belongs to a real number" in said[-1]


def test_check_changes_nothing(tmp_path: Path) -> None:
    """A look at the configuration makes neither folder nor lock, and finds a running server."""
    code, said = _run(tmp_path, _WITH_NUMBER, "check")
    assert (code, said[-1]) == (0, "server: not running")
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    with DataLock(tmp_path / "data"):
        assert _run(tmp_path, _WITH_NUMBER, "check")[1][-1] == "server: running"


def test_check_says_what_is_missing_for_anchors(tmp_path: Path) -> None:
    """A root that cannot be read and a password that is not there are named; no anchors at all is said as well."""
    code, said = _run(tmp_path / "none", _WITH_NUMBER, "check")
    assert code == 0
    assert "anchors: none configured" in "\n".join(said)
    anchors = '[anchors]\ntimestamp_urls = ["http://tsa.example"]\ntimestamp_roots = ["root.pem"]\n'
    anchors += 'mail_to = ["a@example.net"]\n'
    mail = (
        'mail_from = "b@example.net"\nsmtp_server = "smtp.example:465"\nsmtp_user = "b"\nsmtp_password = "file:gone"\n'
    )
    code, said = _run(tmp_path / "some", _WITH_NUMBER + anchors + mail, "check")
    assert code == 1
    assert "timestamp root root.pem: is not a readable PEM file" in "\n".join(said)
    assert any(line.startswith("mail password: ") for line in said)
