"""Messages with files that are already in the vault, for tests that begin behind the fetching."""

import hashlib
import secrets
from typing import Any

from tests.arrivals import ADA
from tests.conftest import PHONE_NUMBER_ID
from tests.web.desk import receive
from wabridge.core.office import Office
from wabridge.model import content
from wabridge.model.content import Content
from wabridge.model.event import InboundMessage
from wabridge.model.ids import MediaId
from wabridge.model.media import Kept, MediaFile
from wabridge.storage import media
from wabridge.storage.database import Transaction


async def send_file(office: Office, kind: str = "image", **said: Any) -> MediaFile:
    """Let Ada send a file that is not fetched yet."""
    body = content.Media(kind=kind, file_id=secrets.token_hex(8), **said)
    wamid = f"wamid.{secrets.token_hex(8)}"
    message = InboundMessage(PHONE_NUMBER_ID, wamid, ADA, kind, content=Content(body=body))
    await receive(office, message)
    return await office.database.read(_newest)


async def store(
    office: Office,
    held: bytes,
    kind: str = "image",
    *,
    is_as_claimed: bool | None = True,
    known: MediaFile | None = None,
    **said: Any,
) -> MediaFile:
    """Let Ada send a file that is fetched already. known: the file, if she has sent it before."""
    file = known or await send_file(office, kind, **said)
    kept = await put(office, held)
    digest, now = hashlib.sha256(held).hexdigest(), office.clock.now()

    def note(tx: Transaction) -> MediaFile:
        assert media.mark_stored(tx, file.id, kept, sha256=digest, is_as_claimed=is_as_claimed, now=now)
        return media.get(tx, file.id)

    return await office.database.write(note)


async def put(office: Office, held: bytes) -> Kept:
    """Put bytes into the vault."""
    async with office.vault.write("contact-1") as writer:
        await writer.write(held)
        return await writer.finish()


def damage(office: Office, kept: Kept, *, at: int) -> None:
    """Change one byte of a file in the vault."""
    path = office.settings.data_folder / "vault" / kept.name
    sealed = bytearray(path.read_bytes())
    sealed[at] ^= 1
    path.write_bytes(sealed)


def _newest(tx: Transaction) -> MediaFile:
    row = tx.one("SELECT max(id) AS id FROM media")
    assert row is not None
    return media.get(tx, MediaId(row["id"]))
