"""What a bundle says around its messages: the system, its hours and outages, the people, what is left out."""

import math
import platform
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.core.office import Office
from wabridge.core.originals import Reader
from wabridge.evidence import exhibits, sentences
from wabridge.evidence.dossier import Access, Happening, IdentityChange, Language, LeftOut, Person, Sender, System
from wabridge.model import account
from wabridge.model.contact import Contact
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId
from wabridge.storage import account as stored_account
from wabridge.storage import alerts, contacts
from wabridge.storage import exhibits as rows
from wabridge.storage.database import Transaction
from wabridge.storage.leaves import StoredLeaf

_MOST = 2000
"""So many leaves and acts of a period are looked at; a heartbeat an hour is 8,760 a year."""
_MOST_HEARTBEATS = 100_000
_MOST_BODIES = 20
_SILENCE = timedelta(hours=2)
"""A leaf comes every hour; nothing for so long is a gap."""
_KINDS = {
    "restore": ("restore", "restored"),
    "history.broken": ("other", "broken"),
    "ledger.key": ("key_change", "new_key"),
}
_OFFICE_KINDS = {"staff": "staff_change", "token": "secret_change", "number": "other"}


class Missing(NamedTuple):
    """How much a bundle does not hold. is_shared: some webhooks do, or may, concern others as well.

    before, after: messages outside the period; beside: other messages of the conversations; files: not here;
    unsent: notices of which nothing ever went; outside: notices of a matter that lie outside the period.
    """

    is_shared: bool
    before: int
    after: int
    beside: int
    files: int
    unsent: int = 0
    outside: int = 0


def build_system(
    tx: Transaction, office: Office, language: Language, *, from_at: datetime, until_at: datetime, size: int
) -> System:
    """Return what the system is and what happened to it in a period."""
    leaves = rows.list_of_the_system(tx, from_at=from_at, until_at=until_at, size=size, limit=_MOST_HEARTBEATS)
    beats = [leaf for leaf in leaves if leaf.kind == "heartbeat"]
    ntp = str(beats[-1].note.get("ntp")) if beats else "unknown"
    known = f"clock_{ntp}" if ntp in ("yes", "no") else "clock_unknown"
    acts = rows.list_office_acts(tx, from_at=from_at, until_at=until_at, limit=_MOST)
    happenings = [*_happenings(leaves, language), *map(_happening, acts)]
    return System(
        description=sentences.say("description", language),
        host=platform.platform(terse=True),
        place=office.settings.office.address,
        operator=office.settings.office.name,
        database=sentences.say("database", language),
        webhook_check=sentences.say("webhook_check", language),
        clock_source=sentences.say(known, language),
        graph_version=office.settings.whatsapp.api_version,
        hours_in_period=max(1, math.ceil((until_at - from_at) / timedelta(hours=1))),
        heartbeats=len(beats),
        access=tuple(
            Access(name=each.name, role=each.role, t_from=each.from_at, t_until=each.until_at)
            for each in rows.list_access(tx, from_at=from_at)
        ),
        happenings=tuple(sorted(happenings, key=lambda each: each.t_from)[:_MOST]),
    )


def build_sender(tx: Transaction, office: Office, read: Reader) -> Sender:
    """Return the office with its number and name at WhatsApp, as far as Meta has told them."""
    settings = office.settings
    number = _own_number(tx, read, settings.whatsapp.phone_number_id)
    return Sender(
        office=settings.office.name,
        address=settings.office.address,
        waba_id=settings.whatsapp.business_account_id,
        phone_number_id=settings.whatsapp.phone_number_id,
        display_number=f"+{number}" if number else "",
        verified_name=_verified_name(tx, number, now=office.clock.now()),
        advocate=settings.office.advocate,
        advocate_number=settings.office.advocate_number,
    )


def _own_number(tx: Transaction, read: Reader, number_id: str) -> str:
    """Return the office's number as the newest webhooks about it write it, "" if none does."""
    bodies = rows.list_newest_bodies(tx, limit=_MOST_BODIES)
    return next(filter(None, (read(body, ()).numbers.get(number_id) for body in bodies)), "")


def _verified_name(tx: Transaction, number: str, *, now: datetime) -> str:
    """Return the name that Meta last approved for a number, "" if it has told none since the program runs."""
    state = account.derive(stored_account.list_present(tx).values(), now=now)
    names = (each.name for each in state.numbers if each.number == number and number)
    return next((name.name for name in names if name is not None and name.kind == "name_approved"), "")


