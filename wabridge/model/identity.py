"""Who somebody is: what a set of identities says about the contacts that are known.

The account (business-scoped user id, or that of a group of businesses) decides; a phone number can pass to another
person, and a username says nothing. `recognise` is the table for messages and delivery statuses, `follow` the one for
Meta's own word that something changed. Both are drawn in docs/decisions.md. Source: Meta, "business-scoped user IDs".
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from wabridge.model.contact import ACCOUNT_KINDS, Contact, Identity, IdentityKind
from wabridge.model.event import Person

RECYCLED_AFTER = timedelta(days=60)
"""A number that was silent for so long may have been given to somebody else by its operator."""
YOUNG = timedelta(days=1)
"""So much earlier than Meta's word about a change may its new number have been seen: webhooks overtake each other."""
SAME_NEWS = timedelta(days=8)
"""Meta repeats webhooks for 7 days: the same change within this time is the same news."""

AlertKind = Literal[
    "number_changed",
    "user_id_changed",
    "security_code_changed",
    "other_account",
    "long_silence",
    "other_number",
    "number_passed_on",
    "number_taken_over",
    "contradiction",
    "keys_changed",
    "handover_refused",
    "disowned",
]
"""number_changed, user_id_changed, security_code_changed: Meta says so. other_account: a known number shows another
account. long_silence: a number comes back after a long time with an account nobody saw before. other_number: a known
account shows another number. number_passed_on: the number now belongs to another contact; number_taken_over: the same,
said of that one. contradiction: Meta's word about a change does not fit what was seen. keys_changed: the account's keys
are others than before. handover_refused: Meta did not hand something over, because they are others than was pinned.
disowned: the account itself answered a legal notice with "this is not me"."""

ResolvedHow = Literal["call", "visit", "other"]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something about who a person is has changed. Open until somebody has made sure.

    other_contact_id: with whom it may have to do. happened_at: Meta's time.
    """

    id: int
    contact_id: int
    kind: AlertKind
    happened_at: datetime
    raised_at: datetime
    old_value: str | None = None
    new_value: str | None = None
    other_contact_id: int | None = None
    resolved_at: datetime | None = None
    resolution: ResolvedHow | None = None
    note: str | None = None
    actor_name: str | None = None


class Clearance(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answers who writes to a person with open alerts.

    through: the newest alert they have seen. how: they have made sure, and in which way; None: they have not, and say
    that the message holds nothing confidential.
    """

    through: int
    how: ResolvedHow | None = None
    note: str = ""


class Verdict(NamedTuple):
    """Whose an item is, and what follows for the contacts.

    whose: a new contact, or the one that has the account, or the one that has the number. joins: the two contacts are
    one person. phone_moves: the number leaves the contact that had it. alert: raised at whose it is; other_alert: at
    the contact that had the number.
    """

    whose: Literal["new", "account", "phone"]
    joins: bool = False
    phone_moves: bool = False
    alert: AlertKind | None = None
    other_alert: AlertKind | None = None


NEW = Verdict("new")
OF_ACCOUNT = Verdict("account")
OF_PHONE = Verdict("phone")

Came = Literal["none", "unknown", "known"]
Number = Literal["none", "unknown", "same", "elsewhere", "passed on"]
"""elsewhere: known at a contact that does not have the account. passed on: it was the account's until after that."""
Holder = Literal["", "free", "free, silent", "taken", "taken, silent", "left"]
"""What speaks against the contact that has the number. free: no account of theirs is known; taken: another one is;
silent: for long; left: Meta said that they gave the number up."""


def recognise(person: Person, account: Contact | None, phone: Contact | None, at: datetime) -> Verdict:
    """Say whose a message or a delivery status is.

    account: the contact that has the user id; phone: the one that has the number. at: Meta's time.
    """
    came: Came = "none" if not _names_account(person) else "known" if account else "unknown"
    if person.phone is None:
        number: Number = "none"
    elif phone is None:
        number = "unknown"
    elif account is not None and account.id == phone.id:
        number = "same"
    else:
        number = "passed on" if account is not None and _passed_on(account, person.phone, at) else "elsewhere"
    holder = _holder(phone, person.phone, at) if phone is not None and number == "elsewhere" else ""
    return decide(came, number, holder, has_number=account is not None and _has_number(account, person.phone))


def recognise_recipient(
    person: Person, account: Contact | None, phone: Contact | None, written_to: Contact, at: datetime
) -> Verdict:
    """Say whose a delivery status is, of a message to a contact.

    A verdict about somebody new: whoever got it is another one than we wrote to, and not known yet.
    """
    if account is None and phone is None:
        return _OTHER_ACCOUNT if accounts(written_to) else OF_PHONE
    return recognise(person, account, phone, at)


def decide(came: Came, number: Number, holder: Holder = "", *, has_number: bool = False) -> Verdict:
    """Return the row of the table. has_number: the account's contact has, or had, a number that WhatsApp showed."""
    without, with_number = TABLE[came, number, holder]
    return with_number if has_number else without


def _row(verdict: Verdict, with_number: Verdict | None = None) -> tuple[Verdict, Verdict]:
    return verdict, with_number or verdict


_OTHER_NUMBER = OF_ACCOUNT._replace(alert="other_number")
_TAKES_OVER = Verdict("account", phone_moves=True, alert="number_taken_over", other_alert="number_passed_on")
_OTHER_ACCOUNT = OF_PHONE._replace(alert="other_account")

