"""Start wabridge: `python3 run.py [--config FILE] [COMMAND]`.

On the first start this file makes the environment `.venv` beside itself, then hands the process over to it; afterwards
it only looks whether the environment still fits. Rule 1: nothing but the standard library is imported before the
environment is ready. Rule 2: any Python since 3.6 can read this file, so that an old one is told what is wrong. Rule 3:
nothing is written outside this folder, and nothing at all once the environment fits.

`.venv` counts only with a stamp: the SHA-256 of requirements.lock and the Python that made it. The stamp is written
last, so what a power cut, a full disk or a killed start left behind has none and is made again.
"""

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036  # an old Python must meet this sentence, not a traceback
    sys.exit(f"wabridge needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})")
if os.name != "posix":
    sys.exit("wabridge needs Linux or macOS; on Windows start it inside WSL")

HOME = Path(__file__).resolve().parent
LOCK = HOME / "requirements.lock"
ENVIRONMENT = HOME / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "wabridge.stamp"
SCRATCH = ENVIRONMENT / "tmp"
GATE = HOME / ".venv.lock"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

INTERRUPTED = 130  # what shells call the end by Ctrl-C

NO_SPACE = "the disk is full; free about 400 MB and start again"
NO_RIGHT = f"this user may not write in {HOME}; start it once as the folder's owner, or give this user the right"
NO_VENV = "this Python lacks its venv module; on Debian or Ubuntu: apt install python3-venv"

# What pip prints, and what it means to the person who has to mend it. The first match counts: pip sums up almost every
# failure as "no matching distribution", so that comes last.
REASONS = (
    (("No space left on device", "Errno 28", "Disk quota exceeded"), NO_SPACE),
    (
        ("DO NOT MATCH THE HASHES", "HashMismatch"),
        "a package that was fetched is not the one in requirements.lock and was not installed; start again, and if it "
        "happens again ask who runs the package index or the proxy",
    ),
    (
        ("connection broken", "ConnectionError", "Timeout", "Max retries", "ProxyError", "SSLError", "HTTP error"),
        "the package index can't be reached; check the network (or pip's proxy and index settings) and start again",
    ),
    (
        ("No matching distribution found", "Could not find a version"),
        f"the package index has no build of it for this machine (Python {VERSION}, {os.uname().machine}); Python 3.11 "
        "to 3.14 on x86_64 or aarch64 Linux is supported",
    ),
)


def main() -> None:
    """Run the command line in its environment, made first if need be."""
    if not LOCK.is_file():
        give_up("requirements.lock is missing; bring it back with: git checkout requirements.lock")
    if not fits():
        make_environment()
    elif inside():
        start_here()
    hand_over()


def inside() -> bool:
    """Say whether this process already runs in the environment."""
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def fits() -> bool:
    """Say whether the environment is complete and made for this lock."""
    if not (STAMP.is_file() and os.access(PYTHON, os.X_OK) and (ENVIRONMENT / "pyvenv.cfg").is_file()):
        return False
    # Which Python made it matters only inside: an upgrade of the system may have replaced it under the environment.
    # From outside any Python may start it, or two Pythons on one machine would take turns in making it anew.
    digest, _, made_by = STAMP.read_text().strip().partition(" ")
    return digest == lock_digest() and (not inside() or made_by == VERSION)


def lock_digest() -> str:
    """Return the SHA-256 of requirements.lock."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def start_here() -> NoReturn:
    """Run the command line in this very process."""
    if str(HOME) not in sys.path:  # PYTHONSAFEPATH leaves out the script's folder
        sys.path.insert(0, str(HOME))
    try:
        from wabridge.cli import main as command_line  # noqa: PLC0415  # what it imports exists only in the environment

        sys.exit(command_line())
    except KeyboardInterrupt:  # before the server listens for it, or in a command
        sys.exit(INTERRUPTED)


def hand_over() -> NoReturn:
    """Become the environment's Python: one process, so signals and exit code pass."""
    sys.stderr.flush()
    os.execve(PYTHON, [str(PYTHON), str(HOME / "run.py"), *sys.argv[1:]], clean_variables())  # noqa: S606  # no shell is the point


