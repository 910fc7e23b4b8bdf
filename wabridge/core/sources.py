"""What a message came from, for those who may read it."""

from collections.abc import Sequence

from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model.ids import MessageId
from wabridge.model.source import Source
from wabridge.model.staff import Actor
from wabridge.storage import sources

MOST = 50
"""So many items of one message are shown; a webhook may have megabytes."""


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(office: Office, actor: Actor, message_id: MessageId) -> Sequence[Source]:  # noqa: A001
    """Return the items a message came from; raises NotAllowed or NotFound."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    return await office.database.read(lambda tx: sources.list_for(tx, message_id, limit=MOST))
