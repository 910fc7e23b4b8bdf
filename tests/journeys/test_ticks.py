"""The courtesies of the whole program: blue ticks when a conversation is opened, "typing…" while somebody writes."""

from dataclasses import replace
from pathlib import Path

from tests.journeys.site import SITI, eventually, make_settings, open_site
from wabridge.sandbox.handset import Progress
from wabridge.sandbox.meta import PretendMeta


async def test_the_client_sees_that_the_office_has_read_and_writes(tmp_path: Path, meta: PretendMeta) -> None:
    """Opening a conversation gives blue ticks, writing in its box tells of typing; no message is made of either."""
    plain = make_settings(tmp_path, meta)
    settings = replace(plain, office=replace(plain.office, read_receipts=True))
    async with open_site(settings, meta) as site:
        await site.write("Halo")
        path = await site.conversation()
        await site.show(path)
        bubble = meta.handset(SITI).bubbles[-1]

        async def is_read() -> bool:
            return bubble.progress is Progress.READ

        await eventually(is_read)
        csrf = (await site.form(path, f"{path}/reply"))["csrf"]
        assert await site.press(f"{path}/typing", {"csrf": csrf}) == 204

        async def is_typing() -> bool:
            return any("typing_indicator" in request.body for request in meta.requests)

        await eventually(is_typing)
        assert (meta.accepted, meta.violations) == ([], [])
