"""What cannot be put into Meta's form fails alone and stops nobody else."""

import pytest

from tests.gateway.dispatch import Sending, eventually
from tests.outbound import get, has_status, hear_from, reply, status_of
from wabridge.core.office import Office
from wabridge.sandbox.meta import PretendMeta

BROKEN = {
    "buttons without words": "kind = 'interactive', text = NULL, content = x'"
    + b'{"body":{"type":"buttons","buttons":[]}}'.hex()
    + "'",
    "a place without degrees": "kind = 'location', text = NULL, content = x'"
    + b'{"body":{"type":"location"}}'.hex()
    + "'",
    "an answer of a client's": "kind = 'interactive', content = x'" + b'{"body":{"type":"choice"}}'.hex() + "'",
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
async def test_what_cannot_be_built_fails_alone(
    busy_office: Office, meta: PretendMeta, sending: Sending, change: str
) -> None:
    """A message that lacks what Meta demands is failed with a reason, untried; what stands behind it goes."""
    thread = await hear_from(busy_office)
    broken = await reply(busy_office, thread, "Satu")
    whole = await reply(busy_office, thread, "Dua")
    await busy_office.database.write(
        lambda tx: tx.run(f"UPDATE message SET {change} WHERE id = {broken}")  # a test's own words
    )
    async with sending():
        await eventually(lambda: has_status(busy_office, whole, "sent"))
    assert await status_of(busy_office, broken) == "failed"
    message = await get(busy_office, broken)
    assert message.delivery is not None
    assert (message.delivery.failure_code, message.handovers) == (131009, ())
    assert [accepted.text for accepted in meta.accepted] == ["Dua"]