TABLE: dict[tuple[Came, Number, Holder], tuple[Verdict, Verdict]] = {
    # Nothing but a number, or nobody known.
    ("none", "unknown", ""): _row(NEW),
    ("none", "elsewhere", "free"): _row(OF_PHONE),
    ("none", "elsewhere", "free, silent"): _row(OF_PHONE),
    ("none", "elsewhere", "taken"): _row(OF_PHONE),
    ("none", "elsewhere", "taken, silent"): _row(OF_PHONE),
    ("none", "elsewhere", "left"): _row(NEW._replace(phone_moves=True)),
    # An account nobody has seen before.
    ("unknown", "none", ""): _row(NEW),
    ("unknown", "unknown", ""): _row(NEW),
    ("unknown", "elsewhere", "free"): _row(OF_PHONE),
    ("unknown", "elsewhere", "free, silent"): _row(OF_PHONE._replace(alert="long_silence")),
    ("unknown", "elsewhere", "taken"): _row(_OTHER_ACCOUNT),
    ("unknown", "elsewhere", "taken, silent"): _row(_TAKES_OVER._replace(whose="new")),
    ("unknown", "elsewhere", "left"): _row(NEW._replace(phone_moves=True)),
    # A known account.
    ("known", "none", ""): _row(OF_ACCOUNT),
    ("known", "same", ""): _row(OF_ACCOUNT),
    ("known", "passed on", ""): _row(OF_ACCOUNT),
    ("known", "unknown", ""): _row(OF_ACCOUNT, _OTHER_NUMBER),
    ("known", "elsewhere", "free"): _row(
        OF_ACCOUNT._replace(joins=True), OF_ACCOUNT._replace(joins=True, alert="other_number")
    ),
    ("known", "elsewhere", "free, silent"): _row(_TAKES_OVER),
    ("known", "elsewhere", "taken"): _row(OF_ACCOUNT._replace(joins=True, alert="other_account"), _TAKES_OVER),
    ("known", "elsewhere", "taken, silent"): _row(_TAKES_OVER),
    ("known", "elsewhere", "left"): _row(
        OF_ACCOUNT._replace(phone_moves=True), _OTHER_NUMBER._replace(phone_moves=True)
    ),
}
"""Whose it is, without and with a number of the account's own. What is not in it cannot be."""


Successor = Literal["nobody", "same", "young", "number only", "older"]
"""Who already has the new identities. young: somebody seen first after the change; number only: somebody older has the
number, and nobody the account; older: somebody older has the account."""


class Change(NamedTuple):
    """What follows from Meta's word that one set of identities became another.

    whose: the contact it is about. joins: the one that has the new identities is the same person. phone_moves: the new
    number leaves whoever had it.
    """

    whose: Literal["new", "old", "successor"]
    joins: bool = False
    phone_moves: bool = False
    contradicts: bool = False


def follow(old: Contact | None, successor: Contact | None, new: Person, at: datetime) -> Change:
    """Say what Meta's word about a change means. old, successor: who has the old and who the new identities."""
    return decide_change(old is not None, _successor(old, successor, new, at))


def decide_change(is_known: bool, successor: Successor) -> Change:  # noqa: FBT001 - the table's first column
    """Return the row of the table. is_known: somebody has the old identities."""
    match is_known, successor:
        case True, "nobody" | "same":
            return Change("old")
        case True, "young":
            return Change("old", joins=True)
        case True, "number only":
            return Change("old", phone_moves=True)
        case True, _:
            return Change("old", contradicts=True)
        case _, "nobody":
            return Change("new")
        case _, "number only":
            return Change("new", phone_moves=True)
    return Change("successor")


def accounts(contact: Contact) -> list[Identity]:
    """Return the user ids that lead to a contact."""
    return [i for i in contact.identities if i.kind in ACCOUNT_KINDS and i.is_here]


def values(person: Person) -> list[tuple[IdentityKind, str]]:
    """Return every identity that is named, the most trusted first."""
    named: list[tuple[IdentityKind, str | None]] = [
        ("user_id", person.user_id),
        ("parent_user_id", person.parent_user_id),
        ("phone", person.phone),
        ("username", person.username),
    ]
    return [(kind, value) for kind, value in named if value]


def _names_account(person: Person) -> bool:
    return bool(person.user_id or person.parent_user_id)


def _has_number(contact: Contact, number: str | None) -> bool:
    """Say whether WhatsApp showed another number of theirs, or this one before it passed to somebody else."""
    phones = [i for i in contact.identities if i.kind == "phone"]
    is_elsewhere = any(i.value == number and not i.is_here for i in phones)
    return is_elsewhere or any(i.is_here and i.confirmed_at and not i.is_replaced for i in phones)


def _passed_on(contact: Contact, number: str, at: datetime) -> bool:
    return any(
        i.kind == "phone" and i.value == number and i.moved_at is not None and at < i.moved_at
        for i in contact.identities
    )


def _holder(contact: Contact, number: str | None, at: datetime) -> Holder:
    (held,) = (i for i in contact.identities if i.kind == "phone" and i.value == number and i.is_here)
    if held.is_replaced and held.replaced_at is not None and at > held.replaced_at:
        return "left"
    is_silent = held.confirmed_at is not None and abs(at - held.last_seen_at) >= RECYCLED_AFTER
    if accounts(contact):
        return "taken, silent" if is_silent else "taken"
    return "free, silent" if is_silent else "free"


def _successor(old: Contact | None, successor: Contact | None, new: Person, at: datetime) -> Successor:
    if successor is None:
        return "nobody"
    if old is not None and old.id == successor.id:
        return "same"
    seen = [i.first_seen_at for i in successor.identities if i.confirmed_at]
    if not seen or min(seen) >= at - YOUNG:
        return "young"
    has_account = any(successor.has(kind, value) for kind, value in values(new) if kind in ACCOUNT_KINDS)
    return "older" if has_account else "number only"
