"""Every code of Meta's table: what happens to the message, the contact, the number, the token, and what pages say.

The expectations are written down here from Meta's page ("error codes") once more, so that a slip in the program's own
table does not agree with itself.
"""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from tests.arrivals import ADA, BUDI, arrive, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import WAY, get, hear_from, reply
from wabridge.core.office import Office
from wabridge.gateway import handover
from wabridge.gateway.handover import Opened, Result
from wabridge.gateway.statuses import Statuses
from wabridge.model import codes
from wabridge.model.event import ReportedError, StatusReport
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.outcome import Accepted, Exchange
from wabridge.storage import numbers, outbox, pacing, setbacks
from wabridge.storage.conversations import get as get_conversation
from wabridge.storage.database import Transaction
from wabridge.web import failures, language
from wabridge.whatsapp import faults

# code, HTTP, what the answer does to the message, to the contact, to the number, what stands still, key of the words.
TABLE = """
0        401 pause  -                -    token  token
3        500 pause  -                -    token  token
10       403 pause  -                -    token  token
33       400 pause  -                -    token  number_gone
104      401 pause  -                -    token  token
190      401 pause  -                -    token  token
200      403 pause  -                -    token  token
299      403 pause  -                -    token  token
803      404 pause  -                -    token  number_gone
131005   403 pause  -                -    token  token
4        400 soon   -                rest -      throttled
17       400 soon   -                rest -      throttled
613      400 soon   -                rest -      throttled
80007    400 soon   -                rest -      throttled
130429   400 soon   -                rest -      throttled
131208   429 soon   -                rest -      throttled
131048   400 later  -                rest -      number_limited
131064   400 later  -                -    -      number_limited
133016   400 later  -                -    -      throttled
131056   400 soon   rest             -    -      too_fast
368      403 pause  -                -    number restricted
131031   403 pause  -                -    number restricted
131037   400 pause  -                -    number registration
131042   400 pause  -                -    number payment
131044   400 pause  -                -    number payment
131045   500 pause  -                -    number registration
133000   500 pause  -                -    number registration
133005   400 pause  -                -    number registration
133006   400 pause  -                -    number registration
133008   400 pause  -                -    number registration
133009   400 pause  -                -    number registration
133010   400 pause  -                -    number registration
133015   400 pause  -                -    number registration
134011   400 pause  -                -    number payment
131057   500 soon   -                rest -      busy
2494100  500 soon   -                rest -      busy
2        503 soon   -                -    -      busy
131016   500 soon   -                -    -      busy
133004   503 soon   -                -    -      busy
139103   500 soon   -                -    -      busy
1        400 unsure -                -    -      unsure
131000   500 unsure -                -    -      unsure
130497   403 fail   country          -    -      country
131063   400 fail   -                -    -      template
139200   400 fail   -                -    -      restricted
100      400 fail   -                -    -      body_wrong
131008   400 fail   -                -    -      body_wrong
131009   400 fail   -                -    -      body_wrong
131021   400 fail   -                -    -      body_wrong
131051   400 fail   -                -    -      body_wrong
131055   400 fail   -                -    -      body_wrong
131059   400 fail   -                -    -      body_wrong
135000   400 fail   -                -    -      body_wrong
131062   400 fail   -                -    -      needs_phone
137000   400 fail   identity_changed -    -      identity_changed
130403   400 fail   blocked_by_us    -    -      blocked_by_us
130472   400 fail   -                -    -      not_chosen
131014   400 fail   -                -    -      media
131026   400 fail   unreachable      -    -      unreachable
131030   400 fail   not_listed       -    -      not_listed
131035   400 fail   -                -    -      lost_at_meta
131036   400 fail   -                -    -      lost_at_meta
131047   400 fail   closed           -    -      window_closed
131049   400 fail   -                -    -      not_chosen
131050   400 fail   opted_out        -    -      opted_out
131052   400 fail   -                -    -      media
131053   400 fail   -                -    -      media
131060   400 fail   -                -    -      other
132000   400 fail   -                -    -      template
132001   404 fail   -                -    -      template_missing
132005   400 fail   -                -    -      template
132007   400 fail   -                -    -      template
132008   400 fail   -                -    -      template
132012   400 fail   -                -    -      template
132015   400 fail   -                -    -      template_paused
132016   400 fail   -                -    -      template_missing
132018   400 fail   -                -    -      template
132068   400 fail   -                -    -      template
132069   400 later  -                -    -      template_paused
134100   400 fail   -                -    -      template
134101   400 later  -                -    -      template_paused
134102   500 fail   -                -    -      template
141002   400 fail   -                -    -      template_missing
2388019  400 fail   -                -    -      template
2388299  400 fail   -                -    -      template
2593107  400 fail   -                -    -      other
131020   400 fail   -                -    -      other
131215   400 fail   -                -    -      other
138000   400 fail   -                -    -      other
138025   400 fail   -                -    -      other
139000   400 fail   -                -    -      other
139102   400 fail   -                -    -      other
147004   400 fail   -                -    -      other
987654   400 fail   -                -    -      other
"""


class Row(NamedTuple):
    code: int
    http: int
    message: str
    contact: str
    number: str
    stops: str
    words: str


ROWS = [Row(int(said[0]), int(said[1]), *said[2:]) for said in (line.split() for line in TABLE.strip().splitlines())]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.code))
async def test_what_a_code_does(busy_office: Office, fake_clock: FakeClock, row: Row) -> None:
    """As an answer and as a status: message, contact, number, token and words are what Meta's page asks for."""
    await _check_answer(busy_office, row)
    await busy_office.database.write(_forget)
    await _check_status(busy_office, fake_clock, row)
    sentence = failures.failure(row.code).sentence
    assert sentence == failures.FAILURES[row.words if row.code else "other"].sentence  # type: ignore[index]
    for spoken in language.LANGUAGES:
        assert language.read_catalogues()[spoken].get(sentence) is not None


