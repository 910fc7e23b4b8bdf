"""Health, as a watchman asks for it."""

import json
from pathlib import Path

from tests.arrivals import arrive, text_message
from tests.clocks import FakeClock
from tests.setaside import body, misread
from tests.storage.disks import locked
from tests.stored import send_file
from tests.web.served import Served
from wabridge.storage import media


async def test_all_is_well(served: Served) -> None:
    """A program that does its work says so with 200, without a login."""
    answer = await served.get("/health")
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "status": "ok",
        "checks": {
            "database": {"status": "ok", "failing_since": None},
            "backlog": {"status": "ok", "oldest_seconds": 0},
            "quarantine": {"status": "ok", "count": 0},
            "files": {"status": "ok", "waiting": 0, "failing": 0},
        },
    }


async def test_a_disk_that_fails_shows_at_once_and_passes(
    served: Served, data_folder: Path, fake_clock: FakeClock
) -> None:
    """503 while nothing can be written, 200 again without a restart."""
    with locked(data_folder / "wabridge.db"):
        answer = await served.get("/health")
        assert answer.status == 503
        assert json.loads(answer.body)["checks"]["database"]["status"] == "failing"
    fake_clock.advance(1)
    assert (await served.get("/health")).status == 200


async def test_the_disk_is_tried_at_most_once_a_second(
    served: Served, data_folder: Path, fake_clock: FakeClock
) -> None:
    """Whoever asks often costs no more writes."""
    assert (await served.get("/health")).status == 200
    with locked(data_folder / "wabridge.db"):
        assert (await served.get("/health")).status == 200
        fake_clock.advance(1)
        assert (await served.get("/health")).status == 503


async def test_a_backlog_is_a_failure(served: Served, fake_clock: FakeClock) -> None:
    """What waits for more than five minutes is not being worked on."""
    await arrive(served.office.database, text_message(), at=served.office.clock.now())
    assert (await served.get("/health")).status == 200
    fake_clock.advance(301)
    answer = await served.get("/health")
    assert answer.status == 503
    assert json.loads(answer.body)["checks"]["backlog"] == {"status": "failing", "oldest_seconds": 301}


async def test_the_quarantine_is_counted_and_is_no_failure(served: Served) -> None:
    """What waits for a person is named with its number; the program does its work all the same."""
    await misread(served.office, body("no object", field="messages"), {})
    answer = await served.get("/health")
    assert (answer.status, json.loads(answer.body)["status"]) == (200, "ok")
    assert json.loads(answer.body)["checks"]["quarantine"] == {"status": "attention", "count": 1}


async def test_files_that_do_not_come_are_counted_and_are_no_failure(served: Served, fake_clock: FakeClock) -> None:
    """A file that could not be had at the first try asks for attention; the program does its work all the same."""
    file = await send_file(served.office)
    answer = await served.get("/health")
    assert json.loads(answer.body)["checks"]["files"] == {"status": "ok", "waiting": 1, "failing": 0}
    now = served.office.clock.now()
    await served.office.database.write(
        lambda tx: media.postpone(tx, file.id, "gone", sha256=None, next_try_at=now, now=now)
    )
    fake_clock.advance(1)
    answer = await served.get("/health")
    assert answer.status == 200
    assert json.loads(answer.body)["checks"]["files"] == {"status": "attention", "waiting": 1, "failing": 1}
