"""When run.py can't start, it says in one sentence what to mend, and a mended start works."""

import ast
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import run
from tests.house.clone import BASE_PYTHON, Clone
from tests.house.source import ROOT

# Gives up the right to pass over file modes, which root has, then becomes Python on the given script.
WITHOUT_OVERRIDE = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
os.execv(sys.executable, [sys.executable, sys.argv[1]])
"""
AS_OLD_PYTHON = "import runpy, sys; sys.version_info = (3, 10, 0); runpy.run_path(sys.argv[1], run_name='__main__')"


def sentence(outcome: subprocess.CompletedProcess[str]) -> str:
    """Return the last thing said, after checking that it was an orderly end."""
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr
    return outcome.stderr.splitlines()[-1]


def run_code(code: str, clone: Clone) -> subprocess.CompletedProcess[str]:
    """Run a line of Python that leads to the clone's run.py."""
    command = [BASE_PYTHON, "-c", code, str(clone.folder / "run.py")]
    return subprocess.run(command, env=clone.variables({}), capture_output=True, text=True, check=False)


def python_home_without(module: str, folder: Path) -> Path:
    """Return a Python home like this one's, with one module missing, as Debian ships it."""
    library = Path(sysconfig.get_path("stdlib"))
    target = folder / library.relative_to(Path(sys.base_prefix))
    target.mkdir(parents=True)
    for entry in library.iterdir():
        if entry.name not in {module, "site-packages", "__pycache__"}:
            (target / entry.name).symlink_to(entry)
    return folder


def test_a_python_without_its_venv_module_is_named(clone: Clone, tmp_path: Path) -> None:
    """On Debian without python3-venv the sentence is the command that mends it, and nothing was written."""
    home = python_home_without("ensurepip", tmp_path / "python")
    assert "apt install python3-venv" in sentence(clone.run(PYTHONHOME=str(home)))
    assert not clone.environment.exists()


def test_an_index_out_of_reach_is_named_and_the_next_start_works(clone: Clone) -> None:
    """Without network the sentence says so; with network again the next start makes the environment."""
    without = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    assert "can't be reached; check the network" in sentence(clone.run(**without))
    assert clone.run().returncode == 7


def test_a_package_with_another_hash_is_refused(clone: Clone) -> None:
    """What is not the file named in the lock is not installed."""
    clone.lock.write_text("probe==1.0 --hash=sha256:" + "0" * 64 + "\n")
    assert "not the one in requirements.lock" in sentence(clone.run())
    assert not (clone.environment / "wabridge.stamp").exists()


def test_a_folder_that_may_not_be_written_is_named(clone: Clone) -> None:
    """A first start by a user without the right to write says whose right is missing."""
    clone.folder.chmod(0o500)
    assert f"may not write in {clone.folder}" in sentence(run_code(WITHOUT_OVERRIDE, clone))


def test_a_missing_lock_is_named(clone: Clone) -> None:
    """Without requirements.lock the sentence says how to bring it back."""
    clone.lock.unlink()
    assert "git checkout requirements.lock" in sentence(clone.run())


def test_an_old_python_is_named(clone: Clone) -> None:
    """A Python before 3.11 is told the version it lacks."""
    assert "needs Python 3.11 or newer" in sentence(run_code(AS_OLD_PYTHON, clone))


def test_an_old_python_can_read_the_file() -> None:
    """run.py has no syntax that Python 3.7 does not know, so the sentence is reached."""
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 7))


def test_run_needs_nothing_but_the_standard_library() -> None:
    """Until the environment is ready no other package is imported."""
    tree = ast.parse((ROOT / "run.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    origins = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name for name in names | origins if name.partition(".")[0] not in sys.stdlib_module_names}
    assert foreign == {"wabridge.cli"}


@pytest.mark.parametrize(
    ("printed", "part"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("Could not install packages due to an OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching distribution found",
            "can't be reached",
        ),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", "can't be reached"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "not the one in requirements.lock",
        ),
        ("ERROR: No matching distribution found for sqlcipher3==0.6.4", "no build of it for this machine"),
        ("something nobody foresaw", "something nobody foresaw"),
    ],
)
def test_what_pip_prints_becomes_a_sentence(printed: str, part: str) -> None:
    """Full disk, lost network, wrong hash and missing build each have a sentence; the rest is shown as it is."""
    assert part in run.explain(printed)


def test_importing_the_starter_starts_nothing() -> None:
    """Reading run.py as a module leaves the process as it was."""
    assert run.HOME == ROOT
    assert os.getpid() == int(Path("/proc/self").resolve().name)
