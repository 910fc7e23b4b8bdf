"""Handing a legal notice to Meta: what stands in the request, and whom it reaches."""

from typing import Any

import msgspec
import pytest

from tests.arrivals import ADA, column
from tests.noticing import approved, look, with_notices
from tests.outbound import LAWYER, WAY, get, hear_from, staff_up
from wabridge.core import notice_sending
from wabridge.core.office import Office
from wabridge.evidence import commitment
from wabridge.gateway import consequences, handover
from wabridge.gateway.consequences import Setback
from wabridge.model.ids import AttemptId, NumberId
from wabridge.model.limits import CALLBACK_TOKEN_CHARACTERS
from wabridge.model.notice import Notice
from wabridge.model.outcome import IDENTITY_CHANGED
from wabridge.storage import contacts
from wabridge.storage.database import Transaction


async def queued(office: Office) -> Notice:
    """Let a notice to Ada wait to be handed over."""
    await staff_up(office)
    await hear_from(office, msgspec.structs.replace(ADA, key_hash="kunci"))
    found = await approved(office)
    await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    return await look(office, found.id)


async def hand_over(office: Office, notice: Notice) -> Any:
    """Open the attempt as the sender does."""
    instant = office.clock.instant()
    return await office.database.write(
        lambda tx: handover.open_next(
            tx,
            notice.conversation_id,
            way=WAY,
            instant=instant,
            settled_before=instant.at,
            late_before=instant.at,
        )
    )


async def test_the_callback_token_commits_to_the_content(office: Office) -> None:
    """Beside the random part it bears a salted commitment to what was approved, and nothing else."""
    found = await queued(office)
    opened = await hand_over(office, found)
    body = msgspec.json.decode(opened.body)
    token, _, said = body["biz_opaque_callback_data"].partition(";c:")
    (salt,) = await column(office.database, "SELECT salt FROM notice_message")
    assert isinstance(salt, bytes)
    assert said == commitment.commit(salt, commitment.digest(found.version.content)).hex()
    assert token.startswith("a:")
    assert len(body["biz_opaque_callback_data"]) <= CALLBACK_TOKEN_CHARACTERS
    (stored,) = await column(office.database, "SELECT token FROM attempt")
    assert stored == body["biz_opaque_callback_data"]


@pytest.mark.parametrize(("is_on", "pinned"), [(True, "kunci"), (False, None)])
async def test_with_the_identity_check_it_is_pinned(office: Office, *, is_on: bool, pinned: str | None) -> None:
    """The request names the keys that the approval was for; without the setting it names none."""
    found = await queued(with_notices(office, check_identity=is_on))
    body = msgspec.json.decode((await hand_over(office, found)).body)
    assert body.get("recipient_identity_key_hash") == pinned


async def test_it_reaches_nobody_but_the_approved_account(office: Office) -> None:
    """If the contact is another account when its turn comes, it fails with the reason and is not handed over."""
    found = await queued(office)
    moved = msgspec.structs.replace(ADA, user_id="ID.99999999999999999999")

    def move(tx: Transaction) -> None:
        tx.run("UPDATE identity SET replaced_at = last_seen_at WHERE kind = 'user_id'")
        contacts.see(tx, found.contact_id, moved, now=office.clock.now())

    await office.database.write(move)
    assert isinstance(await hand_over(office, found), handover.GivenUp)
    known = (await get(office, found.carriers[0].message_id)).delivery
    assert known is not None
    assert (known.status, known.failure_code) == ("failed", IDENTITY_CHANGED)


@pytest.mark.parametrize("came_by", ["answer", "status"])
async def test_metas_refusal_raises_the_identity_alert(office: Office, came_by: Any) -> None:
    """Code 137000 means that somebody has to make sure who this is; told twice it is one alert."""
    found = await queued(office)
    opened = await hand_over(office, found)
    setback = Setback(
        attempt_id=AttemptId(opened.attempt_id),
        number_id=NumberId(1),
        conversation_id=found.conversation_id,
        opened_at=office.clock.now(),
        code=IDENTITY_CHANGED,
        step="fail",
        came_by=came_by,
        jitter=0.0,
    )
    for _ in range(2):
        await office.database.write(lambda tx: consequences.apply(tx, setback, now=office.clock.now()))
    assert await column(office.database, "SELECT kind FROM identity_alert") == ["handover_refused"]
