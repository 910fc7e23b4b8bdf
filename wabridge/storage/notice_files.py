"""The files of legal notices: documents, and scans of what came by another way. Append-only.

Rule: a row is written after its file is whole and on the disk. What it is called and its checksum stand in the version
or the event that names it as well, and are witnessed there.
"""

from datetime import datetime
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model.ids import NoticeId
from wabridge.model.media import Kept
from wabridge.model.notice import Document, NewFile
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("notice_files")


class Listed(NamedTuple):
    """A file of a notice, and where it lies."""

    id: int
    notice_id: NoticeId
    kept: Kept
    sha256: str


def add(tx: Transaction, notice_id: NoticeId, new: NewFile, *, now: datetime) -> Document:
    """Let a file belong to a notice from now on."""
    row = tx.one(
        _sql["add"],
        {
            "notice_id": notice_id,
            "now": to_micros(now),
            "mime_type": new.mime_type,
            "file_name": new.name,
            "vault_name": new.kept.name,
            "vault_key": new.kept.key,
            "size": new.kept.size,
            "sha256": new.sha256,
        },
    )
    assert row is not None, "an insert returns its row"
    return Document(
        file_id=row["id"], name=new.name, mime_type=new.mime_type, size_bytes=new.kept.size, sha256=new.sha256
    )


def get(tx: Transaction, notice_id: NoticeId, file_id: int) -> Kept:
    """Return where a file of a notice lies; raises NotFound, also for another notice's."""
    row = tx.one(_sql["find"], {"notice_id": notice_id, "file_id": file_id})
    if row is None:
        raise NotFound("this notice has no such file")
    return Kept(row["vault_name"], row["vault_key"], row["size"])


def list_all(tx: Transaction, *, after: int, limit: int) -> list[Listed]:
    """Return the files of all notices, by id."""
    return [
        Listed(
            row["id"],
            NoticeId(row["notice_id"]),
            Kept(row["vault_name"], row["vault_key"], row["size"]),
            row["sha256"],
        )
        for row in tx.all(_sql["list_all"], {"after": after, "limit": limit})
    ]


def is_there(tx: Transaction) -> bool:
    """Say whether this database is new enough to know of files of notices."""
    return tx.one(_sql["is_there"]) is not None
