"""The remarks on top of every page."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.arrivals import add_webhook, arrive, text_message
from tests.clocks import NOON, FakeClock
from tests.conftest import MASTER_KEY, PHONE_NUMBER_ID
from tests.storage.disks import locked
from wabridge.broker import Change
from wabridge.core import notifications
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, StorageUnavailable
from wabridge.model.banner import Banner
from wabridge.model.event import Unreadable
from wabridge.model.ids import ConversationId
from wabridge.model.outcome import Pause
from wabridge.model.staff import Actor
from wabridge.storage import events, numbers, outbox
from wabridge.storage import notifications as stored
from wabridge.storage.database import Transaction
from wabridge.storage.keyring import Keyring
from wabridge.storage.outbox import OutboundRow
from wabridge.storage.vault import Vault

RINA = Actor(kind="staff", id=7, name="Rina", role="lawyer")
NOBODY = Actor(kind="staff", id=8, name="Tamu", role="guest")


async def kinds(office: Office) -> list[str]:
    return [banner.kind for banner in await notifications.list_banners(office)]


async def test_a_quiet_house_says_nothing(office: Office) -> None:
    """When all is well there is no remark."""
    assert await notifications.list_banners(office) == ()


async def test_the_sandbox_says_so(office: Office) -> None:
    """In the sandbox every page says that nothing is real."""
    assert await kinds(replace(office, is_sandbox=True)) == ["sandbox"]


@pytest.mark.parametrize(("refused", "expected"), [(3, []), (4, ["signatures_refused"])])
async def test_more_than_three_refused_signatures_turn_the_banner_red(
    office: Office, fake_clock: FakeClock, refused: int, expected: list[str]
) -> None:
    """Four refusals within ten minutes are shown as danger, three are not, and later they are forgotten."""
    minute = int(NOON.timestamp()) // 60
    await office.database.write(lambda tx: tx.run("INSERT INTO refusal VALUES (?, ?)", (minute, refused)))
    assert await kinds(office) == expected
    fake_clock.advance(660)
    assert await kinds(office) == []


async def test_a_paused_number_is_shown_with_its_cause(office: Office) -> None:
    """While sending is paused, the remark says since when and with which code of Meta's."""
    pause = Pause(since=NOON, reason="refused", code=190)
    await office.database.write(lambda tx: numbers.set_pause(tx, numbers.ensure(tx, PHONE_NUMBER_ID), pause))
    expected = Banner(kind="sending_paused", severity="danger", since=NOON, detail="190")
    assert await notifications.list_banners(office) == (expected,)


async def test_a_payment_that_stops_sending_is_one_remark(office: Office) -> None:
    """The pause says what Meta's news about the payment says; once sending goes on, the news stands by itself."""

    def unpaid(tx: Transaction) -> None:
        numbers.set_pause(tx, numbers.ensure(tx, PHONE_NUMBER_ID), Pause(since=NOON, reason="refused", code=131042))
        stored.add(tx, "payment_problem", now=NOON)

    await office.database.write(unpaid)
    assert await kinds(office) == ["sending_paused"]
    await office.database.write(lambda tx: numbers.clear_pause(tx, numbers.ensure(tx, PHONE_NUMBER_ID)))
    assert await kinds(office) == ["payment_problem"]


async def test_what_waits_longer_than_a_minute_is_shown(office: Office, fake_clock: FakeClock) -> None:
    """A webhook nobody has cut, or an item nobody has settled, is remarked upon after a minute."""
    webhook_id = await office.database.write(lambda tx: add_webhook(tx, at=NOON))
    fake_clock.advance(60)
    assert await kinds(office) == []
    fake_clock.advance(1)
    assert await kinds(office) == ["webhooks_late"]
    await office.database.write(lambda tx: events.set_watermark(tx, webhook_id))
    assert await kinds(office) == []


async def test_what_was_set_aside_is_shown_until_somebody_has_seen_it(office: Office) -> None:
    """Quarantined items are counted on every page until a person takes the remark down, and pages are told."""
    await arrive(office.database, Unreadable("not JSON"), Unreadable("neither"), at=NOON)
    await Inbound(office).look()
    expected = Banner(kind="quarantined", severity="warning", count=2, since=NOON)
    assert await notifications.list_banners(office) == (expected,)
    with office.broker.listen() as changes:
        await notifications.set_seen(office, RINA, "quarantined")
        assert await anext(changes) == Change("notice", None)
    assert await kinds(office) == []


async def test_decisions_to_make_are_shown_where_they_are(office: Office) -> None:
    """A message held back and a possible match lead to their conversation, the graver remark first."""
    await arrive(office.database, text_message(), at=NOON)
    await Inbound(office).look()
    here = ConversationId(1)

    def fill(tx: Transaction) -> None:
        number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
        message_id = outbox.add_outbound(tx, OutboundRow(here, number_id, "Senin.", RINA), now=NOON)
        tx.run("UPDATE message SET hold = 'late' WHERE id = ?", (message_id,))
        stored.add(tx, "possible_match", conversation_id=here, now=NOON)
        numbers.set_pause(tx, number_id, Pause(since=NOON, reason="token_unreadable"))

    await office.database.write(fill)
    banners = await notifications.list_banners(replace(office, is_sandbox=True))
    assert [banner.kind for banner in banners] == ["sending_paused", "held_messages", "possible_match", "sandbox"]
    assert [banner.conversation_id for banner in banners] == [None, here, here, None]
    assert banners[0].detail == "token_unreadable"


async def test_a_failing_disk_is_shown(office: Office, fake_clock: FakeClock, data_folder: Path) -> None:
    """From the first refused write to the next good one, every page says that the disk is failing."""
    with locked(data_folder / "wabridge.db"), pytest.raises(StorageUnavailable):
        await office.database.probe()
    fake_clock.advance(5)
    expected = Banner(kind="storage_failing", severity="danger", since=NOON)
    assert await notifications.list_banners(office) == (expected,)
    await office.database.probe()
    assert await kinds(office) == []


async def test_only_who_may_read_takes_a_remark_down(office: Office) -> None:
    """Without the right to read nothing can be marked as seen."""
    with pytest.raises(NotAllowed):
        await notifications.set_seen(office, NOBODY, "quarantined")


async def test_seeing_nothing_tells_nobody(office: Office) -> None:
    """When there was nothing to see, no page is told to look again."""
    with office.broker.listen() as changes:
        await notifications.set_seen(office, RINA, "quarantined")
        office.broker.announce(Change("end", None))
        assert (await anext(changes)).topic == "end"


async def test_a_disk_without_room_for_files_is_said(office: Office, data_folder: Path) -> None:
    """Messages still come in; that files stay away must be known while there is time."""
    keyring = Keyring.open(data_folder / "files" / "keyring", MASTER_KEY)
    full = replace(office, vault=Vault(data_folder / "vault", keyring, reserve_bytes=2**62))
    assert [banner.kind for banner in await notifications.list_banners(full)] == ["disk_nearly_full"]
    assert await notifications.list_banners(office) == ()