def test_the_table_knows_no_other_code() -> None:
    """Every code of the program's table stands here, or between two that do and are alike."""
    here = {row.code for row in ROWS}
    missing = {code for code in codes.TABLE if code not in here}
    ranges = (
        *(range(200, 300), range(138000, 138026), range(139000, 139103), range(147001, 147005)),
        *(range(131020, 131216), range(2388019, 2388300), range(2593107, 2593110)),
    )
    assert [code for code in missing if not any(code in each for each in ranges)] == []


async def _check_answer(office: Office, row: Row) -> None:
    opened = await _open(office, await hear_from(office, ADA))
    now = office.clock.now()
    body = json.dumps({"error": {"message": f"(#{row.code}) Something", "code": row.code}}).encode()
    result = Result(Exchange(faults.judge(row.http, body)), now, "fingerprint")
    settled = await office.database.write(lambda tx: handover.settle(tx, opened, result, jitter=0))
    message = await get(office, opened.message_id)
    assert message.delivery is not None
    expected = {"soon": "pending", "later": "pending", "pause": "pending", "unsure": "unknown", "fail": "failed"}
    assert message.delivery.status == expected[row.message]
    next_try_at = await _next_try(office, opened.message_id)
    if row.message == "soon":
        assert next_try_at is not None
        assert timedelta(seconds=1) <= next_try_at - now <= timedelta(seconds=60)
    elif row.message == "later":
        assert next_try_at is not None
        assert next_try_at - now >= timedelta(minutes=10)
    else:
        assert next_try_at is None
        assert message.tries == 0
    assert settled.has_paused == (row.stops != "-")
    assert (codes.rule(row.code).stops or "-") == row.stops
    planned = await column(office.database, "SELECT message_id FROM second_try WHERE closed_at IS NULL")
    assert planned == ([opened.message_id] if row.message == "unsure" else [])
    assert message.delivery.failure_code == (row.code if row.message == "fail" else None)
    await _check_others(office, row, opened)


async def _check_status(office: Office, fake_clock: FakeClock, row: Row) -> None:
    conversation_id = await hear_from(office, BUDI)
    opened = await _open(office, conversation_id)
    accepted = Result(Exchange(Accepted("wamid.OUT9")), office.clock.now(), "fingerprint")
    await office.database.write(lambda tx: handover.settle(tx, opened, accepted, jitter=0))
    failed = StatusReport(
        PHONE_NUMBER_ID,
        "wamid.OUT9",
        "failed",
        recipient=BUDI,
        errors=(ReportedError(code=row.code, title="Something"),),
    )
    await arrive(office.database, failed, at=fake_clock.now)
    await Statuses(office.database, office.broker, office.clock).look()
    message = await get(office, opened.message_id)
    assert message.delivery is not None
    assert (message.delivery.status, message.tries) == ("failed", 0)
    # In a status 0 stands for a missing code: then only the message has failed.
    await _check_others(office, row if row.code else row._replace(stops="-"), opened)


async def _check_others(office: Office, row: Row, opened: Opened) -> None:
    def look(tx: Transaction) -> tuple[object, ...]:
        thread = get_conversation(tx, opened.conversation_id)
        assert thread.contact_id is not None
        now = office.clock.now()
        pause = numbers.get_pause(tx, opened.number_id)
        return (
            [mark.kind for mark in setbacks.list_marks(tx, thread.contact_id)],
            thread.window_opened_at is None,
            pacing.get_pair(tx, opened.conversation_id).rests_until > now,
            pacing.get_number(tx, opened.number_id).rests_until > now,
            None if pause is None else pause.code,
        )

    marks, is_shut, pair_rests, number_rests, paused = await office.database.read(look)
    assert marks == ([row.contact] if row.contact not in ("-", "closed", "rest") else [])
    assert is_shut == (row.contact == "closed")
    assert pair_rests == (row.contact == "rest")
    assert number_rests == (row.number == "rest")
    assert paused == (row.code if row.stops != "-" else None)


async def _open(office: Office, conversation_id: ConversationId) -> Opened:
    await reply(office, conversation_id, "Halo")
    now = office.clock.now()
    opened = await office.database.write(
        lambda tx: handover.open_next(
            tx,
            conversation_id,
            way=WAY,
            instant=office.clock.instant(),
            settled_before=now - timedelta(minutes=2),
            late_before=now - timedelta(minutes=30),
        )
    )
    assert isinstance(opened, Opened)
    return opened


async def _next_try(office: Office, message_id: MessageId) -> datetime | None:
    def look(tx: Transaction) -> datetime | None:
        row = tx.one("SELECT not_before_at FROM message WHERE id = ?", (message_id,))
        assert row is not None
        assert outbox.find_state(tx, message_id) is not None
        return None if row[0] is None else office.clock.now() + timedelta(microseconds=row[0] - _micros(office))

    return await office.database.read(look)


def _micros(office: Office) -> int:
    return round(office.clock.now().timestamp() * 1_000_000)


def _forget(tx: Transaction) -> None:
    """Let number and token be as they were."""
    tx.run("DELETE FROM number_pace")
    tx.run("UPDATE number SET paused_at = NULL, paused_reason = NULL, paused_code = NULL, paused_token = NULL")
