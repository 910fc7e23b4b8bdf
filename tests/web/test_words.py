"""What pages claim, in both languages."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from tests.web import msgids
from tests.web.messages import outbound
from wabridge.errors import RequestError, WindowClosed
from wabridge.model import failures
from wabridge.model.banner import BannerKind
from wabridge.model.delivery import Delivery, Status
from wabridge.web import language, remarks, words

CATALOGUES = language.read_catalogues()
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def at(minute: int) -> datetime:
    """A minute after ten in Jakarta."""
    return datetime(2026, 11, 23, 3, minute, tzinfo=UTC)


def said(delivery: Delivery, **more: Any) -> list[str]:
    """Return the sentences about a delivery."""
    return [step.sentence for step in words.steps(outbound(delivery=delivery, **more))]


def entries(catalogue: Catalog) -> dict[msgids.Entry, msgids.Entry]:
    """Return msgid and msgstr of every message, each as a tuple of its forms."""
    return {_forms(message.id): _forms(message.string) for message in catalogue if message.id}


def _forms(said: Any) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (said,)


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_sentence_stands_in_every_catalogue_and_nothing_else_does(spoken: str) -> None:
    """Pages and catalogues name exactly the same sentences."""
    assert set(entries(CATALOGUES[spoken])) == msgids.spoken()


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_translation_is_complete_and_keeps_its_placeholders(spoken: str) -> None:
    """No sentence is untranslated, and each fills in the same values as the English one."""
    for english, translated in entries(CATALOGUES[spoken]).items():
        assert all(translated), english
        wanted = {name for form in english for name in PLACEHOLDER.findall(form)}
        assert {name for form in translated for name in PLACEHOLDER.findall(form)} == wanted, english


def test_indonesian_is_a_translation() -> None:
    """Only names and words that are the same in both languages read alike."""
    alike = {english[0] for english, own in entries(CATALOGUES["id"]).items() if english[0] == own[0]}
    assert alike == {"Operator", "Program {name}", "Video"}


def test_delivered_always_says_not_necessarily_read() -> None:
    """Wherever the word for delivered is said, it says that it need not have been read."""
    for sentence in (words.DELIVERED, words.DELIVERED_AT_UNKNOWN_TIME, words.SHORT["delivered"].sentence):
        assert "not necessarily read" in sentence
        assert "belum tentu dibaca" in entries(CATALOGUES["id"])[(sentence,)][0]
    assert words.REPORTED["delivered"] == words.DELIVERED


def test_a_status_without_read_never_says_displayed() -> None:
    """Only Meta's read or played leads to the word for displayed."""
    for status in ("pending", "unknown", "sent", "delivered", "failed", "cancelled"):
        delivery = Delivery(status=status, accepted_at=at(1), sent_at=at(2), delivered_at=at(3))
        assert not [sentence for sentence in said(delivery) if "Displayed" in sentence]


def test_times_come_in_the_order_of_the_road() -> None:
    """Accepted, sent, arrived and displayed each stand with their own time."""
    delivery = Delivery(status="read", accepted_at=at(2), sent_at=at(2), delivered_at=at(3), read_at=at(5))
    line = words.steps(outbound(delivery=delivery))
    assert [(step.sentence, step.at) for step in line] == [
        (words.ACCEPTED, at(2)),
        (words.SENT, at(2)),
        (words.DELIVERED, at(3)),
        (words.READ, at(5)),
    ]


def test_an_implied_arrival_has_no_time() -> None:
    """A read without delivered says that the arrival is implied, and invents no time."""
    line = words.steps(outbound(delivery=Delivery(status="read", delivered_is_implied=True, read_at=at(5))))
    assert (words.DELIVERED_IMPLIED, None) in [(step.sentence, step.at) for step in line]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("pending", words.PENDING),
        ("unknown", words.UNKNOWN),
        ("sent", words.ACCEPTED),
        ("delivered", words.DELIVERED_AT_UNKNOWN_TIME),
        ("read", words.READ_AT_UNKNOWN_TIME),
        ("failed", words.FAILED),
        ("cancelled", words.CANCELLED),
    ],
)
def test_a_status_without_any_time_is_still_said(status: Status, sentence: str) -> None:
    """Every status has its word even if nobody gave a time; sent claims only that Meta took it."""
    assert sentence in said(Delivery(status=status))


def test_a_held_message_asks_for_a_decision() -> None:
    """A message that waited too long says so instead of waiting on in silence."""
    assert said(Delivery(status="pending"), hold="late") == [words.HELD["late"]]


def test_a_contradiction_and_a_double_delivery_are_said() -> None:
    """Nothing is repaired: failed beside delivered, and two attempts that arrived, both show."""
    line = said(Delivery(status="delivered", delivered_at=at(3), failed_at=at(4), conflict=True, twice=True))
    assert line[-2:] == [words.CONFLICT, words.TWICE]
    assert words.DELIVERED in line


def test_every_reason_has_a_sentence_and_advice() -> None:
    """No failure code leads to a reason without words."""
    assert set(words.FAILURES) == set(failures.ALL)


@pytest.mark.parametrize("code", [None, 0, -7, 999999999])
def test_an_unknown_code_still_has_words(code: int | None) -> None:
    """A code nobody has heard of is explained as far as possible."""
    assert words.failure(code) == words.FAILURES["other"]


def test_every_banner_has_words() -> None:
    """Each kind of remark that can stand on a page has a sentence."""
    assert set(remarks.BANNERS) == set(BannerKind.__args__)  # type: ignore[attr-defined]  # a Literal knows its words


def test_a_refusal_is_explained_by_the_nearest_kind_of_error() -> None:
    """An error has its own sentence, its family's, or a general one."""
    assert remarks.refusal(WindowClosed("closed")) == remarks.REFUSALS[WindowClosed]
    assert remarks.refusal(RequestError("something")) == remarks.REFUSED
