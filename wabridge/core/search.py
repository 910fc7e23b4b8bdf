"""Finding people, groups and messages again, with a phone number or without."""

from collections.abc import Iterable

from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model import search as questions
from wabridge.model.contact import Contact
from wabridge.model.conversation import Group
from wabridge.model.ids import ContactId, ConversationId
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.search import Found, Hit, Match
from wabridge.model.staff import Actor
from wabridge.storage import contacts, conversations, groups, messages, search
from wabridge.storage.database import Transaction

MATCHES = 20
"""So many people and groups are shown; whoever wants others has to ask more closely."""


async def find(office: Office, actor: Actor, question: str, *, limit: int = 25, cursor: str | None = None) -> Found:
    """Return who and what holds all words of a question; raises NotAllowed or BadRequest.

    Nothing is found for an empty question. The following pages hold messages only.
    """
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    before = search.NEWEST if cursor is None else parse_cursor(cursor, parts=1)[0]

    def look(tx: Transaction) -> Found:
        matches = _matches(tx, questions.person_words(question)) if cursor is None else ()
        hits = _hits(tx, questions.message_words(question), before=before, limit=limit)
        return Found(matches[:MATCHES], len(matches) > MATCHES, hits)

    return await office.database.read(look)


def _matches(tx: Transaction, words: tuple[str, ...]) -> tuple[Match, ...]:
    if not words:
        return ()
    people = contacts.get_many(tx, search.find_people(tx, words, limit=MATCHES + 1))
    threads = search.find_groups(tx, words, limit=MATCHES + 1)
    known = groups.find_many(tx, threads)
    return (
        *(Match(_thread(tx, contact.id), contact=contact) for contact in people.values()),
        *(Match(thread, group=known.get(thread)) for thread in threads),
    )


def _thread(tx: Transaction, contact_id: ContactId) -> ConversationId | None:
    return next(iter(conversations.list_for_contact(tx, contact_id)), None)


def _hits(tx: Transaction, words: tuple[str, ...], *, before: int, limit: int) -> Page[Hit]:
    if not words:
        return Page(())
    found = search.find_messages(tx, words, before=before, limit=limit + 1)
    shown = list(found)[:limit]
    wholes = conversations.find_wholes(tx, set(found.values()))
    people, known = _owners(tx, wholes.values())
    hits = []
    for message in messages.get_many(tx, shown):
        whole = wholes[message.conversation_id]
        hits.append(Hit(message, whole, people.get(whole), known.get(whole)))
    return Page(tuple(hits), build_cursor(shown[-1]) if len(found) > limit else None)


def _owners(
    tx: Transaction, threads: Iterable[ConversationId]
) -> tuple[dict[ConversationId, Contact], dict[ConversationId, Group]]:
    """Return whom threads are with."""
    lines = conversations.get_lines(tx, set(threads))
    people = contacts.get_many(tx, {line.contact_id for line in lines.values() if line.contact_id is not None})
    with_people = {i: people[line.contact_id] for i, line in lines.items() if line.contact_id is not None}
    return with_people, groups.find_many(tx, lines)
