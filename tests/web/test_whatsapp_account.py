"""The account's page and the API's account, as people and programs meet them."""

import json
from typing import Any

import pytest

from tests.arrivals import arrive
from tests.web.desk import Desk, open_desk
from tests.web.parsed import text_of
from tests.web.served import Served
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.account import Account
from wabridge.model.account import SECTIONS
from wabridge.model.event import AccountEvent, HistoryReport, ReportedError
from wabridge.storage import numbers

EVIL = "<script>alert(1)</script>\u202egpj"


async def tell(office: Office, *events: AccountEvent) -> None:
    """Let Meta say these, one after the other."""
    await arrive(office.database, *events, at=office.clock.now())
    worker = Account(database=office.database, broker=office.broker, clock=office.clock)
    while await worker.look():
        pass


def pin() -> AccountEvent:
    """Return news about the PIN."""
    return AccountEvent("security", value={"event": "PIN_CHANGED", "display_phone_number": "622150005000"})


def error(number: int = 1) -> AccountEvent:
    """Return news about an error."""
    return AccountEvent("errors", value={"code": 130429, "title": f"Rate limit hit {number}"})


async def test_an_account_of_which_nothing_was_said_says_so(desk: Desk) -> None:
    """Without news the page claims nothing: no quality, no limit, no filter."""
    tree = await desk.show("/whatsapp")
    assert tree.texts("p", "what") == ["Belum ada kabar."]
    assert tree.all("p", "chips") == []
    assert tree.texts("dt") == ["Pengiriman", "Nomor di Meta"]


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ([HistoryReport("", phase=1, progress=55), HistoryReport("", phase=0, progress=20)], "Sejauh ini sudah 55%"),
        ([HistoryReport("", phase=2, progress=100)], "Semuanya sudah diserahkan."),
        ([HistoryReport("", phase=0)], "tidak menyebutkan sisanya"),
        ([HistoryReport("", errors=(ReportedError(code=2593109),))], "Tidak diserahkan"),
    ],
)
async def test_how_far_the_phones_history_is(desk: Desk, reports: list[HistoryReport], said: str) -> None:
    """Progress and a refusal of the phone app's history stand on the page in words, and in the API."""
    await arrive(desk.office.database, *reports, at=desk.office.clock.now())
    inbound = Inbound(desk.office)
    while await inbound.look():
        pass
    tree = await desk.show("/whatsapp")
    assert "Pesan lama dari aplikasi di ponsel" in tree.texts("dt")
    assert said in text_of(tree.one("section", id="state"))


async def test_the_page_is_in_the_navigation_of_every_page(desk: Desk) -> None:
    """From everywhere it is one step away, and it says where one is."""
    (nav,) = (await desk.show("/inbox")).all("nav")
    steps = ["/inbox", "/worklist", "/notices", "/templates", "/whatsapp", "/account"]
    assert [link.get("href") for link in nav.iter("a")] == steps
    (nav,) = (await desk.show("/whatsapp")).all("nav")
    assert [link.get("href") for link in nav.iter("a") if link.get("aria-current")] == ["/whatsapp"]


async def test_news_is_paged_and_told_apart_by_section(desk: Desk) -> None:
    """Each section has its count and its own list; older news follows behind a link."""
    await tell(desk.office, pin(), *(error(number) for number in range(25)))
    tree = await desk.show("/whatsapp")
    assert text_of(tree.one("p", id="chips")) == "Semua 26 Keamanan 1 Galat yang dilaporkan 25"
    assert len(tree.all("li", "entry")) == 20
    (older,) = [a.get("href", "") for a in tree.root.iter("a") if "cursor" in a.get("href", "")]
    assert len((await desk.show(older)).all("li", "entry")) == 6
    assert len((await desk.show("/whatsapp?section=security")).all("li", "entry")) == 1
    (older,) = [
        a.get("href", "")
        for a in (await desk.show("/whatsapp?section=errors")).root.iter("a")
        if "cursor" in a.get("href", "")
    ]
    assert len((await desk.show(older)).all("li", "entry")) == 5


