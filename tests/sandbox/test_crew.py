import asyncio

import pytest

from wabridge.sandbox.crew import Crew


async def test_a_fault_in_the_background_is_raised_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    """Work that breaks is logged at once and raised when the crew is dismissed; the rest is cancelled."""
    crew = Crew()
    broken = asyncio.Event()

    async def break_down() -> None:
        broken.set()
        raise RuntimeError("wheel lost")

    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    crew.start(wait_for_ever())
    crew.start(break_down())
    await broken.wait()
    with pytest.raises(RuntimeError, match="wheel lost"):
        await crew.dismiss()
    assert [record.message for record in caplog.records] == ["sandbox work failed"]
    await crew.dismiss()
