"""What may be said of a message and of a notice, and what may not."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.dossiers.invented import invent
from wabridge import evidence
from wabridge.evidence import certificate, levels
from wabridge.evidence.exhibits import Message
from wabridge.evidence.words import Words
from wabridge.model.delivery import AttemptFacts, StatusFact, assess

WORDS = Path(evidence.__file__).parent / "words"
FORBIDDEN = (
    "terbukti dibaca", "klien pasti", "pasti mengetahui", "sah di pengadilan", "tidak dapat disangkal",
    "bukti sempurna", "anti-pemalsuan", "dijamin", "proven", "guarantee", "undeniable", "tamper-proof", "certainly",
    "legally valid",
)  # fmt: skip
AT = datetime(2026, 11, 3, 3, 4, 5, tzinfo=UTC)


def words(language: str) -> Words:
    return Words(language, zone="WIB", utc_offset_minutes=420)


def said(sentences: list[list[Any]]) -> str:
    return " ".join("".join(p if isinstance(p, str) else next(iter(p.values())) for p in s) for s in sentences)


def reported(*statuses: str, message: Message) -> Message:
    facts = tuple(StatusFact(status=each, at=AT, arrived_at=AT, code=131026) for each in statuses)
    known = assess([AttemptFacts(outcome="accepted", accepted_at=AT, statuses=facts)])
    return msgspec.structs.replace(message, delivery=known, events=())


@pytest.fixture(scope="module")
def message() -> Message:
    return next(each for each in invent(4).dossier.messages if each.is_main)


def keys(table: dict[str, Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in table.items():
        found |= keys(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}"}
    return found


def test_both_languages_say_the_same_things() -> None:
    """Each sentence stands in both languages, with the same places to fill."""
    both = [tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8")) for language in ("id", "en")]
    assert keys(both[0]) == keys(both[1])
    places = [re.findall(r"\{\w+\}", str(sorted(table["level"].items()))) for table in both]
    assert sorted(places[0]) == sorted(places[1])


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_document_claims_more_than_was_reported(language: str) -> None:
    """None of the words that promise proof stands in any sentence of certificate or bundle."""
    text = (WORDS / f"{language}.toml").read_text("utf-8").lower()
    assert [word for word in FORBIDDEN if word in text] == []


def test_delivered_is_said_not_to_be_read(message: Message) -> None:
    """Where a message arrived on a device it is said at once that this does not mean it was read."""
    text = said(levels.of_message(reported("delivered", message=message), words("id")))
    assert "Status ini tidak menunjukkan bahwa pesan telah dibaca." in text
    assert "ketiadaan sinyal bukan bukti bahwa pesan tidak dibaca, dan bukan bukti bahwa pesan dibaca" in text


def test_an_implied_arrival_has_no_time(message: Message) -> None:
    """With a read signal alone, the time of arrival is said to be unknown."""
    text = said(levels.of_message(reported("read", message=message), words("id")))
    assert "ditampilkan" in text
    assert "waktu sampai tidak diketahui" in text


def test_contradicting_reports_are_both_told(message: Message) -> None:
    """A failure beside an arrival is told as a contradiction, not decided."""
    text = said(levels.of_message(reported("delivered", "failed", message=message), words("en")))
    assert "arrived on a device" in text
    assert "contradict each other" in text


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [((), "menerima permintaan kirim"), (("sent",), "dikirim"), (("failed",), "gagal disampaikan")],
)
def test_each_level_has_its_sentence(statuses: tuple[str, ...], expected: str, message: Message) -> None:
    """What was reported decides the sentence, and nothing below delivered speaks of reading."""
    text = said(levels.of_message(reported(*statuses, message=message), words("id")))
    assert expected in text
    assert "dibaca" not in text


def test_silence_is_recorded_as_silence() -> None:
    """A notice past its deadline says that nobody confirmed, and that silence is no consent."""
    notice = msgspec.structs.replace(invent(4).dossier.notices[0], outcome="overdue", confirmations=())
    text = said([levels.of_notice(notice, words("id"))])
    assert "belum ada konfirmasi" in text
    assert "Diam tidak dicatat sebagai persetujuan" in text


def test_a_confirmation_names_button_message_and_document() -> None:
    """The sentence of a confirmation names the button, the message it answers and the document it is bound to."""
    notice = invent(4).dossier.notices[0]
    text = said([levels.of_notice(notice, words("id"))])
    answer = notice.confirmations[0]
    assert all(part in text for part in (answer.button_title, answer.context_id, answer.document_sha256))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_cover_says_what_is_recorded_and_what_is_not(language: str) -> None:
    """From the cover alone a stranger can tell what was sent, what is known of its receipt, and the limits."""
    whole = invent(30, language=language).dossier  # type: ignore[arg-type]  # both are languages
    cover = certificate.build(whole, evidence_sha256="0" * 64, office_root="")["cover"]
    results = said([sentence for result in cover["results"] for sentence in result["said"]])
    assert whole.notices[0].confirmations[0].button_title in results
    assert ("bukan", "not")[language == "en"] in said([cover["what"]])
    assert len(cover["limits"]) == 3


def test_a_ledger_without_anchors_is_never_called_anchored() -> None:
    """Where nothing lies outside the office yet, the cover says so, whatever else the dossier says."""
    whole = invent(4).dossier
    bare = msgspec.structs.replace(whole.ledger, anchors=(), not_anchored_since=None)
    whole = msgspec.structs.replace(whole, ledger=bare)
    cover = certificate.build(whole, evidence_sha256="0" * 64, office_root="")["cover"]
    assert "Belum berjangkar di luar kantor sejak daun 0" in cover["anchored"]


def test_what_does_not_fit_on_the_cover_is_counted_there() -> None:
    """Of many notices some stand on the cover, and how many more there are."""
    whole = invent(4).dossier
    many = tuple(msgspec.structs.replace(whole.notices[0], notice_id=f"NH-{n}") for n in range(9))
    whole = msgspec.structs.replace(whole, notices=many)
    titles = [
        each["title"] for each in certificate.build(whole, evidence_sha256="", office_root="")["cover"]["results"]
    ]
    assert sum("NH-" in title for title in titles) == 3
    assert any("(6)" in title for title in titles)


def test_what_meta_never_told_is_said_in_words() -> None:
    """A number and a name that nobody knows are no empty quotation marks, and what is not set has no line."""
    whole = invent(8).dossier
    sender = msgspec.structs.replace(whole.sender, display_number="", verified_name="", address="", waba_id="")
    bare = msgspec.structs.replace(whole, sender=sender)
    ids = dict(certificate.build(bare, evidence_sha256="", office_root="")["cover"]["ids"])
    number, name = ids["Nomor WhatsApp kantor"].split(" · ")
    assert number == "belum diberitahukan Meta kepada sistem ini"
    assert name == "nama terverifikasi: belum diberitahukan Meta kepada sistem ini"
    assert ids["Kantor"] == sender.office
    assert "“”" not in str(ids)
    assert "WABA" not in str(ids)
