"""Sending a template: chosen, filled in, checked, and queued like any other message.

It may go outside the customer service window, and to somebody who has never written; only then are they made a
contact. Who wants no advertising gets none.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from wabridge.core import enclosures, replies
from wabridge.core.office import Office
from wabridge.core.replies import AT_ONCE, KEY_LIFETIME, Manner, Queued
from wabridge.errors import (
    AdvertisingRefused,
    EnclosureGone,
    KeyReused,
    NotAllowed,
    NotFound,
    TemplateChanged,
    TemplateUnfit,
    TemplateWithdrawn,
    Unprocessable,
)
from wabridge.model import choice, filling, phone
from wabridge.model.draft import Draft
from wabridge.model.enclosure import Enclosure
from wabridge.model.event import Person
from wabridge.model.filling import Problem
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, ConversationId, EnclosureId
from wabridge.model.staff import Actor
from wabridge.model.template import Template, TemplateId
from wabridge.storage import acts, contacts, conversations, marketing, numbers, offered_choices, outbox, templates
from wabridge.storage.database import Transaction


class Order(NamedTuple):
    """Which template is to be sent, by its id or by name and language, and what is filled in, by slot.

    version: the wording that whoever filled it in has seen; None if nobody looked.
    """

    values: Mapping[str, str]
    template_id: TemplateId | None = None
    name: str = ""
    language: str = ""
    version: int | None = None


class Recipient(NamedTuple):
    """Whom it goes to, by exactly one of three. phone: in any spelling; whoever is no contact becomes one."""

    conversation_id: ConversationId | None = None
    contact_id: ContactId | None = None
    phone: str | None = None


class Once(NamedTuple):
    """What keeps a repeated request from making a second message: see `replies.queue`."""

    key: str
    body_hash: bytes | None = None


async def queue(
    office: Office,
    actor: Actor,
    order: Order,
    recipient: Recipient,
    *,
    once: Once | None = None,
    manner: Manner = AT_ONCE,
    clearance: Clearance | None = None,
) -> Queued:
    """Queue a filled template to one person, also outside the window, also as the first word between them.

    Raises NotFound, TemplateWithdrawn, TemplateChanged, TemplateUnfit, AdvertisingRefused and what `replies.queue`
    raises but WindowClosed.
    """
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
    if sum(target is not None for target in recipient) != 1:
        raise Unprocessable("a message goes to exactly one of conversation, contact and phone number")
    if recipient.phone is not None:
        digits = phone.parse(recipient.phone, region=office.settings.office.region)
        recipient = recipient._replace(phone=digits)
    order = order._replace(values=filling.clean(order.values))
    if once is not None and once.body_hash is None:
        once = once._replace(body_hash=_hash(order, recipient))
    now = office.clock.now()

    def work(tx: Transaction) -> Queued:
        known = _find_repeated(tx, actor, once, now) if once else None
        if known is not None:
            return known
        conversation_id = _thread(tx, office, actor, recipient, now)
        queued = queue_within(
            tx, office, actor, order, conversation_id=conversation_id, manner=manner, clearance=clearance, now=now
        )
        if once is not None:
            outbox.forget_idempotent(tx, before=now - KEY_LIFETIME)
            body_hash, scope = once.body_hash or b"", f"{actor.kind}:{actor.id}"
            outbox.add_idempotent(tx, scope, once.key, body_hash=body_hash, message_id=queued.message_id, now=now)
        return queued

    queued = await office.database.write(work)
    replies.tell(office, queued)
    return queued


# The same choices as `replies.queue_within`, with a template in place of a draft.
def queue_within(
    tx: Transaction,
    office: Office,
    actor: Actor,
    order: Order,
    *,
    conversation_id: ConversationId,
    manner: Manner = AT_ONCE,
    clearance: Clearance | None = None,
    now: datetime,
) -> Queued:
    """Queue a filled template as part of a larger transaction; its caller calls `replies.tell` afterwards."""
    template = _find(tx, office, order)
    _require_fit(template, order, _check_own(tx, actor, template, order, conversation_id))
    contact_id = conversations.get_whole(tx, conversation_id).contact_id
    _require_welcome(tx, template, contact_id)
    draft = _draft(tx, template, order.values)
    queued = replies.queue_within(
        tx, office, actor, draft, conversation_id=conversation_id, manner=manner, clearance=clearance, now=now
    )
    offered_choices.add(tx, queued.message_id, choice.offered(draft.body))
    return queued


def check(template: Template, values: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what does not fit about what was filled in; of a file, whether one is named."""
    return filling.check(template.wording, values)


