"""Who and by what, as the certificate prints it: the parties, and the system that produced the record."""

from typing import Any

from wabridge.evidence.dossier import Dossier, Happening, Person
from wabridge.evidence.timeline import name_of
from wabridge.evidence.words import Words


def people(dossier: Dossier, words: Words) -> list[dict[str, Any]]:
    """Return each party with how the number was tied to it, and what changed in the period."""
    return [_person(person, words) for person in dossier.persons]


def system(dossier: Dossier, words: Words) -> dict[str, Any]:
    """Return the description of the system, its gaps and its anchors."""
    said = dossier.system
    beats = words.plain("labels.heartbeats_value", heartbeats=said.heartbeats, hours=said.hours_in_period)
    facts = (
        ("description", said.description),
        ("host", said.host),
        ("place", said.place),
        ("operator", said.operator),
        ("database", said.database),
        ("webhook_check", said.webhook_check),
        ("clock", said.clock_source),
        ("graph", said.graph_version),
        ("heartbeats", beats),
    )
    return {
        "intro": words.say("text.system"),
        "facts": [[words.plain(f"labels.{key}"), value] for key, value in facts if value],
        "hmac": words.say("text.hmac"),
        "access": [
            [
                each.name,
                words.word("role", each.role),
                words.time(each.t_from),
                words.time(each.t_until) if each.t_until else "–",
            ]
            for each in said.access
        ],
        "happenings": [_happening(each, words) for each in said.happenings],
        "anchors": [
            [words.word("anchor", each.kind), each.by, words.time(each.t_anchored), str(each.size), each.root]
            for each in dossier.ledger.anchors
        ],
    }


def _person(person: Person, words: Words) -> dict[str, Any]:
    facts = (
        ("standing", words.word("standing", person.standing)),
        ("represents", person.represents),
        ("phone", person.phone),
        ("whatsapp_id", person.whatsapp_id),
        ("user_id", person.user_id),
        ("username", person.username),
        ("key_hash", person.identity_key_hash),
    )
    bound = [
        ["binding", " · ".join(filter(None, (each.how, each.by, words.time(each.t_bound), each.document)))]
        for each in person.bindings
    ]
    return {
        "name": f"{person.ref} · {person.name}",
        "facts": [[words.plain(f"labels.{key}"), value] for key, value in (*facts, *bound) if value],
        "no_changes": words.plain("labels.no_identity_changes") if person.standing else "",
        "changes": [
            [
                words.time(change.t_received),
                words.word("identity", change.kind),
                f"{change.before or '–'} → {change.after or '–'}",
                " · ".join(filter(None, (change.verified_by.name if change.verified_by else "", change.how))) or "–",
            ]
            for change in person.identity_changes
        ],
    }


def _happening(each: Happening, words: Words) -> list[str]:
    until = words.time(each.t_until) if each.t_until else "–"
    verb, _, about = each.details.partition(" ")
    said = each.details
    if verb in words.get("office_act"):
        what = words.word("role", words.word("office_detail", about))
        said = ": ".join(filter(None, (words.word("office_act", verb), what)))
    details = " · ".join(filter(None, (said, name_of(each.actor, words) if each.actor else "")))
    return [words.word("happening", each.kind), words.time(each.t_from), until, details]
