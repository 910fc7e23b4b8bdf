"""What `python3 run.py` promises on every start after the first, and in the first one."""

import json
import signal
import subprocess
from pathlib import Path

from tests.house.clone import BASE_PYTHON, Clone


def snapshot(folder: Path) -> dict[Path, int]:
    """Return when each file was written; Python's own caches of the sources don't count."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_a_first_start_makes_the_environment_and_serves(
    first_start: tuple[Clone, subprocess.CompletedProcess[str]],
) -> None:
    """One command in a fresh clone, from any folder, ends in the program with its arguments and its libraries."""
    clone, outcome = first_start
    facts = json.loads(outcome.stdout)
    assert facts["arguments"] == ["--config", "office.toml"]
    assert facts["folder"] == "/"
    assert facts["prefix"] == str(clone.environment)
    assert facts["probe"] == "1.0"
    assert [line.partition(": ")[2] for line in outcome.stderr.splitlines()] == [
        "first start: making the environment in .venv, about a minute",
        "  fetching 1 of 1: probe",
        "  installing them",
        "the environment is ready",
    ]
    assert outcome.returncode == 7
    assert list(clone.home.iterdir()) == []
    assert list(clone.scratch.iterdir()) == []


def test_a_later_start_writes_nothing_and_says_nothing(started_clone: Clone) -> None:
    """An environment that fits is neither touched nor talked about."""
    before = snapshot(started_clone.folder)
    outcome = started_clone.run()
    assert outcome.stderr == ""
    assert snapshot(started_clone.folder) == before


def test_the_environments_own_python_goes_straight_on(started_clone: Clone) -> None:
    """A service that names .venv/bin/python gets the same program."""
    outcome = started_clone.run("check", python=str(started_clone.environment / "bin/python"))
    assert json.loads(outcome.stdout)["arguments"] == ["check"]
    assert (outcome.returncode, outcome.stderr) == (7, "")


def test_variables_of_another_python_do_no_harm(started_clone: Clone) -> None:
    """PYTHONPATH and PYTHONSAFEPATH of the caller lead to no other packages."""
    outcome = started_clone.run(PYTHONPATH="/nowhere", PYTHONSAFEPATH="1")
    assert json.loads(outcome.stdout)["probe"] == "1.0"


def test_signals_reach_the_program_and_its_exit_code_comes_back(started_clone: Clone) -> None:
    """The program is the very process that was started: SIGTERM reaches it and its exit code is run.py's."""
    process = started_clone.start("wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 23


def test_ctrl_c_before_the_program_listens_for_it_ends_quietly(started_clone: Clone) -> None:
    """Who changes their mind while the program is still starting meets no traceback."""
    process = started_clone.start("wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert (process.returncode, said) == (130, "")


def test_another_lock_makes_the_environment_anew(started_clone: Clone, tmp_path: Path) -> None:
    """After an upgrade of the program, nothing of the old environment is left."""
    clone = started_clone.copy(tmp_path)
    (clone.environment / "left-over").touch()
    clone.lock.write_text(clone.lock.read_text() + "# newer\n")
    outcome = clone.run()
    assert "making it anew" in outcome.stderr
    assert not (clone.environment / "left-over").exists()
    assert outcome.returncode == 7


def test_another_python_under_the_environment_makes_it_anew(started_clone: Clone, tmp_path: Path) -> None:
    """When the system's Python was upgraded under the environment, the libraries are installed for the new one."""
    clone = started_clone.copy(tmp_path)
    stamp = clone.environment / "wabridge.stamp"
    stamp.write_text(stamp.read_text().split()[0] + " 3.10\n")
    outcome = clone.run()
    assert "making it anew" in outcome.stderr
    assert outcome.returncode == 7


def test_a_killed_first_start_is_made_good_by_the_next(clone: Clone) -> None:
    """A half-made environment never counts: it is made again from the beginning."""
    with clone.start() as killed:
        assert killed.stderr is not None
        while "fetching" not in killed.stderr.readline():
            assert killed.poll() is None
        killed.kill()
    assert not (clone.environment / "wabridge.stamp").exists()
    outcome = clone.run()
    assert "incomplete" in outcome.stderr
    assert outcome.returncode == 7


def test_two_first_starts_at_once_share_one_environment(clone: Clone) -> None:
    """The second start waits for the first and makes nothing itself."""
    starts: list[subprocess.Popen[str]] = [clone.start("a"), clone.start("b")]
    outputs = [process.communicate() for process in starts]
    assert [process.returncode for process in starts] == [7, 7]
    assert {json.loads(out)["arguments"][0] for out, _ in outputs} == {"a", "b"}
    told = "".join(err for _, err in outputs)
    assert told.count("the environment is ready") == 1


def test_the_base_python_of_these_tests_lies_outside_the_clone(started_clone: Clone) -> None:
    """The starts above really cross from one Python into another."""
    assert not Path(BASE_PYTHON).is_relative_to(started_clone.folder)
