"""What tests of legal notices begin with: one that is drafted, approved and sent to somebody who has written."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from tests.arrivals import ADA, arrive
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import LAWYER, hear_from, staff_up
from wabridge.core import notice_lists, notice_sending, notices
from wabridge.core.followup import Followup
from wabridge.core.inbound import Inbound
from wabridge.core.notices import Wish
from wabridge.core.office import Office
from wabridge.model import confirmation
from wabridge.model.content import Choice, Content
from wabridge.model.event import InboundMessage, Person
from wabridge.model.ids import MessageId, NoticeId
from wabridge.model.notice import Choice as Pressed
from wabridge.model.notice import Notice
from wabridge.settings import NoticeSettings

TEXT = "Sidang Anda dijadwalkan pada Senin, 30 November 2026 pukul 09.00."
WISH = Wish(title="Jadwal sidang", text=TEXT, matter="12/Pdt.G/2026")
WAMID = "wamid.NOTICE"


def with_notices(office: Office, **changes: Any) -> Office:
    """Return the same office with other settings for notices."""
    return replace(office, settings=replace(office.settings, notices=NoticeSettings(**changes)))


async def drafted(office: Office, *, person: Person = ADA, **changes: Any) -> Notice:
    """Let somebody write and a lawyer draft a notice to them."""
    thread = await hear_from(office, person)
    wish = WISH._replace(deadline_at=office.clock.now() + timedelta(days=3))
    return await notices.draft(office, LAWYER, thread, wish._replace(**changes))


async def approved(office: Office, **changes: Any) -> Notice:
    """Let it be approved as well."""
    found = await drafted(office, **changes)
    return await notices.approve(office, LAWYER, found.id, version_id=found.version.id)


async def sent(office: Office, **changes: Any) -> Notice:
    """Let it be queued as well, and Meta have taken it under WAMID."""
    await staff_up(office)
    found = await approved(office, **changes)
    message_id = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    await take(office, message_id)
    return await look(office, found.id)


async def take(office: Office, message_id: MessageId, wamid: str = WAMID) -> None:
    """Let an attempt of a message have been taken by Meta."""
    at = office.clock.now().timestamp() * 1_000_000

    def work(tx: Any) -> None:
        tx.run(
            "INSERT INTO attempt (message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id,"
            " request_url, request_body, outcome, settled_at, settled_by, accepted_at, wamid)"
            " VALUES (?, 1, ?, 'r', ?, 0, 'b', 'u', x'00', 'accepted', ?, 'answer', ?, ?)",
            (message_id, f"a:{message_id}", int(at), int(at), int(at), wamid),
        )
        tx.run("UPDATE message SET status = 'sent' WHERE id = ?", (message_id,))

    await office.database.write(work)


async def look(office: Office, notice_id: NoticeId) -> Notice:
    """Return a notice as it stands."""
    return await notice_lists.get(office, LAWYER, notice_id)


async def follow_up(office: Office) -> None:
    """Let the follow-up do what is due."""
    await Followup(office).look()


def pressed(notice: Notice, choice: Pressed = "yes", **changes: Any) -> InboundMessage:
    """Compose the answer of whoever pressed a button of a notice."""
    assert notice.nonce is not None
    body = Choice(choice_id=confirmation.build_button(notice.id, notice.nonce, choice), title="Sudah saya baca")
    plain = InboundMessage(
        phone_number_id=PHONE_NUMBER_ID,
        wamid="wamid.ANSWER",
        sender=ADA,
        type="interactive",
        content=Content(body=body),
        quoted_wamid=WAMID,
    )
    return msgspec.structs.replace(plain, **changes)


async def hear(office: Office, *answers: InboundMessage) -> None:
    """Let answers come in, each in a webhook of its own."""
    for answer in answers:
        sent_at = answer.sent_at if answer.sent_at is not None else int(office.clock.now().timestamp())
        await arrive(office.database, msgspec.structs.replace(answer, sent_at=sent_at), at=office.clock.now())
        await Inbound(office).look()


def told(notice: Notice, kind: str) -> list[tuple[str | None, str | None]]:
    """Return word and objection of every event of a kind."""
    return [(event.word, event.objection) for event in notice.events if event.kind == kind]


def fail(tx: Any, message_id: int) -> None:
    """Let Meta have reported that a message did not arrive."""
    report(tx, message_id, "failed", code=131026)


def report(tx: Any, message_id: int, status: str, *, code: int | None = None) -> None:
    """Let Meta have reported this of a message."""
    tx.run(
        "INSERT INTO event (webhook_id, pointer, kind, key, state, arrived_at, last_arrived_at, payload)"
        " VALUES (1, '/x', 'status', x'0102', 'done', 1, 1, x'00')"
    )
    tx.run(
        "INSERT INTO status_event (event_id, attempt_id, number_id, wamid, status, arrived_at, code)"
        " SELECT (SELECT max(id) FROM event), id, 1, wamid, ?, 1, ? FROM attempt WHERE message_id = ?",
        (status, code, message_id),
    )
    tx.run("UPDATE message SET status = ? WHERE id = ?", (status, message_id))