@pytest.mark.parametrize("query", ["section=none", "cursor=x", "section=errors&cursor=1.2"])
async def test_an_address_that_makes_no_sense_is_refused(desk: Desk, query: str) -> None:
    """A section or cursor that is none is a bad request."""
    assert (await desk.get(f"/whatsapp?{query}")).status == 400


async def test_every_section_can_be_opened(desk: Desk) -> None:
    """Also one without any news."""
    for section in SECTIONS:
        assert (await desk.get(f"/whatsapp?section={section}")).status == 200


async def test_nothing_of_the_news_is_markup(desk: Desk) -> None:
    """Whatever Meta says is shown as text, with hidden characters made visible."""
    value: dict[str, Any] = dict.fromkeys(("event", "message_template_name", "reason", EVIL), EVIL)
    await tell(
        desk.office,
        AccountEvent("message_template_status_update", value=value),
        AccountEvent(EVIL, value=value),
        AccountEvent("account_update", value={"event": "ACCOUNT_RESTRICTION", "restriction_info": EVIL}),
        AccountEvent("phone_number_name_update", value={"display_phone_number": EVIL, "decision": "REJECTED"}),
    )
    answer = await desk.get("/whatsapp")
    assert "<script>alert" not in answer.text
    assert "[U+202E]" in answer.text


async def test_a_pause_is_shown_with_its_button(desk: Desk) -> None:
    """The page says why sending stands still and lets whoever may resume it."""
    number = desk.office.settings.whatsapp.phone_number_id
    await desk.office.database.write(lambda tx: numbers.ensure(tx, number))
    await desk.office.database.write(
        lambda tx: tx.run("UPDATE number SET paused_at = 1, paused_reason = 'token', paused_token = 'x'")
    )
    section = (await desk.show("/whatsapp")).one("section", id="state")
    assert "Dijeda" in text_of(section)
    assert (await desk.post("/sending/resume", back="/whatsapp")).location == "/whatsapp"
    assert "Tidak dijeda" in text_of((await desk.show("/whatsapp")).one("section", id="state"))


async def test_an_assistant_sees_the_account_without_the_button(office: Office) -> None:
    """Who may read may know how the account stands."""
    async with open_desk(office, role="assistant") as desk:
        await tell(office, pin())
        assert len((await desk.show("/whatsapp")).all("li", "entry")) == 1


async def test_a_program_gets_the_account(served: Served) -> None:
    """The API gives state, counts and news with our words and Meta's; times are RFC 3339 in UTC."""
    await tell(served.office, pin(), error())
    answer = await served.call("GET", "/api/v1/account?section=security", headers=await served.bearer())
    account = json.loads(answer.body)
    assert answer.status == 200
    assert account["counts"] == {"errors": 1, "security": 1}
    assert account["state"]["numbers"][0]["pin"] == {
        "kind": "pin_changed",
        "since": "2026-03-02T05:00:00Z",
        "word": "PIN_CHANGED",
        "said": "",
        "name": "",
    }
    (line,) = account["news"]["items"]
    assert (line["severity"], line["section"], line["needs_seeing"]) == ("danger", "security", True)
    assert line["news"] == {
        "kind": "pin_changed",
        "field": "security",
        "word": "PIN_CHANGED",
        "about": "622150005000",
    }


@pytest.mark.parametrize("query", ["section=none", "limit=0", "cursor=x"])
async def test_a_program_that_asks_nonsense_is_told(served: Served, query: str) -> None:
    """A section, limit or cursor that is none is 400."""
    assert (await served.call("GET", f"/api/v1/account?{query}", headers=await served.bearer())).status == 400


async def test_without_a_token_there_is_no_account(served: Served) -> None:
    """The account is for those who may read."""
    assert (await served.get("/api/v1/account")).status == 401
    assert (await served.get("/whatsapp")).status == 303
