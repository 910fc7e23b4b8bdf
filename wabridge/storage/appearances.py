"""What stored files are, seen by their bytes: columns of the table `media` that are written and read here alone."""

from wabridge.model.ids import MediaId
from wabridge.model.media import Appearance, Kept, Thumbnail
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction

_sql = queries.load("appearances")


def find_unseen(tx: Transaction) -> MediaId | None:
    """Return the newest stored file that was not looked at yet."""
    row = tx.one(_sql["find_unseen"])
    return None if row is None else MediaId(row["id"])


def find_slow(tx: Transaction, *, most: int) -> MediaId | None:
    """Return a picture that took too long, fewer than so many times."""
    row = tx.one(_sql["find_slow"], {"most": most})
    return None if row is None else MediaId(row["id"])


def set_(tx: Transaction, media_id: MediaId, seen: Kept, appearance: Appearance) -> bool:
    """Write down how a file looks; False if another one has taken its place meanwhile."""
    small = appearance.thumbnail
    binds = {
        "media_id": media_id,
        "seen_name": seen.name,
        "seen_type": appearance.mime_type,
        "thumbnail_name": small.kept.name if small else None,
        "thumbnail_key": small.kept.key if small else None,
        "thumbnail_size": small.kept.size if small else None,
        "thumbnail_width": small.width if small else None,
        "thumbnail_height": small.height if small else None,
        "slow_tries": appearance.slow_tries,
    }
    return tx.run(_sql["set_"], binds) > 0


def forget_thumbnail(tx: Transaction, media_id: MediaId, thumbnail: Thumbnail) -> bool:
    """Let a damaged or missing small picture be made anew; False if that was done already."""
    return tx.run(_sql["forget_thumbnail"], {"media_id": media_id, "thumbnail_name": thumbnail.kept.name}) > 0


def read(row: Row) -> Appearance | None:
    """Return how the file of a row looks, None if it was not looked at."""
    if row["seen_type"] is None or row["seen_name"] != row["vault_name"]:
        return None
    if row["thumbnail_name"] is None:
        return Appearance(row["seen_type"], slow_tries=row["slow_tries"])
    kept = Kept(row["thumbnail_name"], row["thumbnail_key"], row["thumbnail_size"])
    return Appearance(row["seen_type"], Thumbnail(kept, row["thumbnail_width"], row["thumbnail_height"]))
