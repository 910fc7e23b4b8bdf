"""The tables of who somebody is, row by row and as a whole."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from wabridge.model import identity
from wabridge.model.contact import Contact, Identity, IdentityKind
from wabridge.model.event import Person
from wabridge.model.identity import Came, Change, Holder, Number, Successor, Verdict
from wabridge.model.ids import ContactId

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
P1, P2, U1, U2, PARENT = "6281200000001", "6281200000002", "ID.1", "ID.2", "ID.ENT.9"


def known(kind: IdentityKind, value: str, at: datetime = NOON - DAY, **more: datetime | None) -> Identity:
    """Return an identity that WhatsApp showed."""
    given = {"confirmed_at": at, **more}
    return Identity(kind=kind, value=value, first_seen_at=at, last_seen_at=at, learned="message", **given)


def contact(number: int, *identities: Identity) -> Contact:
    """Return somebody with these identities."""
    return Contact(id=ContactId(number), name="", standing="lead", created_at=NOON - 9 * DAY, identities=identities)


def test_every_case_that_can_be_is_in_the_table() -> None:
    """A row for each combination that can occur, and none for one that cannot."""
    cases = set()
    for came, number in itertools.product(get_args(Came), get_args(Number)):
        if number in ("same", "passed on") and came != "known":
            continue  # only an account that is known can have a number
        if (came, number) == ("none", "none"):
            continue  # nobody at all
        for holder in get_args(Holder):
            if (holder != "") == (number == "elsewhere"):
                cases.add((came, number, holder))
    assert set(identity.TABLE) == cases


@pytest.mark.parametrize("case", list(identity.TABLE))
@pytest.mark.parametrize("has_number", [False, True])
def test_no_verdict_contradicts_itself(case: tuple[Came, Number, Holder], has_number: bool) -> None:
    """What is found is known; joining and moving need two; whoever loses a number to another person hears of it."""
    came, number, holder = case
    verdict = identity.decide(came, number, holder, has_number=has_number)
    assert verdict.whose != "account" or came == "known"
    assert verdict.whose != "phone" or number == "elsewhere"
    assert came != "known" or verdict.whose == "account"
    assert not verdict.joins or (came == "known" and number == "elsewhere" and not verdict.phone_moves)
    assert not verdict.phone_moves or number == "elsewhere"
    assert (verdict.other_alert is not None) == (verdict.phone_moves and holder != "left")


@pytest.mark.parametrize(
    ("person", "account", "phone", "verdict"),
    [
        pytest.param(Person(user_id=U1), None, None, Verdict("new"), id="nobody knows them"),
        pytest.param(
            Person(user_id=U1, phone=P1), contact(1, known("user_id", U1)), None, Verdict("account"),
            id="a known account shows its number for the first time",
        ),
        pytest.param(
            Person(user_id=U1, phone=P2), contact(1, known("user_id", U1), known("phone", P1)), None,
            Verdict("account", alert="other_number"), id="a known account shows another number",
        ),
        pytest.param(
            Person(user_id=U1, phone=P1), None, contact(1, known("phone", P1)), Verdict("phone"),
            id="a known number shows its account for the first time",
        ),
        pytest.param(
            Person(user_id=U2, phone=P1), None, contact(1, known("phone", P1), known("user_id", U1)),
            Verdict("phone", alert="other_account"), id="a known number shows another account",
        ),
        pytest.param(
            Person(user_id=U2, phone=P1), None,
            contact(1, known("phone", P1, NOON - 90 * DAY), known("user_id", U1, NOON - 90 * DAY)),
            Verdict("new", phone_moves=True, alert="number_taken_over", other_alert="number_passed_on"),
            id="after long silence, with another account, it is another person",
        ),
        pytest.param(
            Person(user_id=U2, phone=P1), None, contact(1, known("phone", P1, NOON - 90 * DAY)),
            Verdict("phone", alert="long_silence"), id="after long silence, with no account to compare",
        ),
        pytest.param(
            Person(user_id=U2, phone=P1), None,
            contact(1, known("phone", P1, replaced_at=NOON - DAY), known("user_id", U1)),
            Verdict("new", phone_moves=True), id="a number that its owner had given up",
        ),
        pytest.param(
            Person(user_id=U2, phone=P1), contact(2, known("user_id", U2), known("phone", P2)),
            contact(1, known("phone", P1), known("user_id", U1)),
            Verdict("account", phone_moves=True, alert="number_taken_over", other_alert="number_passed_on"),
            id="the account of one and the number of another",
        ),
        pytest.param(
            Person(user_id=U1, phone=P1), contact(2, known("user_id", U1)), contact(1, known("phone", P1)),
            Verdict("account", joins=True), id="two halves of one person",
        ),
        pytest.param(
            Person(parent_user_id=PARENT), contact(1, known("parent_user_id", PARENT)), None, Verdict("account"),
            id="the id for a group of businesses is an account as well",
        ),
        pytest.param(
            Person(user_id=U1, phone=P1),
            contact(1, known("user_id", U1), known("phone", P1, moved_at=NOON + DAY)),
            contact(2, known("phone", P1, NOON + DAY), known("user_id", U2)),
            Verdict("account"), id="a late message from before a number passed on",
        ),
    ],
)  # fmt: skip
def test_people_are_recognised(
    person: Person, account: Contact | None, phone: Contact | None, verdict: Verdict
) -> None:
    """Each situation leads to the row that is meant for it."""
    assert identity.recognise(person, account, phone, NOON) == verdict


def test_a_username_identifies_nobody() -> None:
    """A username is an identity that is shown, and leads nowhere."""
    assert not Person(username="lin").is_known
    assert identity.values(Person(username="lin")) == [("username", "lin")]


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("successor", get_args(Successor))
def test_metas_word_about_a_change_is_followed(is_known: bool, successor: Successor) -> None:
    """Somebody known stays the one it is about; nobody is joined to a person seen long before."""
    change = identity.decide_change(is_known, successor)
    assert (change.whose == "old") == is_known
    assert not change.joins or (is_known and successor == "young")
    assert change.contradicts == (is_known and successor == "older")
    assert change.phone_moves == (successor == "number only")


def test_a_contact_made_by_the_first_message_from_a_new_number_is_the_same_person() -> None:
    """The first message overtook Meta's word; somebody seen long before is somebody else."""
    old, new = contact(1, known("user_id", U1)), Person(phone=P2, user_id=U2)
    young = contact(2, known("phone", P2, NOON + DAY), known("user_id", U2, NOON + DAY))
    older = contact(2, known("phone", P2, NOON - 30 * DAY), known("user_id", "ID.3", NOON - 30 * DAY))
    assert identity.follow(old, young, new, NOON) == Change("old", joins=True)
    assert identity.follow(old, older, new, NOON) == Change("old", phone_moves=True)


def test_a_message_goes_to_the_newest_number_that_whatsapp_showed() -> None:
    """What a card or a colleague said comes last; without any number the user id serves."""
    by_hand = Identity("phone", "628139", NOON + DAY, NOON + DAY, "hand")
    old = known("phone", P1, NOON - 2 * DAY)
    assert contact(1, by_hand, old, known("phone", P2)).address == (P2, None)
    assert contact(1, known("phone", P1, NOON, replaced_at=NOON), known("phone", P2)).address == (P2, None)
    assert contact(1, by_hand, known("user_id", U1)).address == (None, U1)
    assert contact(1, by_hand).address == ("628139", None)
    assert contact(1, known("phone", P1, moved_at=NOON), known("parent_user_id", PARENT)).address == (None, PARENT)
    assert contact(1, known("username", "lin")).address == (None, None)
