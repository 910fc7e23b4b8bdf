"""Whether `verify.py` notices every change of a bundle: single bytes, removals, swaps, forgeries with the ledger's key.

Prints what was tried and what went unnoticed, or was noticed without naming what it is about; each is a fault.
"""

import argparse
import asyncio
import io
import random
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.dossiers import tampering
from bench.dossiers.invented import LEDGER_SEED, invent
from wabridge.evidence import authority, bundle, verifier


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--bytes", type=int, default=1000, help="how many bytes are changed, one at a time")
    parser.add_argument("--seed", type=int, default=1)


async def measure(options: argparse.Namespace) -> int:
    """Try everything; returns 1 if something went unnoticed."""
    count = 20 if options.small else options.bytes
    faults = await asyncio.to_thread(lambda: list(campaign(make(), count, seed=options.seed)))
    tried = count + len(tampering.BY_A_STRANGER) + len(tampering.BY_A_KEY_HOLDER)
    print(f"{tried} bundles tampered with, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def make(messages: int = 5) -> bytes:
    """Return an invented bundle."""
    now = datetime.now(UTC)
    root = authority.found_root("Kantor", b"-", now=now)
    keys = bundle.Keys(LEDGER_SEED, authority.issue_seal(root, b"-", "Kantor", now=now))
    invented, out = invent(messages), io.BytesIO()
    files = ((file.path, [invented.files[file.path]]) for file in invented.dossier.files)
    bundle.produce(invented.dossier, files, keys, out, lambda done, steps: None)
    return out.getvalue()


def campaign(archive: bytes, count: int, *, seed: int) -> Iterator[str]:
    """Yield a line for each change that was not noticed, or not named."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        place, program = Path(folder, "bundle.zip"), Path(folder, "verify.py")
        program.write_bytes(verifier.program())
        place.write_bytes(archive)
        if tampering.judge(place, program)[0]:
            yield "the bundle as it was made"
        for number in range(count):
            changed, owner = tampering.change_byte(archive, dice)
            place.write_bytes(changed)
            yield from _faults(f"byte {number} in {owner}", owner, *tampering.judge(place, program))
        for signs, table in ((False, tampering.BY_A_STRANGER), (True, tampering.BY_A_KEY_HOLDER)):
            for name, damage in table.items():
                unpacked = Path(folder, "unpacked")
                shutil.rmtree(unpacked, ignore_errors=True)
                zipfile.ZipFile(io.BytesIO(archive)).extractall(unpacked)  # our own
                word = damage(unpacked)
                if signs:
                    tampering.sign_anew(unpacked)
                yield from _faults(name, word, *tampering.judge(unpacked, program))


def _faults(what: str, word: str, code: int, said: str) -> Iterator[str]:
    failures = [line for line in said.splitlines() if line.startswith("GAGAL")]
    if code not in (1, 2) or not failures or "Traceback" in said:
        yield f"{what}: unnoticed ({code})"
    elif not any(word in line for line in failures):
        yield f"{what}: {word} is not named: {failures[0]}"
