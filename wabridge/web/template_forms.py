"""Sending a template: choose one, fill it in, look at it as the client will, send it. Works without JavaScript.

Rule: a phone number never stands in an address; whoever is no contact yet is named in the form. What is refused comes
back with everything that was typed, and with what does not fit beside its slot.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import msgspec
from aiohttp import web

from wabridge.core import contacts, conversations, template_messages, templates
from wabridge.core.replies import Manner, Queued
from wabridge.core.template_messages import Once, Order
from wabridge.errors import (
    BadRequest,
    Conflict,
    NewerMessage,
    NotAllowed,
    StorageUnavailable,
    TemplateUnfit,
    Unprocessable,
    WabridgeError,
)
from wabridge.model import filling
from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.limits import NOTE_CHARACTERS
from wabridge.model.message import Message
from wabridge.model.staff import Actor
from wabridge.model.template import Template, TemplateId
from wabridge.web import enclosure_words, enclosures, header_files, keys, problems, remarks, rendering, session
from wabridge.web.contacts import read_clearance
from wabridge.web.header_files import Taken
from wabridge.web.recipients import Recipient

_NUMBER = "[1-9][0-9]{0,17}"
_SLOT = "slot."
"""Stands before a slot's key in the name of its field."""


async def show_choice(request: web.Request) -> web.Response:
    """List the templates that can be sent to somebody."""
    recipient = await _recipient(request)
    query = request.query
    words, language, category = (query.get(name, "")[:200] for name in ("q", "language", "category"))
    view = await templates.list(
        request.app[keys.OFFICE],
        session.signed_in(request).staff.actor,
        words=words,
        language=language,
        category=category,
        only_sendable=True,
    )
    return await rendering.render(
        request,
        "choose_template.html",
        recipient=recipient,
        view=view,
        words_wanted=words,
        language=language,
        category=category,
        may_refresh=False,
    )


async def show_form(request: web.Request) -> web.Response:
    """Show the slots of a template for somebody, empty."""
    return await _draw(request, await _recipient(request), {})


async def send(request: web.Request) -> web.Response:
    """Send a filled template, or show it as the client will see it; what was refused comes back with its reason."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    recipient = await _recipient(request)
    fields = form.words
    try:
        if form.files is not None:
            session.check(request, fields)
        # The buttons stand behind the file: which was pressed is known when it has come.
        taken = await header_files.take_in(request, actor, _addressee(recipient, fields), form)
        if taken.file is not None:
            fields = {**fields, header_files.FIELD: str(taken.file.id)}
        if fields.get("do") != "send":
            return await _draw(request, recipient, fields, is_preview=True)
        session.check(request, fields)
        queued = await _queue(request, actor, recipient, fields, taken)
    except (Conflict, Unprocessable, NotAllowed, StorageUnavailable) as error:
        return await _draw(request, recipient, fields, error=error)
    if queued.repeated and taken.file is not None:
        await header_files.forget(request, actor, taken.file.id)
    raise web.HTTPSeeOther(f"/conversations/{queued.conversation_id}#latest")


async def show_typed(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show a template's form with what was filled in while nobody was signed in."""
    return await _draw(request, await _recipient(request), fields, is_brought_back=True)


def _addressee(recipient: Recipient, fields: Mapping[str, str]) -> Addressee:
    if recipient.contact is not None:
        return Addressee(contact_id=recipient.contact.id)
    return Addressee(phone=fields.get("to", ""))


async def _queue(
    request: web.Request, actor: Actor, recipient: Recipient, fields: Mapping[str, str], taken: Taken
) -> Queued:
    form_token = fields.get("form_token", "")
    if not 0 < len(form_token) <= session.TOKEN_CHARACTERS:
        raise BadRequest("the form has no token")
    office = request.app[keys.OFFICE]
    version = fields.get("version", "")
    order = Order(
        values=_values(fields),
        template_id=_template_id(request),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
    )
    to = fields.get("to", "") if recipient.is_new else None
    return await template_messages.queue(
        office,
        actor,
        order,
        template_messages.Recipient(recipient.conversation_id, recipient.contact_id, to),
        once=Once(form_token, _digest(request, order, to, taken)),
        manner=Manner(_message_id(fields.get("seen", "")), timedelta(seconds=office.settings.office.undo_seconds)),
        clearance=read_clearance(fields),
    )