def build_persons(
    tx: Transaction, contact_ids: Iterable[int], *, strangers: Iterable[int], size: int
) -> dict[int, Person]:
    """Return the people of a bundle, each under a letter, by contact.

    strangers: who only answered what was meant for somebody else; of them no more is told than the account.
    """
    unknown = frozenset(strangers)
    wanted = sorted({*contact_ids, *unknown})
    found = contacts.get_many(tx, map(ContactId, wanted))
    return {
        contact.id: _stranger(contact, _letter(number))
        if contact.id in unknown
        else _person(tx, contact, _letter(number), size=size)
        for number, contact in enumerate(sorted(found.values(), key=lambda each: each.id))
    }


def list_left_out(missing: Missing, language: Language) -> tuple[LeftOut, ...]:
    """Return what is not in a bundle, and why; how much of others' items there is would say too much."""
    counted = (
        ("others", "others_why", None if missing.is_shared else 0),
        ("earlier", "period_why", missing.before),
        ("later", "period_why", missing.after),
        ("conversation", "conversation_why", missing.beside),
        ("files", "files_why", missing.files),
        ("outside", "period_why", missing.outside),
        ("unsent", "unsent_why", missing.unsent),
    )
    found = [
        LeftOut(what=sentences.say(what, language), why=sentences.say(why, language), count=count)
        for what, why, count in counted
        if count != 0
    ]
    notes = LeftOut(what=sentences.say("notes", language), why=sentences.say("notes_why", language))
    return (*found, notes)


def _stranger(contact: Contact, ref: str) -> Person:
    phone, account = contact.phone, contact.account or ""
    shown = f"+{phone}" if phone else ""
    return Person(ref=ref, name=shown or account, standing="", phone=shown, whatsapp_id=phone or "", user_id=account)


def _person(tx: Transaction, contact: Contact, ref: str, *, size: int) -> Person:
    phone = contact.phone
    changes = [_change(tx, alert, size=size) for alert in reversed(alerts.list_for(tx, contact.id))]
    return Person(
        ref=ref,
        name=contact.shown_name,
        standing=contact.standing,
        phone=f"+{phone}" if phone else "",
        whatsapp_id=phone or "",
        user_id=contact.account or "",
        username=contact.username or "",
        identity_changes=tuple(changes),
    )


def _change(tx: Transaction, alert: Alert, *, size: int) -> IdentityChange:
    leaves = rows.list_leaves(tx, "alert", [alert.id], size=size)
    verified = exhibits.Actor(kind="staff", name=alert.actor_name) if alert.actor_name else None
    return IdentityChange(
        kind=alert.kind,
        t_received=alert.raised_at,
        before=alert.old_value or "",
        after=alert.new_value or "",
        verified_by=verified,
        t_verified=alert.resolved_at,
        how=" ".join(part for part in (alert.resolution, alert.note) if part),
        leaf=leaves[-1].position if leaves else None,
    )


def _happenings(leaves: Iterable[StoredLeaf], language: Language) -> list[Happening]:
    found: list[Happening] = []
    for leaf in leaves:
        silent = leaf.note.get("silent_us")
        if isinstance(silent, int) and timedelta(microseconds=silent) > _SILENCE:
            begun = leaf.at - timedelta(microseconds=silent)
            said = sentences.say("silent", language)
            found.append(Happening(kind="gap", t_from=begun, t_until=leaf.at, details=said, leaf=leaf.position))
        if leaf.note.get("clock_was_set"):
            step = f"{sentences.say('clock_set', language)} ({leaf.note.get('step_us')} µs)"
            found.append(Happening(kind="clock", t_from=leaf.at, details=step, leaf=leaf.position))
        if leaf.kind in ("start", "stop"):
            found.append(Happening(kind=leaf.kind, t_from=leaf.at, leaf=leaf.position))
        elif leaf.kind in _KINDS:
            kind, sentence = _KINDS[leaf.kind]
            said = sentences.say(sentence, language)
            found.append(Happening(kind=kind, t_from=leaf.at, details=said, leaf=leaf.position))
    return found


def _happening(act: rows.OfficeAct) -> Happening:
    return Happening(
        kind=_OFFICE_KINDS[act.subject],
        t_from=act.at,
        details=" ".join(part for part in (act.verb, act.detail) if part),
        actor=exhibits.Actor(kind=act.actor_kind, name=act.actor_name),
    )


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{number}"
