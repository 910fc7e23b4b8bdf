"""What people and programs want to send, made fit for sending: cleaned, checked, and tied to what it answers."""

from typing import NamedTuple

import msgspec

from wabridge.errors import NotFound, NotReferable, TextEmpty, TextTooLong, Unprocessable
from wabridge.model import limits
from wabridge.model.content import Content, Reaction
from wabridge.model.draft import Draft
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.prompts import Buttons, LinkButton, LocationRequest, Menu, NumberRequest
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import conversations, wamids
from wabridge.storage.database import Transaction

UNREFERABLE = frozenset({"reaction", "edit", "revoke", "system", "handover", "call", "unreadable"})
"""What nobody can answer or react to: it stands for no message on the person's phone."""

WORDED = (Buttons, Menu, LinkButton, NumberRequest, LocationRequest, TemplateMessage)
"""Bodies under words; a file has its caption instead."""


class Tied(NamedTuple):
    """What a draft becomes in its conversation: what it answers by Meta's ids."""

    quoted_wamid: str | None
    content: Content | None


def prepare(draft: Draft) -> Draft:
    """Return a draft as it will be sent; raises TextEmpty, TextTooLong or Unprocessable."""
    text = None if draft.text is None else clean(draft.text)
    prepared = msgspec.structs.replace(draft, text=text or None)
    if not text and (draft.body is None or isinstance(draft.body, WORDED)):
        raise TextEmpty("the text is empty")
    if text and draft.body is not None and not isinstance(draft.body, WORDED):
        raise Unprocessable("this kind of message has no words beside it")
    if text and len(text) > limits.TEXT_CHARACTERS:
        raise TextTooLong(f"the text has more than {limits.TEXT_CHARACTERS} characters")
    if isinstance(draft.body, Reaction) and (draft.target_id is None or draft.quoted_id is not None):
        raise Unprocessable("a reaction stands under one message, and answers none")
    return prepared


def tie(tx: Transaction, draft: Draft, conversation_id: ConversationId) -> Tied:
    """Find by which ids Meta knows what a draft is about; raises NotFound or NotReferable."""
    quoted = None if draft.quoted_id is None else _wamid(tx, draft.quoted_id, conversation_id)
    content = draft.content
    if isinstance(draft.body, Reaction) and draft.target_id is not None:
        target = _wamid(tx, draft.target_id, conversation_id)
        content = Content(body=msgspec.structs.replace(draft.body, target_wamid=target))
    return Tied(quoted, content)


def clean(text: str) -> str:
    """Return a text without what cannot be stored, with the line ends of a phone."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _wamid(tx: Transaction, message_id: MessageId, conversation_id: ConversationId) -> str:
    known = wamids.find(tx, message_id)
    if known is None or known.conversation_id not in conversations.list_parts(tx, conversation_id):
        raise NotFound("no such message in this conversation")
    if known.wamid is None or known.kind in UNREFERABLE:
        raise NotReferable("WhatsApp does not know this message as one that can be answered")
    return known.wamid
