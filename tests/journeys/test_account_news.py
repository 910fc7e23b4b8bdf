"""From the raw webhook to the words on the page: what Meta says beside the messages."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.arrivals import add_webhook, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.web.desk import Desk, open_desk
from tests.web.parsed import text_of
from tests.whatsapp import samples
from tests.whatsapp.damaged import damage
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.account import Account
from wabridge.gateway.intake import Intake
from wabridge.gateway.statuses import Statuses

TOLD_AT = datetime.fromtimestamp(1790420400, UTC)
APPEAL = "meminta peninjauan di sana"

NEWS: list[tuple[str, list[str], str | None]] = [
    # payload file, what the page says, what stands on top of every page
    (
        "account_restricted",
        ["Meta membatasi akun.", APPEAL, "tidak dapat memulai percakapan", "Sampai 3 Okt 2026", "ACCOUNT_RESTRICTION"],
        "Meta membatasi akun WhatsApp kantor.",
    ),
    ("account_violation", ["melanggar salah satu aturannya", "ADULT", APPEAL], "melanggar salah satu aturannya"),
    ("account_disabled", ["Meta menonaktifkan akun.", "DISABLE", "September 26, 2026"], "Meta menonaktifkan akun"),
    ("account_to_be_disabled", ["akan menonaktifkan akun", "SCHEDULE_FOR_DISABLE"], "Meta menonaktifkan akun"),
    ("account_reinstated", ["mengaktifkan akun kembali", "Tidak ada yang perlu dilakukan"], None),
    ("account_deleted", ["Akun dihapus di Meta."], "Akun WhatsApp kantor dihapus di Meta."),
    ("account_offboarded", ["terputus dari program ini", "USER_INITIATED", "BUSINESS"], "terputus dari program ini"),
    ("account_disconnected_in_the_app", ["terputus", "PRIMARY_INACTIVITY"], "terputus dari program ini"),
    ("account_reconnected", ["Nomor atau akun tersambung."], None),
    ("account_price_step", ["VOLUME_BASED_PRICING_TIER_UPDATE", "0:250000"], "Ada kabar dari Meta"),
    ("account_reviewed", ["Meta menyetujui akun."], None),
    ("account_refused", ["Meta tidak menyetujui akun.", APPEAL], "Meta tidak menyetujui akun WhatsApp kantor."),
    ("account_settings", ["Pengaturan akun diubah.", "calling"], None),
    (
        "alert_about_payment",
        ["masalah pembayaran", "PAYMENT_ISSUE", "There is a problem", "CRITICAL", "metode pembayaran"],
        "Meta melaporkan masalah pembayaran",
    ),
    ("alert_about_payment_is_over", ["masalah pembayaran sudah selesai"], None),
    ("alert_of_unknown_type", ["SOMETHING_NEW", "Something new is there."], "Ada kabar dari Meta"),
    ("alert_that_is_grave", ["Meta memberi peringatan", "CAPABILITY_DEFERRED"], "memberi peringatan"),
    ("capability_of_the_business", ["2.000 orang per hari", "Jumlah nomor yang diizinkan", "20"], None),
    (
        "number_flagged",
        ["mutu nomor ini rendah", "1.000 orang per hari", "+1 555-010-0200", "FLAGGED", "Mutu: rendah"],
        "Meta menilai mutu nomor kantor rendah.",
    ),
    ("number_unflagged", ["tidak lagi menilai mutu", "Mutu: tidak lagi rendah"], None),
    ("number_downgraded", ["lebih sedikit orang", "250 orang per hari", "TIER_1K"], "lebih sedikit orang"),
    ("number_upgraded", ["lebih banyak orang", "10.000 orang per hari"], None),
    ("number_with_more_throughput", ["lebih cepat", "berapa pun orang per hari", "THROUGHPUT_UPGRADE"], None),
    ("number_joined", ["Sebuah nomor ditambahkan", "ONBOARDING"], None),
    ("name_approved", ["Meta menyetujui nama", "Kantor Hukum Contoh disetujui"], None),
    (
        "name_rejected",
        ["Meta menolak nama", "Kantor Hukum Contoh ditolak", "NAME_NOT_CONSISTENT", "nama lain"],
        "Meta menolak nama yang dilihat orang di WhatsApp.",
    ),
    ("name_deferred", ["sedang ditinjau", "DEFERRED"], None),
    ("username_approved", ["nama pengguna", "kantorcontoh", "approved"], None),
    ("pin_changed", ["PIN nomor diubah.", "PIN_CHANGED", "61555822107539"], "PIN nomor kantor diubah"),
    ("pin_reset_requested", ["meminta pengaturan ulang PIN"], "PIN nomor kantor diubah"),
    ("pin_reset", ["PIN nomor diatur ulang."], "PIN nomor kantor diubah"),
    (
        "template_rejected",
        ["menolak sebuah templat", "order_update (en_US)", "Separate parameters with text", "Kategori", "MARKETING"],
        "Meta menolak 1 templat.",
    ),
    ("template_paused", ["menjeda sebuah templat", "LOW_QUALITY"], "Meta menjeda 1 templat."),
    ("template_disabled", ["untuk seterusnya", "September 30, 2026"], "Meta menonaktifkan 1 templat untuk seterusnya."),
    ("template_locked", ["mengunci sebuah templat", "The template is locked for now"], "1 templat perlu diperhatikan."),
    ("template_approved", ["templat dapat dipakai", "UTILITY"], None),
    ("template_with_low_quality", ["mutu sebuah templat rendah", "YELLOW", "RED"], "1 templat perlu diperhatikan."),
    ("template_with_good_quality", ["menilai mutu sebuah templat.", "GREEN"], None),
    ("template_category_changed", ["memindahkan sebuah templat", "MARKETING", "UTILITY"], None),
    ("template_category_announced", ["akan memindahkan", "MARKETING"], "1 templat perlu diperhatikan."),
    ("template_reworded", ["Isi sebuah templat diubah.", "Your order {{1}} is on its way", "Track"], None),
    ("flow_endpoint_is_slow", ["formulir", "ENDPOINT_LATENCY", "Flow endpoint is slow", "3000"], None),
    ("payment_configuration", ["Pengaturan pembayaran", "upi-main"], None),
    ("partner_solution", ["layanan mitra", "SOLUTION_CREATED", "774485461512159"], None),
    ("automatic_event", ["tidak meminta apa pun", "automatic_events", "Purchase"], None),
    ("consumer_profile", ["tidak meminta apa pun", "consumer_profile", "changed"], None),
    ("user_id_changed_by_a_field_of_its_own", ["user_id_update", "US.99887766554433221100"], "Ada kabar dari Meta"),
    (
        "field_of_tomorrow",
        ["belum dikenal", "brand_new_update", "SOMETHING", "level", "3"],
        "Ada kabar dari Meta",
    ),
    ("error_beside_nothing", ["tidak terkait dengan satu pesan", "130429", "Rate limit hit"], None),
    ("call_with_an_error", ["138006", "The number has calling switched off."], None),
    ("group_renamed", ["grup yang belum punya percakapan", "Perkara Contoh II", "group_settings_update"], None),
    ("group_created", ["group_create", "Nama grup", "Perkara Contoh"], None),
]


@pytest.fixture
async def desk(office: Office, fake_clock: FakeClock) -> AsyncIterator[Desk]:
    """The owner at a desk, on the day the samples were written."""
    fake_clock.now = TOLD_AT
    async with open_desk(office) as opened:
        yield opened


async def deliver(office: Office, *bodies: str | bytes) -> None:
    """Let webhooks take the whole road inwards; a text names a payload file."""
    for body in bodies:
        raw = samples.body(body) if isinstance(body, str) else body
        raw = raw.replace(samples.NUMBER.encode(), PHONE_NUMBER_ID.encode())
        await office.database.write(partial(add_webhook, at=office.clock.now(), body=raw))
    workers = (
        Intake(
            database=office.database,
            broker=office.broker,
            clock=office.clock,
            dedupe_key=bytes(32),
            phone_number_ids=[PHONE_NUMBER_ID],
            business_account_ids=[samples.ACCOUNT],
        ),
        Inbound(office),
        Statuses(office.database, office.broker, office.clock),
        Account(database=office.database, broker=office.broker, clock=office.clock),
    )
    for worker in workers:
        while await worker.look():
            pass


async def banners(desk: Desk) -> list[str]:
    """Return what stands on top of the inbox."""
    return (await desk.show("/inbox")).texts("div", "banner")


async def lines(desk: Desk, path: str = "/conversations/1") -> list[str]:
    """Return the lines of a conversation that are no bubbles."""
    tree = await desk.show(path)
    return [text_of(line) for line in tree.all("li") if "happening" in line.get("class", "")]


@pytest.mark.parametrize(("name", "said", "banner"), NEWS)
async def test_each_field_reaches_the_page(desk: Desk, name: str, said: list[str], banner: str | None) -> None:
    """What Meta posts ends done and stands on the account's page in our words and Meta's; troubles on every page."""
    await deliver(desk.office, name)
    assert await column(desk.office.database, "SELECT state FROM event") == ["done"]
    page = text_of((await desk.show("/whatsapp")).one("main", id="main"))
    assert [words for words in said if words not in page] == []
    shown = await banners(desk)
    assert len(shown) == (0 if banner is None else 1), shown
    assert banner is None or banner in shown[0]


FIELDS = {
    *("account_update", "account_review_update", "account_settings_update", "account_alerts"),
    *("business_capability_update", "business_username_update", "phone_number_quality_update"),
    *("phone_number_name_update", "security", "message_template_status_update", "message_template_quality_update"),
    *("message_template_components_update", "template_category_update", "flows", "payment_configuration_update"),
    *("partner_solutions", "automatic_events", "consumer_profile", "user_id_update", "calls"),
    *("group_lifecycle_update", "group_settings_update"),
}


def test_every_field_beside_the_messages_is_in_the_table() -> None:
    """No field that Meta names is left out."""
    named = {samples.parsed(name)["entry"][0]["changes"][0]["field"] for name, _, _ in NEWS}
    assert named >= FIELDS


@pytest.mark.parametrize(
    ("trouble", "relief"),
    [
        ("number_flagged", "number_unflagged"),
        ("name_rejected", "name_approved"),
        ("account_disabled", "account_reinstated"),
        ("account_offboarded", "account_reconnected"),
        ("account_refused", "account_reviewed"),
        ("alert_about_payment", "alert_about_payment_is_over"),
    ],
)
async def test_a_standing_remark_leaves_with_the_contrary_news(desk: Desk, trouble: str, relief: str) -> None:
    """What was put right leaves every page by itself; the news stays on the account's page."""
    await deliver(desk.office, trouble)
    assert len(await banners(desk)) == 1
    await deliver(desk.office, samples.body(relief).replace(b"1790420400", b"1790420401"))
    assert await banners(desk) == []
    assert len((await desk.show("/whatsapp")).all("li", "entry")) == 2


