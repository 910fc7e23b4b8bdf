"""Bundles of evidence made for tests, with the real press, and checked by the program that is inside them."""

import asyncio
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.outbound import LAWYER
from wabridge.core import dossiers, exporter, exports
from wabridge.core.exporter import Exporter, Keys
from wabridge.core.office import Office
from wabridge.core.originals import Reader
from wabridge.core.stamping import Authorities
from wabridge.evidence.dossier import Dossier
from wabridge.gateway import cutouts
from wabridge.model.export import Export, Scope
from wabridge.model.ids import ExportId
from wabridge.storage import checkpoints
from wabridge.storage.exports import Requested

KEYS = Keys(ledger=bytes(range(32)), seal=bytes(range(32, 64)))


async def ask(office: Office, scope: Scope, **more: str) -> Export:
    """Ask for an export, and let it be made or fail."""
    export_id = await exports.request(office, LAWYER, scope, reason="Lampiran gugatan", **more)
    await work(office)
    return await exports.get(office, LAWYER, export_id)


async def work(
    office: Office,
    *,
    keys: exporter.Keys = KEYS,
    read: Reader = cutouts.read,
    authorities: Authorities | None = None,
) -> None:
    """Let the worker make what is asked for."""
    async with asyncio.TaskGroup() as tasks:
        worker = Exporter(office, keys, read, tasks, authorities)
        while await worker.look():
            pass


async def take(office: Office, export: Export) -> bytes:
    """Return the bundle of an export that is done."""
    assert export.state == "done", export.failure
    _, pieces = await exports.fetch(office, LAWYER, export.id)
    return b"".join([piece async for piece in pieces])


def evidence(bundle: bytes) -> dict[str, Any]:
    """Return what evidence.json says."""
    return dict(json.loads(zipfile.ZipFile(io.BytesIO(bundle)).read("evidence.json")))


def files(bundle: bytes) -> dict[str, bytes]:
    """Return every file of a bundle by name."""
    held = zipfile.ZipFile(io.BytesIO(bundle))
    return {name: held.read(name) for name in held.namelist()}


def verify(bundle: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """Check a bundle with the program inside it, and with nothing else."""
    path, program = folder / "bundle.zip", folder / "verify.py"
    path.write_bytes(bundle)
    program.write_bytes(files(bundle)["verify.py"])
    command = [sys.executable, "-I", str(program), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


async def require_sound(bundle: bytes, folder: Path) -> None:
    """Fail unless the bundle checks."""
    judged = await asyncio.to_thread(verify, bundle, folder)
    assert judged.returncode == 0, judged.stdout + judged.stderr


async def gather(office: Office, scope: Scope) -> Dossier:
    """Return what a bundle of this scope would say, without making it."""
    requested = Requested(
        Export(
            id=ExportId(1),
            number="EV-2026-000001",
            scope=scope,
            language="id",
            reason="Lampiran gugatan",
            handed_to="",
            actor_name=LAWYER.name,
            requested_at=office.clock.now(),
            state="running",
        ),
        LAWYER,
    )
    head = await office.database.write(lambda tx: checkpoints.add(tx, KEYS.ledger))
    return (await dossiers.gather(office, requested, head, cutouts.read)).dossier