def clean_variables() -> dict[str, str]:
    """Return the variables without those that would lead Python out of the environment."""
    return {name: text for name, text in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}


def make_environment() -> None:
    """Make the environment; when this returns it fits."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        give_up(NO_VENV)  # before anything is touched
    try:
        with gate() as handle:
            if not fits():  # else another start made it while this one waited
                build(handle)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            give_up(NO_SPACE)
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            give_up(NO_RIGHT)
        raise
    except KeyboardInterrupt:
        give_up("interrupted; the next start makes the environment from the beginning")


@contextmanager
def gate() -> Iterator[int]:
    """Let one start build at a time; the others wait here."""
    import fcntl  # noqa: PLC0415  # absent on Windows, which must meet the sentence above instead

    handle = os.open(GATE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is making the environment; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def build(handle: int) -> None:
    """Make `.venv` from nothing and stamp it."""
    if os.path.lexists(ENVIRONMENT):
        say("the environment in .venv is incomplete or of another version; making it anew")
        if STAMP.exists():
            STAMP.unlink()  # first, so that a half-deleted environment never counts
        remove(ENVIRONMENT)
    else:
        say("first start: making the environment in .venv, about a minute")
    SCRATCH.mkdir(parents=True)
    # Not sys.executable: when that is the stale environment's own Python, it is gone by now.
    python = getattr(sys, "_base_executable", None) or sys.executable
    # Without pip, then ensurepip by hand: venv would swallow what ensurepip says when it fails.
    for _ in lines_of([python, "-m", "venv", "--without-pip", str(ENVIRONMENT)], handle):
        pass
    for _ in lines_of([str(PYTHON), "-m", "ensurepip", "--default-pip"], handle):
        pass
    install(handle)
    remove(SCRATCH)
    os.sync()  # a power cut must not leave a stamp on files that were never written
    STAMP.write_text(f"{lock_digest()} {VERSION}\n")
    say("the environment is ready")


def install(handle: int) -> None:
    """Fetch and install what the lock names, and nothing else."""
    total = sum("==" in line for line in LOCK.read_text().splitlines())
    done = 0
    # fmt: off
    command = [
        str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK),
        "--no-input", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar", "off",
    ]
    # fmt: on
    for line in lines_of(command, handle):
        done += line.startswith(("Collecting ", "Processing ", "Ignoring "))
        if line.startswith("Collecting "):
            say(f"  fetching {done} of {total}: {line.split()[1].partition('==')[0]}")
        elif line.startswith("Processing "):  # a wheel in a folder
            say(f"  fetching {done} of {total}: {Path(line.split()[1]).name.partition('-')[0]}")
        elif line.startswith("Installing collected packages"):
            say("  installing them")


def lines_of(command: list[str], handle: int) -> Iterator[str]:
    """Run a step of the build, yield what it prints, give up if it fails."""
    # A bare PATH: to name itself to the index pip would start programs it finds there, and rustup's writes into HOME.
    variables = clean_variables() | {"PATH": str(PYTHON.parent), "TMPDIR": str(SCRATCH)}
    variables |= {"PYTHONUNBUFFERED": "1", "PIP_USER": "0"}
    # The child holds the gate as well: if this process is killed, the next start waits until the orphan has ended.
    with subprocess.Popen(
        command, env=variables, pass_fds=(handle,), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        printed = []
        for line in process.stdout or ():
            printed.append(line)
            yield line
    if process.returncode != 0:
        give_up(explain("".join(printed)))


def explain(printed: str) -> str:
    """Return the sentence for what a failed step printed."""
    for signs, sentence in REASONS:
        if any(sign in printed for sign in signs):
            return sentence
    return "making the environment failed:\n" + "\n".join(printed.splitlines()[-8:])


def remove(path: Path) -> None:
    """Delete a folder, or a file or link in its place."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path)


def say(fact: str) -> None:
    """Tell the operator how far the start is."""
    sys.stderr.write(f"wabridge: {fact}\n")
    sys.stderr.flush()


def give_up(sentence: str) -> NoReturn:
    """End with one sentence that says what to mend."""
    sys.exit(f"wabridge can't start: {sentence}")


if __name__ == "__main__":
    main()