async def test_a_restriction_leaves_at_its_end(desk: Desk, fake_clock: FakeClock) -> None:
    """A restriction whose end has come stands nowhere on top any more."""
    await deliver(desk.office, "account_restricted")
    assert len(await banners(desk)) == 1
    fake_clock.now = datetime.fromtimestamp(1791025200, UTC)
    assert await banners(desk) == []


async def test_a_remark_leaves_when_somebody_has_seen_it(desk: Desk) -> None:
    """The button takes it down, and the page says who has seen it."""
    await deliver(desk.office, "pin_changed")
    assert (await desk.post("/notifications/security_event/seen", back="/whatsapp")).location == "/whatsapp"
    assert await banners(desk) == []
    assert f"dilihat oleh {desk.me.name}" in text_of((await desk.show("/whatsapp")).one("li", "entry"))


async def test_news_about_another_account_is_counted_and_nothing_else(desk: Desk) -> None:
    """What is about somebody else's account is kept and raises nothing."""
    await deliver(desk.office, samples.body("account_disabled").replace(samples.ACCOUNT.encode(), b"999"))
    assert await column(desk.office.database, "SELECT state FROM event") == ["foreign"]
    assert await banners(desk) == []
    assert "1 kabar tentang nomor atau akun lain" in text_of((await desk.show("/whatsapp")).one("section", id="state"))


