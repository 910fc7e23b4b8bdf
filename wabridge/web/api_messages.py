"""The API's messages: queue one, ask what became of it."""

import hashlib
import re
from datetime import timedelta
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

from wabridge.core import contacts, drafts, enclosures, replies, template_messages
from wabridge.core.office import Office
from wabridge.core.replies import Manner, Queued
from wabridge.core.template_messages import Once, Order, Recipient
from wabridge.errors import BadRequest, Unprocessable
from wabridge.model.draft import Draft
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, EnclosureId, MessageId
from wabridge.model.staff import Actor
from wabridge.web import api_drafts, api_objects, bodies, keys
from wabridge.web.api import NUMBER, answer, call
from wabridge.web.api_drafts import Id, NewContent, Strict

BODY_BYTES = 64 * 1024
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

T = TypeVar("T")
Acknowledged = Id | None
"""The identity alert in spite of which a message is to go, because it holds nothing confidential."""


class NewTemplate(Strict, frozen=True, kw_only=True):
    """Which template is to be sent, and what is filled in, by the keys of its slots."""

    name: str
    language: str
    values: dict[str, str] = msgspec.field(default_factory=dict)


class NewMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program asks to be sent to a phone number or to a contact.

    text: the words, also those above buttons; content: what stands beside them; file_id: of a file that was handed in:
    with the words under it, or above them where there are buttons, a link or a template; is_voice: whether a recording
    goes as a voice message, null as its bytes allow; quoted_id: the message it answers; in_parts: a text that is too
    long for one message may go in several. template: instead of all that but the file.
    """

    template: NewTemplate | None = None

    text: str | None = None
    content: NewContent | None = None
    file_id: Id | None = None
    is_voice: bool | None = None
    quoted_id: Id | None = None
    in_parts: bool = False
    to: str | None = None
    contact_id: Id | None = None
    undo_seconds: Annotated[int, msgspec.Meta(ge=0, le=300)] = 0
    """So long it waits before it leaves, and may be cancelled. A program says what it means: 0 unless it asks."""
    acknowledged_alert: Acknowledged = None


async def queue_message(request: web.Request, actor: Actor) -> web.Response:
    """Queue a message; 202 means that it is on the disk."""
    office = request.app[keys.OFFICE]
    body = await _read_json(request)
    wanted = _parse(body, NewMessage)
    digest, key = hashlib.sha256(body).digest(), _idempotency_key(request)
    if wanted.template is not None:
        once = None if key is None else Once(key, digest)
        return await _answer_queued(office, actor, await _queue_template(office, actor, wanted, once))
    queued = await replies.queue(
        office,
        actor,
        draft=await _draft(office, actor, wanted),
        to=wanted.to,
        contact_id=None if wanted.contact_id is None else ContactId(wanted.contact_id),
        key=key,
        clearance=acknowledged(wanted.acknowledged_alert),
        body_hash=digest,
        manner=Manner(undo=timedelta(seconds=wanted.undo_seconds), in_parts=wanted.in_parts),
    )
    return await _answer_queued(office, actor, queued)


async def _answer_queued(office: Office, actor: Actor, queued: Queued) -> web.Response:
    message = await replies.get_message(office, actor, queued.message_id)
    built = api_objects.build_message(message) | ({"further_ids": queued.further} if queued.further else {})
    said = answer(built, status=202)
    said.headers["Location"] = f"/api/v1/messages/{queued.message_id}"
    return said


async def _queue_template(office: Office, actor: Actor, wanted: NewMessage, once: Once | None) -> Queued:
    """Queue a template; it may be the first word to somebody. Raises what `template_messages.queue` raises."""
    assert wanted.template is not None, "asked for only where there is one"
    others = (wanted.text, wanted.content, wanted.quoted_id, wanted.is_voice)
    if any(each is not None for each in others):
        raise Unprocessable("a template stands alone: without text, content, quoted_id and is_voice")
    values = wanted.template.values | ({} if wanted.file_id is None else {"header": str(wanted.file_id)})
    contact_id = None if wanted.contact_id is None else ContactId(wanted.contact_id)
    return await template_messages.queue(
        office,
        actor,
        Order(values, name=wanted.template.name, language=wanted.template.language),
        Recipient(contact_id=contact_id, phone=wanted.to),
        once=once,
        manner=Manner(undo=timedelta(seconds=wanted.undo_seconds)),
        clearance=acknowledged(wanted.acknowledged_alert),
    )


async def _draft(office: Office, actor: Actor, wanted: NewMessage) -> Draft:
    draft = api_drafts.draft(wanted.text, wanted.content, quoted_id=wanted.quoted_id)
    shared = [await contacts.get(office, actor, each) for each in api_drafts.contact_ids(wanted.content)]
    file_id = None if wanted.file_id is None else EnclosureId(wanted.file_id)
    return msgspec.structs.replace(drafts.share(draft, shared), enclosure_id=file_id, is_voice=wanted.is_voice)


async def show_message(request: web.Request, actor: Actor) -> web.Response:
    """Show a message with its status and every status event."""
    message_id = MessageId(int(request.match_info["message_id"]))
    office = request.app[keys.OFFICE]
    message = await replies.get_message(office, actor, message_id)
    handed_over = await enclosures.list_uploads(office, actor, message_id)
    return answer(api_objects.build_message(message) | {"uploads": handed_over})


def acknowledged(alert_id: int | None) -> Clearance | None:
    """Return the answer of a program that lets a message go in spite of an identity alert."""
    return None if alert_id is None else Clearance(through=alert_id)


async def read_body(request: web.Request, shape: type[T]) -> T:
    """Return a small JSON body as what it must be; raises BadRequest or Unprocessable."""
    return _parse(await _read_json(request), shape)


async def _read_json(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    return await bodies.read(request, max_bytes=BODY_BYTES)


def _parse(body: bytes, shape: type[T]) -> T:
    try:
        said = msgspec.json.decode(body)  # all of it: a body that breaks off is 400, whatever its beginning says
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest("the body is not JSON") from error
    try:
        return msgspec.convert(said, shape)
    except msgspec.ValidationError as error:
        raise Unprocessable(str(error)) from error


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadRequest("an Idempotency-Key has 1 to 200 visible ASCII characters")
    return key


ROUTES = (
    web.post("/api/v1/messages", call(queue_message), name="api_messages"),
    web.get(f"/api/v1/messages/{{message_id:{NUMBER}}}", call(show_message), name="api_message"),
)
