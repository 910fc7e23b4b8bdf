"""What people and programs want to send, made fit for sending: cleaned, checked, and tied to what it answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from wabridge.core import enclosures
from wabridge.errors import DraftUnfit, Flaw, NotFound, NotReferable, OtherChat, TextEmpty, TextTooLong, Unprocessable
from wabridge.model import flaws, limits, phone, splitting
from wabridge.model.contact import Contact
from wabridge.model.content import Card, CardPhone, Cards, Content, Media, Reaction
from wabridge.model.draft import Draft
from wabridge.model.enclosure import Enclosure
from wabridge.model.headings import headed
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.references import UNREFERABLE, is_in_chat, is_young
from wabridge.model.staff import Actor
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import contacts, conversations, wamids
from wabridge.storage.database import Transaction


class Tied(NamedTuple):
    """What a draft becomes in its conversation: what it answers by Meta's ids."""

    quoted_wamid: str | None
    content: Content | None


def prepare(draft: Draft) -> Draft:
    """Return a draft as it will be sent; raises TextEmpty, TextTooLong, DraftUnfit or Unprocessable."""
    prepared = clean_draft(draft)
    if draft.body is None and draft.enclosure_id is None and not prepared.text:
        raise TextEmpty("the text is empty")
    found = flaws.find(prepared)
    if found:
        raise DraftUnfit(found)
    if prepared.body is None and prepared.enclosure_id is None and len(prepared.text or "") > limits.TEXT_CHARACTERS:
        count = len(splitting.split(prepared.text or "", limit=limits.TEXT_CHARACTERS))
        raise TextTooLong(f"the text has more than {limits.TEXT_CHARACTERS} characters", parts=count)
    if isinstance(draft.body, Reaction) and (draft.target_id is None or draft.quoted_id is not None):
        raise Unprocessable("a reaction stands under one message, and answers none")
    return prepared


def prepare_parts(draft: Draft) -> tuple[Draft, ...]:
    """Return a draft in as many as it takes: of a long text the first one answers what the whole answers."""
    cleaned = clean_draft(draft)
    if cleaned.body is not None or cleaned.enclosure_id is not None or not cleaned.text:
        return (prepare(draft),)
    parts = splitting.split(cleaned.text, limit=limits.TEXT_CHARACTERS)
    if len(parts) > limits.PARTS:
        raise TextTooLong(f"the text would take more than {limits.PARTS} messages", parts=len(parts))
    return tuple(Draft(text=part, quoted_id=None if place else draft.quoted_id) for place, part in enumerate(parts))


def share(draft: Draft, people: Sequence[Contact]) -> Draft:
    """Return a draft of contact cards with the cards of contacts added: their name, and the number to write to."""
    if not isinstance(draft.body, Cards) or not people:
        return draft
    return msgspec.structs.replace(draft, body=Cards((*draft.body.cards, *map(_card, people))))


def _card(person: Contact) -> Card:
    digits = person.phone
    number = None if digits is None else phone.show(digits)
    return Card(
        name=person.shown_name or number or person.username,
        phones=() if number is None else (CardPhone(number, whatsapp=digits),),
    )


def tie(tx: Transaction, draft: Draft, conversation_id: ConversationId, *, now: datetime) -> Tied:
    """Find by which ids Meta knows what a draft is about; raises NotFound or NotReferable."""
    quoted = None if draft.quoted_id is None else _find(tx, draft.quoted_id, conversation_id).wamid
    content = draft.content
    if isinstance(draft.body, Reaction) and draft.target_id is not None:
        target = _find(tx, draft.target_id, conversation_id)
        if not is_young(target.written_at, now=now):
            raise NotReferable(f"nobody can react to a message of more than {limits.REACTION_DAYS} days ago")
        content = Content(body=msgspec.structs.replace(draft.body, target_wamid=target.wamid))
    return Tied(quoted, content)


def is_quotable(tx: Transaction, message_id: MessageId, conversation_id: ConversationId) -> bool:
    """Say whether a message can be quoted in the chat in which the next one to its person arrives."""
    try:
        _find(tx, message_id, conversation_id)
    except (NotFound, NotReferable):
        return False
    return True


def enclose(
    tx: Transaction, actor: Actor, draft: Draft, conversation_id: ConversationId
) -> tuple[Draft, Enclosure | None]:
    """Return a draft with the file that goes with it, if one does: above its words where there is a body.

    Raises EnclosureGone if its author has no such file for this person, DraftUnfit for what cannot stand there.
    """
    file = None
    if draft.enclosure_id is not None:
        file = enclosures.get_for(tx, actor, draft.enclosure_id, conversation_id)
    if draft.is_voice is not None:
        _require_voice(None if draft.body is not None else file, is_voice=draft.is_voice)
    if draft.body is not None:
        return msgspec.structs.replace(draft, body=headed(draft.body, file)), file
    if file is None:
        return draft, None
    enclosed = msgspec.structs.replace(
        draft, body=file.content(draft.text, is_voice=draft.is_voice is not False), text=None
    )
    found = flaws.find(enclosed)
    if found:
        raise DraftUnfit(found)
    return enclosed, file


def _require_voice(file: Enclosure | None, *, is_voice: bool) -> None:
    """Refuse a choice that there is not: of sounds only Ogg with Opus in it goes either way."""
    if file is None or file.kind != "audio":
        raise DraftUnfit((Flaw("voice", "unwanted"),))
    if is_voice and not file.is_voice:
        raise DraftUnfit((Flaw("voice", "no_voice"),))


def clean_draft(draft: Draft) -> Draft:
    """Return a draft without what cannot be stored and without empty extras, each line of a form as one line."""
    text = None if draft.text is None else clean(draft.text) or None
    body = draft.body
    if body is not None and not isinstance(body, TemplateMessage):  # what was approved and filled in stays as it is
        body = _clean_struct(body)
    return msgspec.structs.replace(draft, text=text, body=body)


def clean(text: str) -> str:
    """Return a text without what cannot be stored, with the line ends of a phone."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _clean_struct(struct: Any) -> Any:
    changed = {}
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        if isinstance(value, str):
            is_long = isinstance(struct, Media) and field.name == "caption"
            cleaned = clean(value) if is_long else " ".join(clean(value).split())
            changed[field.name] = cleaned if cleaned or field.required else field.default
        elif isinstance(value, tuple):
            changed[field.name] = tuple(_clean_value(each) for each in value)
        elif isinstance(value, msgspec.Struct):
            changed[field.name] = _clean_struct(value)
    return msgspec.structs.replace(struct, **changed)


def _clean_value(value: Any) -> Any:
    return " ".join(clean(value).split()) if isinstance(value, str) else _clean_struct(value)


def _find(tx: Transaction, message_id: MessageId, conversation_id: ConversationId) -> wamids.Known:
    known = wamids.find(tx, message_id)
    if known is None or known.conversation_id not in conversations.list_parts(tx, conversation_id):
        raise NotFound("no such message in this conversation")
    if known.wamid is None or known.kind in UNREFERABLE:
        raise NotReferable("WhatsApp does not know this message as one that can be answered")
    contact_id = conversations.get_whole(tx, conversation_id).contact_id
    if contact_id is not None and not is_in_chat(known.person, contacts.get(tx, contact_id)):
        raise OtherChat("the message stands in the chat with another number of this person")
    return known