def check_file(template: Template, file: Enclosure) -> tuple[Problem, ...]:
    """Return what does not fit about the file above the text."""
    header = template.wording.header
    return () if header is not None and header.kind == file.kind else (Problem("header", "wrong_kind"),)


def _hash(order: Order, recipient: Recipient) -> bytes:
    means = (order.template_id, order.name, order.language, sorted(order.values.items()), recipient)
    return hashlib.sha256(msgspec.json.encode(means)).digest()


def _find_repeated(tx: Transaction, actor: Actor, once: Once, now: datetime) -> Queued | None:
    """Return what the same request has made already, whatever holds by now; raises KeyReused."""
    known = outbox.find_idempotent(tx, f"{actor.kind}:{actor.id}", once.key, since=now - KEY_LIFETIME)
    if known is not None and known.body_hash != once.body_hash:
        raise KeyReused("this key was used with another body")
    return None if known is None else Queued(known.message_id, known.conversation_id, repeated=True)


def _thread(tx: Transaction, office: Office, actor: Actor, recipient: Recipient, now: datetime) -> ConversationId:
    """Return the thread with somebody, made if this is the first word between them."""
    if recipient.conversation_id is not None:
        return recipient.conversation_id
    number_id = numbers.ensure(tx, office.settings.whatsapp.phone_number_id)
    if recipient.contact_id is not None:
        contact_id = contacts.get(tx, recipient.contact_id).id
    else:
        person = Person(phone=recipient.phone)
        known = contacts.find_by_identity(tx, person)
        contact_id = contacts.find_whole(tx, known.id) if known else _add_lead(tx, actor, person, now)
    return conversations.get_whole(tx, conversations.ensure(tx, number_id, contact_id=contact_id, now=now)).id


def _add_lead(tx: Transaction, actor: Actor, person: Person, now: datetime) -> ContactId:
    contact_id = contacts.add(tx, person, standing="lead", now=now, learned="hand")
    acts.add(tx, actor, "wrote_first", subject_kind="contact", subject_id=contact_id, now=now)
    return contact_id


def _find(tx: Transaction, office: Office, order: Order) -> Template:
    account_id = office.settings.whatsapp.business_account_id
    if order.template_id is not None:
        found = templates.get(tx, order.template_id)
    else:
        found = templates.find(tx, account_id, name=order.name, language=order.language)
    if found is None:
        raise NotFound("no such template in this language")
    return found


def _check_own(
    tx: Transaction, actor: Actor, template: Template, order: Order, conversation_id: ConversationId
) -> tuple[Problem, ...]:
    """Return what is wrong with the file that is to stand above the text, if one is named."""
    named = filling.file_id(template.wording, order.values)
    if named is None:
        return ()
    try:
        return check_file(template, enclosures.get_for(tx, actor, EnclosureId(named), conversation_id))
    except EnclosureGone:
        return (Problem("header", "file_gone"),)


def _require_fit(template: Template, order: Order, about_file: tuple[Problem, ...]) -> None:
    if not template.can_be_sent:
        raise TemplateWithdrawn("Meta does not let this template be sent, or it cannot be filled in here")
    if order.version is not None and order.version != template.version:
        raise TemplateChanged("the template has another wording now")
    problems = (*check(template, order.values), *about_file)
    if problems:
        told = ", ".join(f"{problem.key}: {problem.reason}" for problem in problems)
        raise TemplateUnfit(f"it does not fit: {told}", problems=[(each.key, each.reason) for each in problems])


def _require_welcome(tx: Transaction, template: Template, contact_id: ContactId | None) -> None:
    if template.is_marketing and contact_id is not None and marketing.is_refused(tx, contact_id):
        raise AdvertisingRefused("this person wants no advertising")


def _draft(tx: Transaction, template: Template, values: Mapping[str, str]) -> Draft:
    payloads = [f"q:{secrets.token_hex(16)}" for _ in filling.reply_buttons(template.wording)]
    approved = templates.get_components(tx, template.version_id)
    body = filling.compose(template, values, approved=approved, payloads=payloads)
    named = filling.file_id(template.wording, values)
    return Draft(
        text=filling.render(template.wording, values).body,
        body=body,
        enclosure_id=None if named is None else EnclosureId(named),
    )
