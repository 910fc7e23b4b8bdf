"""What the pretend Meta says once and unasked, from its menu to the words that staff read."""

import pytest

from tests.journeys.site import SITI, Site, eventually
from tests.web.parsed import text_of

NEWS: list[tuple[list[str], str, str | None]] = [
    # occurrences, what the account's page says, what stands on top of every page in the end
    (["restricted"], "Kantor tidak dapat memulai percakapan", "Meta membatasi akun WhatsApp kantor."),
    (["disabled"], "Meta menonaktifkan akun.", "Meta menonaktifkan akun WhatsApp kantor"),
    (["template_rejected"], "pengingat_sidang (id)", "Meta menolak 1 templat."),
    (["template_paused"], "Meta menjeda sebuah templat.", "Meta menjeda 1 templat."),
    (["quality_flagged"], "Mutu: rendah", "Meta menilai mutu nomor kantor rendah."),
    (["name_rejected"], "NAME_NOT_CONSISTENT", "Meta menolak nama yang dilihat orang di WhatsApp."),
    (["alert"], "There is a problem with the payment method.", "Meta melaporkan masalah pembayaran"),
    (["alert", "alert_over"], "Meta melaporkan masalah pembayaran sudah selesai.", None),
    (["pin_changed"], "PIN nomor diubah.", "PIN nomor kantor diubah"),
    (["value_error"], "Rate limit hit", None),
    (["field_of_tomorrow"], "SOMETHING", "Ada kabar dari Meta tentang akun WhatsApp kantor."),
    (["group_renamed"], "Perkara 12/Pdt.G", None),
]


async def _tell(site: Site, *occurrences: str) -> None:
    """Let these happen and return when everything is answered and worked off."""
    for occurrence in occurrences:
        site.meta.news.tell(occurrence, site.meta.handset(SITI, "Siti Rahayu"))
        await site.catch_up()


@pytest.mark.parametrize(("occurrences", "said", "banner"), NEWS)
async def test_news_about_the_account_reaches_the_page(
    site: Site, occurrences: list[str], said: str, banner: str | None
) -> None:
    """It stands on the account's page in words, and as long as it matters on every page; nothing is set aside."""
    await _tell(site, *occurrences)

    async def is_said() -> bool:
        return said in text_of((await site.show("/whatsapp")).one("main", id="main"))

    await eventually(is_said)
    banners = await site.banners()
    assert len(banners) == (0 if banner is None else 1), banners
    assert banner is None or banner in banners[0]
    assert not (await site.show("/quarantine")).all("li", "entry")


@pytest.mark.parametrize(
    ("occurrences", "said"),
    [
        (["missed_call"], ["Panggilan tak terjawab"]),
        (["call"], ["Panggilan masuk, 2 menit"]),
        (["marketing_stopped"], ["Orang ini menolak pesan promosi dari kantor"]),
        (
            ["marketing_stopped", "marketing_resumed"],
            ["Orang ini menolak pesan promosi dari kantor", "Orang ini mengizinkan lagi pesan promosi dari kantor"],
        ),
    ],
)
async def test_what_happens_with_a_person_is_a_line_of_the_conversation(
    site: Site, occurrences: list[str], said: list[str]
) -> None:
    """Calls and words about advertising stand between the messages, each once."""
    await _tell(site, *occurrences)

    async def lines() -> list[str]:
        tree = await site.show(await site.conversation())
        return [text_of(line) for line in tree.all("li") if "happening" in line.get("class", "")]

    async def are_there() -> bool:
        found = await lines() if await site.messages() else []
        return len(found) == len(said) and all(line.startswith(words) for line, words in zip(found, said, strict=True))

    await eventually(are_there)


async def test_a_program_reads_the_account(site: Site) -> None:
    """The API gives what holds and the news, newest first."""
    await _tell(site, "quality_flagged", "alert")

    async def is_known() -> bool:
        status, account = await site.call("GET", "/account")
        kinds = [line["news"]["kind"] for line in account["news"]["items"]]
        return status == 200 and kinds == ["payment_problem", "quality_low"]

    await eventually(is_known)
    _, account = await site.call("GET", "/account", params={"limit": "1"})
    assert account["state"]["numbers"][0]["quality"]["kind"] == "quality_low"
    assert account["state"]["limit"]["word"] == "TIER_1K"
    assert (account["sending_paused_since"], account["foreign"], account["counts"]) == (
        None,
        0,
        {"alerts": 1, "number": 1},
    )
    _, older = await site.call("GET", "/account", params={"limit": "1", "cursor": account["news"]["next"]})
    assert [line["news"]["kind"] for line in older["news"]["items"]] == ["quality_low"]
