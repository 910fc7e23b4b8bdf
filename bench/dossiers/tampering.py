"""Ways to tamper with a bundle: one byte anywhere, and each kind of removal, addition, swap and reordering.

The forger of the last table has the ledger's key and signs the manifest anew: then only leaves, proofs, commitments and
anchors are left to contradict them.
"""

import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.dossiers.invented import LEDGER_SEED, ORIGIN
from wabridge.evidence import checkpoint, commitment

Damage = Callable[[Path], str]
"""Changes an unpacked bundle, and returns a word that the verdict must contain."""


def judge(place: Path, program: Path) -> tuple[int, str]:
    """Return exit code and words of verify.py for a bundle, run as a stranger would."""
    done = subprocess.run([sys.executable, "-I", str(program), str(place)], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def change_byte(archive: bytes, dice: random.Random) -> tuple[bytes, str]:
    """Return the archive with one byte changed, and the file that the byte belongs to, or "arsip"."""
    spot = dice.randrange(len(archive))
    owner = "arsip"
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        if spot < opened.start_dir:
            owner = max(
                (e for e in opened.infolist() if e.header_offset <= spot), key=lambda e: e.header_offset
            ).filename
    return archive[:spot] + bytes([archive[spot] ^ dice.randrange(1, 256)]) + archive[spot + 1 :], owner


def _edit(folder: Path, name: str, change: Callable[[list[str]], list[str]]) -> None:
    path = folder / name
    path.write_text("".join(change(path.read_text("utf-8").splitlines(keepends=True))), "utf-8")


def _swap_files(folder: Path, one: str, other: str) -> None:
    first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
    (folder / one).write_bytes(second)
    (folder / other).write_bytes(first)


def _some(folder: Path, pattern: str, *, place: int = 0) -> str:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern))[place]


def _remove(pattern: str) -> Damage:
    def damage(folder: Path) -> str:
        name = _some(folder, pattern)
        (folder / name).unlink()
        return name

    return damage


def _swap(pattern: str) -> Damage:
    def damage(folder: Path) -> str:
        one, other = _some(folder, pattern), _some(folder, pattern, place=-1)
        _swap_files(folder, one, other)
        return one

    return damage


def _add(folder: Path) -> str:
    shutil.copy(folder / _some(folder, "raw/*.item"), folder / "raw/X-0001.item")
    return "raw/X-0001.item"


def _rename(folder: Path) -> str:
    name = _some(folder, "raw/*.request")
    (folder / name).rename(folder / "raw/other.request")
    return name


def _link(folder: Path) -> str:
    name = _some(folder, "media/*")
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")
    return name


def _reverse(name: str) -> Damage:
    def damage(folder: Path) -> str:
        _edit(folder, name, lambda lines: lines[::-1])
        return name

    return damage


def _repeat(name: str) -> Damage:
    def damage(folder: Path) -> str:
        _edit(folder, name, lambda lines: [*lines, lines[-1]])
        return name

    return damage


BY_A_STRANGER: dict[str, Damage] = {
    **{f"remove {p}": _remove(p) for p in (
        "raw/*.item", "raw/*.request", "raw/*.headers.json", "media/*", "proofs/*", "anchors/*", "certs/*",
        "laporan.pdf", "evidence.json", "checkpoint.note", "ledger/leaves.ndjson", "ledger/openings.ndjson",
        "ledger/consistency.txt", "MANIFEST.sha256", "MANIFEST.sha256.sig", "verify.py", "VERIFIKASI.txt",
    )},
    **{f"swap {p}": _swap(p) for p in ("raw/*.item", "raw/*.request", "proofs/*", "certs/*.pem")},
    **{f"reorder {p}": _reverse(p) for p in ("MANIFEST.sha256", "ledger/leaves.ndjson", "ledger/openings.ndjson")},
    **{f"repeat a line of {p}": _repeat(p) for p in ("MANIFEST.sha256", "ledger/leaves.ndjson")},
    "add a file": _add,
    "rename a file": _rename,
    "a link in place of a file": _link,
}  # fmt: skip


def sign_anew(folder: Path) -> None:
    """Write manifest and signature as somebody with the ledger's key could."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    names = [name for name in names if not name.startswith("MANIFEST")]
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    manifest = "".join(lines)
    (folder / "MANIFEST.sha256").write_text(manifest)
    report = json.loads((folder / "evidence.json").read_bytes())["report"]["report_id"]
    name = f"{ORIGIN}/manifest"
    text = f"{name}\n{report}\n{hashlib.sha256(manifest.encode()).hexdigest()}\n"
    key = checkpoint.public_key(name, LEDGER_SEED)
    signature = commitment.encode(key.id + checkpoint.sign_text(text, LEDGER_SEED))
    (folder / "MANIFEST.sha256.sig").write_text(f"{text}\n— {name} {signature}\n", "utf-8")


def _forge_item(folder: Path) -> str:
    name = _some(folder, "raw/*.item")
    (folder / name).write_bytes((folder / name).read_bytes().replace(b'"id"', b'"Id"'))
    return name.removeprefix("raw/")[:6]


def _forge_leaf(folder: Path) -> str:
    _edit(folder, "ledger/leaves.ndjson", lambda lines: [lines[0].replace('"boot":"5', '"boot":"6'), *lines[1:]])
    return "proofs/0.tlog-proof"


def _drop_leaf(folder: Path) -> str:
    _edit(folder, "ledger/leaves.ndjson", lambda lines: [*lines[:2], *lines[3:]])
    return "leaf 2"


def _forge_fact(change: Callable[[dict[str, Any]], None]) -> Damage:
    def damage(folder: Path) -> str:
        said = json.loads((folder / "evidence.json").read_bytes())
        message = next(each for each in said["messages"] if each["direction"] == "outbound")
        change(message)
        (folder / "evidence.json").write_text(json.dumps(said))
        return str(message["ref"])

    return damage


def _later(message: dict[str, Any]) -> None:
    next(each for each in message["events"] if "t_meta" in each)["t_meta"] += 60


def _better(message: dict[str, Any]) -> None:
    next(each for each in message["events"] if each["event"] == "sent")["event"] = "read"


def _drop_message(folder: Path) -> str:
    said = json.loads((folder / "evidence.json").read_bytes())
    gone = said["messages"].pop(0)
    (folder / "evidence.json").write_text(json.dumps(said))
    return str(gone["ref"])


def _forge_anchor(folder: Path) -> str:
    said = json.loads((folder / "evidence.json").read_bytes())
    said["ledger"]["anchors"][0]["size"] -= 1
    (folder / "evidence.json").write_text(json.dumps(said))
    return "anchor 1"


def _forget_way(folder: Path) -> str:
    (folder / "ledger/consistency.txt").write_text("")
    return "anchor 1"


def _close_opening(folder: Path) -> str:
    _edit(folder, "ledger/openings.ndjson", lambda lines: lines[1:])
    return "P-0001"


BY_A_KEY_HOLDER: dict[str, Damage] = {
    "an item of a webhook": _forge_item,
    "a leaf": _forge_leaf,
    "a leaf taken out": _drop_leaf,
    "a proof of another leaf": _swap("proofs/*"),
    "a request of another message": _swap("raw/*.request"),
    "another time of Meta's": _forge_fact(_later),
    "a better status": _forge_fact(_better),
    "a message left out": _drop_message,
    "another anchor": _forge_anchor,
    "no way to the anchor": _forget_way,
    "a commitment that is not opened": _close_opening,
}
