import subprocess
import sys
from pathlib import Path

import pytest

from wabridge.errors import AlreadyRunning
from wabridge.storage.lock import DataLock

HOLDER = """
import sys
from pathlib import Path
from wabridge.storage.lock import DataLock
with DataLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_refused(tmp_path: Path) -> None:
    """While the lock is held nobody else gets it; afterwards anybody does."""
    with (
        DataLock(tmp_path / "data"),
        pytest.raises(AlreadyRunning, match="already running"),
        DataLock(tmp_path / "data"),
    ):
        pass
    with DataLock(tmp_path / "data"):
        pass


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    """The lock of a process that was killed is free at once."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning), DataLock(tmp_path / "data"):
            pass
        holder.kill()
        holder.wait()
        with DataLock(tmp_path / "data"):
            pass


def test_the_folder_is_made_for_the_owner_only(tmp_path: Path) -> None:
    """Taking the lock of a folder that is not there makes the folder, closed to others."""
    with DataLock(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_the_address_is_known_while_it_serves(tmp_path: Path) -> None:
    """Commands beside a server learn where it answers; of one that ended, or has just begun, they learn nothing."""
    folder = tmp_path / "data"
    assert DataLock.find_address(folder) is None
    with DataLock(folder) as lock:
        assert DataLock.find_address(folder) is None
        lock.publish("http://127.0.0.1:43210")
        assert DataLock.find_address(folder) == "http://127.0.0.1:43210"
    assert DataLock.find_address(folder) is None
    with DataLock(folder):
        assert DataLock.find_address(folder) is None
