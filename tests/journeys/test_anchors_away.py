"""While nobody outside can be reached everything else goes on, and it is said."""

from dataclasses import replace
from pathlib import Path

from tests.journeys.site import eventually, make_settings, open_site
from tests.web.parsed import text_of
from wabridge.sandbox.meta import PretendMeta
from wabridge.settings import AnchorSettings

NOBODY = AnchorSettings(
    timestamp_urls=("http://127.0.0.1:1/tsr",),
    mail_to=("arsip@example.net",),
    mail_from="kantor@example.id",
    smtp_server="127.0.0.1:1",
)


async def test_sending_goes_on_while_nothing_can_be_anchored(tmp_path: Path, meta: PretendMeta) -> None:
    """A message is received and answered as ever; the page says since when nothing is anchored, and why."""
    settings = replace(make_settings(tmp_path, meta), anchors=NOBODY)
    async with open_site(settings, meta) as site:

        async def is_said() -> bool:
            said = text_of((await site.show("/clause")).one("section", id="anchors"))
            return "Belum berjangkar" in said and said.count("Tidak dapat dihubungi.") == len(("timestamp", "mail"))

        await site.write("Halo")
        message = await site.reply("Baik, Pak.")
        await site.until_status(message, "delivered")
        await eventually(is_said)