def _digest(request: web.Request, order: Order, to: str | None, taken: Taken) -> bytes:
    """Return what must be the same when a form comes again."""
    words = sorted((key, value) for key, value in order.values.items() if key != "header" or taken.mark == (None,))
    return hashlib.sha256(msgspec.json.encode((request.path, order.version, words, to, taken.mark))).digest()


async def _draw(
    request: web.Request,
    recipient: Recipient,
    fields: Mapping[str, str],
    *,
    error: WabridgeError | None = None,
    is_preview: bool = False,
    is_brought_back: bool = False,
) -> web.Response:
    """Return the form with what was typed, and the reason if it was refused."""
    office, actor = request.app[keys.OFFICE], session.signed_in(request).staff.actor
    template = (await templates.get(office, actor, _template_id(request))).template
    values = filling.clean(_values(fields))
    file = await header_files.find(request, actor, fields)
    newer: tuple[Message, ...] = ()
    seen = _message_id(fields.get("seen", ""))
    asks = is_brought_back or isinstance(error, NewerMessage)
    if asks and seen is not None and recipient.view is not None:
        newer = conversations.newer(recipient.view, than=seen)
    return await rendering.render(
        request,
        "fill_template.html",
        status=200 if error is None else problems.find_status(error) or 500,
        recipient=recipient,
        template=template,
        slots=filling.slots(template.wording, template.examples),
        values=values,
        shown=filling.render(template.wording, values),
        problems=_problems(template, values, file, error, is_preview=is_preview),
        file=file,
        accepts=header_files.ACCEPT,
        unfit=enclosure_words.refusal(error),
        refusal=remarks.refusal(error) if error else None,
        newer=newer,
        seen=recipient.newest,
        typed=fields,
        to=fields.get("to", ""),
        form_token=session.next_token(fields, is_same=is_brought_back or isinstance(error, StorageUnavailable)),
        note_limit=NOTE_CHARACTERS,
        may_send=actor.may("reply") and template.can_be_sent and not recipient.refuses(template),
    )


def _problems(
    template: Template,
    values: Mapping[str, str],
    file: Enclosure | None,
    error: WabridgeError | None,
    *,
    is_preview: bool,
) -> dict[str, str]:
    """Return what does not fit, by slot; an empty form has not been judged yet."""
    if isinstance(error, TemplateUnfit):
        return dict(error.problems)
    found = template_messages.check(template, values) if is_preview else ()
    about_file = template_messages.check_file(template, file) if file is not None else ()
    return {problem.key: problem.reason for problem in (*found, *about_file)}


async def _recipient(request: web.Request) -> Recipient:
    office, actor = request.app[keys.OFFICE], session.signed_in(request).staff.actor
    if "conversation_id" in request.match_info:
        conversation_id = ConversationId(int(request.match_info["conversation_id"]))
        view = await conversations.get(office, actor, conversation_id)
        return Recipient.of_conversation(view)
    if "contact_id" in request.match_info:
        profile = await contacts.get_profile(office, actor, ContactId(int(request.match_info["contact_id"])))
        return Recipient.of_contact(profile)
    return Recipient()


def _values(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_SLOT): value for name, value in fields.items() if name.startswith(_SLOT)}


def _template_id(request: web.Request) -> TemplateId:
    return TemplateId(int(request.match_info["template_id"]))


def _message_id(said: str) -> MessageId | None:
    with suppress(ValueError):
        return MessageId(int(said)) if said.isascii() and len(said) <= len("9" * 18) and int(said) >= 0 else None
    return None


_CONVERSATION = f"/conversations/{{conversation_id:{_NUMBER}}}/templates"
_CONTACT = f"/contacts/{{contact_id:{_NUMBER}}}/templates"
_TEMPLATE = f"/{{template_id:{_NUMBER}}}"
_ANYBODY = f"/templates{_TEMPLATE}/send"

ROUTES = (
    web.get(_CONVERSATION, show_choice, name="conversation_templates"),
    web.get(_CONTACT, show_choice, name="contact_templates"),
    *(
        route
        for path, name in (
            (_CONVERSATION + _TEMPLATE, "conversation_template"),
            (_CONTACT + _TEMPLATE, "contact_template"),
            (_ANYBODY, "template_send"),
        )
        for route in (web.get(path, show_form, name=name), web.post(path, send, name=name))
    ),
)