@pytest.mark.parametrize("order", [("call_rings", "call_ends"), ("call_ends", "call_rings")])
async def test_a_call_is_one_line(desk: Desk, order: tuple[str, str]) -> None:
    """Ringing and end, in whatever order, are one line with direction and length; the person becomes a contact."""
    await deliver(desk.office, *order)
    (line,) = await lines(desk)
    assert line.startswith("Panggilan masuk, 2 menit 17.00")
    assert "IN IP4" not in line
    (inbox,) = (await desk.show("/inbox")).all("li", "line")
    assert "Ada Example" in text_of(inbox)
    assert "Panggilan masuk" in text_of(inbox)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["call_rings"], "Panggilan masuk"),
        (["call_missed"], "Panggilan tak terjawab"),
        (["call_rejected"], "Panggilan masuk, ditolak"),
        (["call_of_the_office"], "Panggilan keluar"),
        (["call_of_the_office", "call_of_the_office_is_rejected"], "Panggilan keluar, ditolak"),
        (["call_without_phone_number"], "Panggilan tak terjawab"),
    ],
)
async def test_a_call_says_how_it_went(desk: Desk, names: list[str], said: str) -> None:
    """Missed, rejected and the office's own calls have words of their own."""
    await deliver(desk.office, *names)
    (line,) = await lines(desk)
    assert line.startswith(said + " ")


