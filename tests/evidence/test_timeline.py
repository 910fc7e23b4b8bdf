"""The timeline in words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from wabridge.evidence import timeline
from wabridge.evidence.exhibits import Actor, Event, EventSource, EventWord
from wabridge.evidence.words import Words
from wabridge.model.confirmation import Objection, Verdict
from wabridge.model.decision import DecisionKind
from wabridge.model.followup import Worry
from wabridge.model.media import Reason, State
from wabridge.model.notice import MEANS, OUTCOMES, EventKind
from wabridge.model.staff import OPERATOR_NAME
from wabridge.storage.messages import Relation

_AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
_ACTS = ("replied", "cancelled", "released", "sent_unverified", "retried_file", "resent", "closed")
"""What people do to messages (`storage.acts`)."""
_OFFICE_ACTS = (
    *("added", "disabled", "revoked", "link_made", "password_set", "password_reset", "language_set", "signed_in"),
    *("signed_in_by_link", "paused_sending", "stopped_sending", "resumed_sending"),
)
"""What is done to staff, tokens and sending (`storage.acts`)."""
_TROUBLES = (
    *("timeout", "disconnect", "tls", "dns", "refused", "connect", "token", "url", "stopped", "storage", "lost"),
    *("redirect", "empty", "unreadable", "nameless", "oversize", "unsure"),
)
"""Why an attempt came to nothing (`whatsapp.cloud_api`, `whatsapp.faults`, `gateway`)."""
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("event", get_args(EventWord)),
    ("source", get_args(EventSource)),
    ("happened", get_args(EventKind)),
    ("answered", get_args(Verdict)),
    ("response", (*OUTCOMES, *get_args(Verdict))),
    ("counts_not", get_args(Objection)),
    ("channel", MEANS),
    ("worry", get_args(Worry)),
    ("relation", get_args(Relation)),
    ("missing", (*get_args(Reason), *get_args(State))),
    ("reason", _TROUBLES),
    ("office_act", _OFFICE_ACTS),
    ("done", (*_ACTS, *get_args(DecisionKind))),
)


def words(language: str = "id") -> Words:
    return Words(language, zone="WIB", utc_offset_minutes=420)


def event(word: EventWord, **more: Any) -> Event:
    return Event(**{"seq": 1, "event": word, "source": "office", "t_received": _AT, **more})


@pytest.mark.parametrize(("group", "kinds"), _KINDS)
def test_every_kind_has_words_in_both_languages(group: str, kinds: tuple[str, ...]) -> None:
    """Whatever can stand in a timeline is told in words of each language."""
    for language in ("id", "en"):
        assert set(kinds) <= set(words(language).get(group)), language


def _names(table: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in table.items():
        yield from _names(value, f"{before}{key}.") if isinstance(value, dict) else (before + key,)


def test_both_languages_have_the_same_words() -> None:
    """Nothing is said in one language that the other has no word for."""
    assert set(_names(words("id").table)) == set(_names(words("en").table))


def test_what_is_written_down_as_an_act_and_a_result_is_one_line() -> None:
    """A message and the act of writing it are one line, with both leaves."""
    told = timeline.tell_once([event("recorded", leaf=5), event("note", title="replied", leaf=6), event("note")])
    assert [(each.event.event, each.leaves) for each in told] == [("recorded", (5, 6)), ("note", ())]


def test_what_somebody_said_about_it_keeps_its_line() -> None:
    """A decision with a reason stands by itself, as does an act of another moment."""
    both = [event("note", title="resend", details="Klien meminta"), event("note", title="resent", leaf=2)]
    assert [each.event.details for each in timeline.tell_once(both)] == ["Klien meminta"]
    later = event("note", title="resent", t_received=_AT.replace(hour=6))
    assert len(timeline.tell_once([both[0], later])) == 2


def test_what_another_account_pressed_is_no_answer_of_the_recipient() -> None:
    """An answer with an objection is told as one that does not count, with what it says and why."""
    pressed = event("question", happened="answered", verdict="question", objection="other_identity")
    assert timeline.what(pressed, words()) == "Jawaban yang tidak terhitung sebagai konfirmasi"
    assert list(timeline.remarks(pressed, words())) == ["ada pertanyaan", "datang dari akun lain"]


def test_a_reminder_that_could_not_be_prepared_says_so() -> None:
    """What the program could not do is said without the name of an error."""
    failed = event("reminded", happened="reminded", objection="WindowClosed", actor=Actor(kind="rule", name="notices"))
    assert list(timeline.remarks(failed, words())) == [
        "tidak dapat dimasukkan ke antrean kirim",
        "program kantor",
    ]


def test_the_command_line_is_nobodys_name() -> None:
    """Whoever works at the command line is named in the report's language."""
    assert timeline.name_of(Actor(kind="operator", name=OPERATOR_NAME), words()) == "operator"
    assert timeline.name_of(Actor(kind="operator", name=OPERATOR_NAME), words("en")) == "the operator"
    assert timeline.named("Sari", words()) == "Sari"
