"""The newest checkpoint as a file beside the database: it does not come along when the database is exchanged.

So a restored backup, or a file put in its place, is seen to know less than was known here.
"""

from pathlib import Path

from wabridge.errors import StorageUnavailable
from wabridge.evidence import checkpoint
from wabridge.storage import files

NAME = "ledger.checkpoint"


def find(folder: Path) -> str | None:
    """Return the signed note, None if none is there or it is none; raises StorageUnavailable."""
    try:
        note = (folder / NAME).read_text(encoding="utf-8")
        checkpoint.parse(note)
    except FileNotFoundError:
        return None
    except ValueError:  # damaged: what it said is not known any more
        return None
    except OSError as error:
        raise StorageUnavailable(f"the file {NAME} cannot be read: {error.strerror}") from error
    return note


def set_aside(folder: Path) -> None:
    """Keep what it says under another name: the ledger does not go on from there. Raises StorageUnavailable."""
    note = find(folder)
    if note is not None:
        files.write_private(folder / f"{NAME}-{checkpoint.parse(note).size}", note.encode("utf-8"))


def keep(folder: Path, note: str) -> None:
    """Put a newer one in its place; blocks. Raises StorageUnavailable."""
    files.write_private(folder / NAME, note.encode("utf-8"))