@pytest.mark.parametrize(("name", "is_open", "unread"), [("call_missed", True, 1), ("call_of_the_office", False, 0)])
async def test_a_call_from_a_person_opens_the_window(desk: Desk, name: str, is_open: bool, unread: int) -> None:
    """Whoever calls may be answered for 24 hours and waits to be seen; whom the office calls does neither."""
    await deliver(desk.office, name)
    assert await column(desk.office.database, "SELECT unread FROM conversation") == [unread]
    opened = await column(desk.office.database, "SELECT window_opened_at FROM conversation")
    assert opened == [1790416830 * 10**6 if is_open else None]


async def test_a_word_about_advertising_stands_at_the_person(desk: Desk) -> None:
    """The header says that somebody wants no advertising, the conversation when they said so; later words win."""
    await deliver(desk.office, "user_preferences")
    tree = await desk.show("/conversations/1")
    assert "Menolak promosi" in text_of(tree.one("div", id="person"))
    (line,) = await lines(desk)
    assert line.startswith("Orang ini menolak pesan promosi dari kantor")
    await deliver(desk.office, "user_preferences_resumed")
    assert "Menolak promosi" not in text_of((await desk.show("/conversations/1")).one("div", id="person"))
    assert len(await lines(desk)) == 2


async def test_an_older_word_about_advertising_changes_nothing(desk: Desk) -> None:
    """Webhooks come in any order: what was said last by Meta's time holds."""
    await deliver(desk.office, "user_preferences_resumed", "user_preferences")
    assert "Menolak promosi" not in text_of((await desk.show("/conversations/1")).one("div", id="person"))


async def test_a_change_of_a_known_group_is_a_line_in_it(desk: Desk) -> None:
    """In the group's conversation, which stays read-only, everything that came stands in a line."""
    await deliver(desk.office, "text_in_group", "group_joined", "group_renamed", "group_suspended")
    said = await lines(desk)
    assert [line.split(" 1")[0] for line in said] == [
        "Ada yang bergabung ke grup",
        "Nama atau pengaturan grup diubah",
        "Meta menangguhkan grup",
    ]
    assert "Perkara Contoh II" in said[1]
    assert "16505550123" in said[0]
    assert await column(desk.office.database, "SELECT count(*) FROM account_news") == [0]
    assert not (await desk.show("/conversations/1")).all("textarea")


DAMAGED = [
    *(name for name, _, _ in NEWS),
    *("call_rings", "call_ends", "call_of_the_office_is_rejected", "user_preferences", "group_joined"),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """One of the samples with up to four damages, as bytes."""
    root: Any = samples.parsed(draw(st.sampled_from(DAMAGED)))
    damage(draw, root)
    return json.dumps(root).encode("utf-8", "surrogatepass")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
async def test_whatever_is_damaged_ends_in_one_named_state(desk: Desk, body: bytes) -> None:
    """Keys dropped, renamed, retyped or doubled: every item ends done, quarantined or foreign, and pages still open."""
    await deliver(desk.office, body)
    assert await column(desk.office.database, "SELECT count(*) FROM event WHERE state = 'new'") == [0]
    for path in ("/whatsapp", "/inbox"):
        assert (await desk.get(path)).status == 200
