"""Whether an answer to a legal notice confirms it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.arrivals import ADA, BUDI
from tests.notices import DEADLINE, NONCE, NOON, OLD_NONCE, STRANGE_NONCE, approval, carrier, event, notice
from wabridge.model.confirmation import Answer, Button, Judgement, build_button, disowns, is_same, judge, parse_button
from wabridge.model.event import Person
from wabridge.model.ids import NoticeId
from wabridge.model.limits import BUTTON_ID_CHARACTERS, BUTTON_TITLE_CHARACTERS, FOOTER_CHARACTERS
from wabridge.model.notice import CHOICES, TITLES, Notice, build_number, footer

RIGHT = Answer("yes", NONCE, "wamid.N1", quotes_ours=True, sender=ADA, at=NOON)
SENT_TWICE = (carrier("failed", nonce=OLD_NONCE), carrier("sent", message_id=2))
UNANSWERED = (carrier("unknown", wamids=(), is_open=True),)
REMINDED = (carrier(), carrier(message_id=2, purpose="reminder"))
RECEIPTED = (carrier(), carrier(message_id=2, purpose="receipt"))
MOVED = Person(phone=ADA.phone, user_id="ID.99999999999999999999")
WITHHELD = Person(user_id=ADA.user_id)
PINNED = (approval(key_hash="key-1"),)


def not_counted(objection: Any) -> Judgement:
    """Compose what comes of a "read" that does not count."""
    return Judgement("not_counted", objection)


@pytest.mark.parametrize(
    ("stored", "changes", "judgement"),
    [
        pytest.param({}, {}, Judgement("confirmed"), id="right"),
        pytest.param({}, {"sender": WITHHELD}, Judgement("confirmed"), id="phone withheld"),
        pytest.param({}, {"at": DEADLINE}, Judgement("confirmed"), id="at the deadline"),
        pytest.param({}, {"at": DEADLINE + timedelta(seconds=1)}, Judgement("confirmed_late"), id="after the deadline"),
        pytest.param({}, {"quoted_wamid": None, "quotes_ours": False}, Judgement("confirmed"), id="context missing"),
        pytest.param({}, {"quoted_wamid": "wamid.X"}, not_counted("wrong_context"), id="wrong context"),
        pytest.param(
            {}, {"quoted_wamid": "wamid.X", "quotes_ours": False}, not_counted("wrong_context"), id="context unknown"
        ),
        pytest.param({}, {"nonce": None}, Judgement("confirmed"), id="bound by context alone"),
        pytest.param({}, {"nonce": None, "quoted_wamid": None}, not_counted("wrong_context"), id="bound by nothing"),
        pytest.param({}, {"nonce": STRANGE_NONCE}, not_counted("unknown_nonce"), id="invented nonce"),
        pytest.param({"carriers": SENT_TWICE}, {"nonce": OLD_NONCE}, not_counted("old_nonce"), id="old nonce"),
        pytest.param({"carriers": SENT_TWICE}, {"nonce": None}, not_counted("old_nonce"), id="old context alone"),
        pytest.param({"carriers": SENT_TWICE}, {"quoted_wamid": "wamid.N2"}, Judgement("confirmed"), id="new nonce"),
        pytest.param({"carriers": REMINDED}, {"quoted_wamid": "wamid.N2"}, Judgement("confirmed"), id="on a reminder"),
        pytest.param(
            {"carriers": RECEIPTED}, {"quoted_wamid": "wamid.N2"}, not_counted("wrong_context"), id="on a receipt"
        ),
        pytest.param(
            {"carriers": UNANSWERED},
            {"quotes_ours": False},
            Judgement("confirmed"),
            id="of an attempt whose answer was lost",
        ),
        pytest.param(
            {"carriers": UNANSWERED}, {}, not_counted("wrong_context"), id="of another message, answer was lost"
        ),
        pytest.param({}, {"sender": BUDI}, not_counted("other_identity"), id="other identity"),
        pytest.param({}, {"sender": MOVED}, not_counted("other_identity"), id="same number, other account"),
        pytest.param({}, {"sender": Person()}, not_counted("other_identity"), id="nobody known"),
        pytest.param({"approvals": PINNED}, {"key_hash": "key-1"}, Judgement("confirmed"), id="pinned keys"),
        pytest.param(
            {"approvals": PINNED}, {"key_hash": "key-2"}, not_counted("identity_key_changed"), id="changed keys"
        ),
        pytest.param({"approvals": PINNED}, {}, Judgement("confirmed"), id="no keys came"),
        pytest.param({}, {"in_doubt": True}, not_counted("identity_in_doubt"), id="open identity alert"),
        pytest.param({"carriers": ()}, {}, not_counted("not_sent"), id="never sent"),
        pytest.param({"carriers": (carrier("cancelled"),)}, {}, not_counted("not_sent"), id="withdrawn"),
        pytest.param({}, {"choice": "notme"}, Judgement("not_me"), id="not me"),
        pytest.param({}, {"choice": "question"}, Judgement("question"), id="question"),
        pytest.param(
            {}, {"choice": "notme", "sender": BUDI}, Judgement("not_me", "other_identity"), id="not me, says another"
        ),
        pytest.param({}, {"choice": None, "nonce": None}, Judgement("responded"), id="quoting reply"),
    ],
)
def test_only_the_right_answer_confirms(stored: dict[str, Any], changes: dict[str, Any], judgement: Judgement) -> None:
    """Every answer has a named outcome, and one of the right account to this very notice alone confirms it."""
    assert judge(notice(**stored), RIGHT._replace(**changes), recipient=ADA) == judgement


@pytest.mark.parametrize(
    ("stored", "changes", "raises"),
    [
        pytest.param({}, {}, True, id="right"),
        pytest.param({}, {"nonce": None}, True, id="bound by context alone"),
        pytest.param({"carriers": SENT_TWICE}, {"nonce": OLD_NONCE}, True, id="an earlier sending's"),
        pytest.param({"approvals": PINNED}, {"key_hash": "key-2"}, True, id="changed keys"),
        pytest.param({}, {"in_doubt": True}, True, id="beside another doubt"),
        pytest.param({}, {"in_doubt": True, "nonce": STRANGE_NONCE}, False, id="invented, beside another doubt"),
        pytest.param({}, {"nonce": STRANGE_NONCE}, False, id="invented"),
        pytest.param({}, {"nonce": None, "quoted_wamid": None}, False, id="bound by nothing"),
        pytest.param({}, {"quoted_wamid": "wamid.X"}, False, id="under another message"),
        pytest.param({}, {"sender": BUDI}, False, id="another account"),
        pytest.param({"carriers": ()}, {}, False, id="never sent"),
        pytest.param({}, {"choice": "yes"}, False, id="read"),
        pytest.param({}, {"choice": "question"}, False, id="question"),
        pytest.param({}, {"choice": None, "nonce": None}, False, id="quoting reply"),
    ],
)
def test_only_the_approved_account_disowns(stored: dict[str, Any], changes: dict[str, Any], raises: bool) -> None:
    """A "not me" casts doubt on the recipient if it is theirs and bound to this very notice."""
    answer = RIGHT._replace(**{"choice": "notme", **changes})
    assert disowns(notice(**stored), answer, recipient=ADA) == raises


@pytest.mark.parametrize("verdict", ["confirmed", "confirmed_late"])
def test_a_double_tap_is_a_repetition(verdict: str) -> None:
    """What is confirmed is confirmed once; the second press is recorded as such."""
    assert judge(notice(event("answered", verdict)), RIGHT, recipient=ADA) == Judgement("repeated")


def test_read_after_not_me_is_a_confirmation_of_its_own() -> None:
    """Who says "not me" and then "read" has said both; the level shows the contradiction."""
    assert judge(notice(event("answered", "not_me")), RIGHT, recipient=ADA) == Judgement("confirmed")


def test_without_an_approval_nobody_can_confirm() -> None:
    """A notice that nobody approved has no recipient to whom it could be bound."""
    assert judge(notice(), RIGHT, recipient=None) == not_counted("not_sent")


def test_without_a_deadline_nothing_is_late() -> None:
    """A notice that waits for ever is confirmed whenever it is."""
    patient: Notice = notice()
    patient = msgspec.structs.replace(patient, versions=(msgspec.structs.replace(patient.version, deadline_at=None),))
    assert judge(patient, RIGHT._replace(at=DEADLINE + timedelta(days=900)), recipient=ADA).verdict == "confirmed"


@pytest.mark.parametrize(
    ("recipient", "sender", "same"),
    [
        (ADA, ADA, True),
        (ADA, Person(phone=ADA.phone), True),
        (Person(phone=ADA.phone), ADA, True),
        (Person(phone=ADA.phone), WITHHELD, False),
        (ADA, Person(phone=BUDI.phone, user_id=ADA.user_id), False),
        (Person(parent_user_id="ID.ENT.1"), Person(parent_user_id="ID.ENT.1", phone="62811"), True),
        (Person(parent_user_id="ID.ENT.1"), Person(parent_user_id="ID.ENT.2"), False),
        (Person(username="ada"), Person(username="ada"), False),
    ],
)
def test_an_account_is_the_same_if_something_agrees_and_nothing_differs(
    recipient: Person, sender: Person, *, same: bool
) -> None:
    """Missing identities say nothing, a name never does, and one that differs says no."""
    assert is_same(recipient, sender) is same


@pytest.mark.parametrize("choice", CHOICES)
def test_a_button_is_read_as_it_was_built(choice: Any) -> None:
    """Notice, nonce and choice come back out of the id, which fits Meta's limit."""
    built = build_button(NoticeId(10**18 - 1), NONCE, choice)
    assert parse_button(built) == Button(NoticeId(10**18 - 1), NONCE, choice)
    assert len(built) <= BUTTON_ID_CHARACTERS


@pytest.mark.parametrize(
    "choice_id",
    [None, "", "n:1", "n:0:" + NONCE + ":yes", "n:1:" + NONCE[1:] + ":yes", "n:1:" + NONCE + ":no", "slot-16",
     "n:1:" + NONCE.upper() + ":yes", " n:1:" + NONCE + ":yes", "n:1:" + NONCE + ":yes\n", "n:" + "9" * 30 + ":x:yes"],
)  # fmt: skip
def test_what_is_no_button_of_ours_is_none(choice_id: str | None) -> None:
    """Anything but the exact form belongs to no notice."""
    assert parse_button(choice_id) is None


def test_buttons_and_footer_fit_metas_limits() -> None:
    """Titles are short and different from each other in each language, and so is the longest footer."""
    for titles in TITLES.values():
        assert len(set(titles.values())) == 3
        assert all(len(title) <= BUTTON_TITLE_CHARACTERS for title in titles.values())
    assert len(footer(build_number(9999, 999_999_999))) <= FOOTER_CHARACTERS
