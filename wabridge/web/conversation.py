"""One conversation: reading it, answering it, deciding about what has not been handed over yet.

A refused answer keeps its text: the page comes again with the reason and the draft. The form's token makes sure that a
form sends once, however often it arrives; that it names the newest message its writer saw, that nobody is answered
who has just written something else.
"""

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from aiohttp import web

from wabridge.core import conversations, notice_lists, replies
from wabridge.core import enclosures as files_of_office
from wabridge.core.office import Office
from wabridge.core.replies import Manner
from wabridge.core.sending import TakenBack
from wabridge.errors import (
    BadRequest,
    Conflict,
    EnclosureGone,
    FileTooLarge,
    NewerMessage,
    NotAllowed,
    NotFound,
    OtherChat,
    StorageUnavailable,
    TextTooLong,
    Unprocessable,
    WabridgeError,
)
from wabridge.model import draft as drafts
from wabridge.model.conversation import ConversationView
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.limits import NOTE_CHARACTERS, PARTS, TEXT_CHARACTERS
from wabridge.model.message import Message
from wabridge.model.references import may_be_answered
from wabridge.model.staff import Actor
from wabridge.web import enclosure_words, enclosures, keys, remarks, rendering, session
from wabridge.web.contacts import read_clearance

_MESSAGES = 100
_NUMBER = "[1-9][0-9]{0,17}"  # fits the 64 bits of an id
_TOKEN_CHARACTERS = 64

_REFUSED = (Conflict, Unprocessable, NotAllowed, StorageUnavailable, EnclosureGone)
"""What comes back with its reason, and with what had been written."""

Decision = Callable[[Office, Actor, MessageId, Mapping[str, str]], Awaitable[object]]
"""What is done when a message's button is pressed, with the form's fields."""


class Box(NamedTuple):
    """What stands in the reply form. text: in the box itself; quoted_id: what it answers; words: everything else.

    newer_than: messages after this one are shown beside the box, because their reader has not seen them. form_token:
    the one with which this text may have been sent already.
    """

    text: str = ""
    quoted_id: MessageId | None = None
    newer_than: MessageId | None = None
    form_token: str = ""
    words: Mapping[str, str] = MappingProxyType({})


EMPTY = Box()


async def show_conversation(request: web.Request) -> web.Response:
    """Show the messages of one conversation; whoever looks at the newest has seen them."""
    if _is_looked_at(request):
        actor = session.signed_in(request).staff.actor
        # Before the page is drawn: what comes in between is on the page and stays unread, never the other way round.
        with suppress(StorageUnavailable):  # a conversation can be read while nothing can be written
            await conversations.mark_seen(request.app[keys.OFFICE], actor, _conversation_id(request))
    before, through, quoted_id = (_place(request, name) for name in ("before", "through", "quote"))
    return await draw(request, _conversation_id(request), before=before, through=through, box=Box(quoted_id=quoted_id))


async def reply(request: web.Request) -> web.Response:
    """Queue an answer and lead back to it; what was refused comes back with its reason."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    fields, conversation_id = form.words, _conversation_id(request)
    text = _written(fields)
    form_token = fields.get("form_token", "")
    if not 0 < len(form_token) <= _TOKEN_CHARACTERS:
        raise BadRequest("the reply form has no token")
    office = request.app[keys.OFFICE]
    seen, clearance = _number(fields.get("seen", "")), read_clearance(fields)
    quoted_id = _number(fields.get("quoted_id", ""))
    try:
        session.check(request, fields)
        taken = await enclosures.take_in(request, actor, conversation_id, form)
        body_hash = taken.digest(conversation_id, text)
        if taken.are_gone:
            queued = await enclosures.find_sent(office, actor, form_token, body_hash or b"")
        else:
            first, *more = drafts.with_files(
                text.strip(), taken.files, quoted_id=quoted_id, as_sound="as_sound" in fields
            )
            queued = await replies.queue(
                office,
                actor,
                draft=first,
                more=more,
                conversation_id=conversation_id,
                key=form_token,
                body_hash=body_hash,
                manner=_manner(request, fields),
                clearance=clearance,
            )
    except NewerMessage as error:
        box = Box(text, quoted_id, newer_than=seen, words=fields)
        return await draw(request, conversation_id, error=error, box=box)
    except _REFUSED as error:
        quoted_id = None if isinstance(error, OtherChat) else quoted_id
        return await _give_back(request, error, Box(text, quoted_id, words=fields))
    if queued.repeated:
        await enclosures.forget(request, actor, taken.files)
    raise web.HTTPSeeOther(f"/conversations/{queued.conversation_id}#latest")


def _manner(request: web.Request, fields: Mapping[str, str]) -> Manner:
    """Return how an answer leaves; to be asked when the whole form has come, its buttons stand behind its files."""
    undo = timedelta(seconds=request.app[keys.OFFICE].settings.office.undo_seconds)
    return Manner(_number(fields.get("seen", "")), undo, in_parts="in_parts" in fields)


async def quote(request: web.Request) -> web.Response:
    """Show the conversation with what is being written, as an answer to a certain message, or to none any more.

    For browsers without script. A file that had been chosen is taken in, since no page can choose it again by itself.
    """
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    try:
        if form.files is not None:
            session.check(request, form.words)
            await enclosures.take_in(request, actor, _conversation_id(request), replace(form, many={}))
    except _REFUSED as error:
        return await _give_back(request, error, read_box(form.words))
    return await show_typed(request, form.words)


async def show_replied(request: web.Request) -> web.Response:
    """Lead from the form's address, where a refused answer is shown, to its conversation.

    Whoever loads that page anew needs it: a phone that wakes a tab up, and the script that keeps the page live.
    """
    raise web.HTTPSeeOther(f"/conversations/{_conversation_id(request)}")


async def show_typed(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show the conversation with an answer in its box that was sent while nobody was signed in."""
    return await draw(request, _conversation_id(request), box=read_box(fields))


async def message_cancel(request: web.Request) -> web.Response:
    """Withdraw a message that has not been handed over."""
    return await decide(request, lambda office, actor, message_id, _: replies.cancel(office, actor, message_id))


async def message_release(request: web.Request) -> web.Response:
    """Let a held message go; what was not seen then, an identity alert that came since, is asked first."""

    async def release(office: Office, actor: Actor, message_id: MessageId, fields: Mapping[str, str]) -> None:
        await replies.release(office, actor, message_id, through=_number(fields.get("alert", "")) or 0)

    return await decide(request, release)


async def show_decided(request: web.Request) -> web.Response:
    """Lead from a button's address to the message it is about."""
    actor = session.signed_in(request).staff.actor
    message = await replies.get_message(request.app[keys.OFFICE], actor, _message_id(request))
    raise web.HTTPSeeOther(f"/conversations/{message.conversation_id}#m{message.id}")


async def decide(request: web.Request, decision: Decision) -> web.Response:
    """Let somebody decide about a message and lead back to it; what was refused is shown with the reason."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    office = request.app[keys.OFFICE]
    message_id = _message_id(request)
    message = await replies.get_message(office, actor, message_id)
    try:
        await decision(office, actor, message_id, fields)
    except (Conflict, Unprocessable) as error:
        return await draw(request, message.conversation_id, error=error, about=message_id)
    raise web.HTTPSeeOther(f"/conversations/{message.conversation_id}#m{message_id}")


async def draw(
    request: web.Request,
    conversation_id: ConversationId,
    *,
    before: MessageId | None = None,
    through: MessageId | None = None,
    error: WabridgeError | None = None,
    about: MessageId | None = None,
    box: Box = EMPTY,
    taken_back: TakenBack | None = None,
) -> web.Response:
    """Return a conversation's page.

    error: why a wish was refused, about which message; box: what stands in the form. taken_back: what
    somebody has just withdrawn.
    """
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    view = await conversations.get(office, actor, conversation_id, before=before, through=through, limit=_MESSAGES)
    if view.line.id != conversation_id and request.method in ("GET", "HEAD"):
        # It is read as part of that one; what was refused or written is shown there at once, so that it is not lost.
        raise web.HTTPSeeOther(request.rel_url.with_path(f"/conversations/{view.line.id}", keep_query=True))
    return await rendering.render(
        request,
        "conversation.html",
        status=_refused_with(error),
        view=view,
        about_notices=await notice_lists.list_about(office, actor, [message.id for message in view.messages]),
        may_notify=view.line.contact is not None and not view.is_read_only and actor.may("draft_notice"),
        by_id={message.id: message for message in view.messages},
        arrivals=max((m.id for m in view.messages if m.direction == "inbound"), default=0),
        seen=_newest(view.messages),
        newer=() if box.newer_than is None else conversations.newer(view, than=box.newer_than),
        about=about,
        before=before or through,
        may_write=view.window_is_open and not view.is_read_only and actor.may("reply"),
        form_token=box.form_token or secrets.token_urlsafe(16),
        text_limit=TEXT_CHARACTERS,
        refusal=remarks.refusal(error) if error else None,
        types_visibly=office.settings.office.typing_indicator,
        parts_needed=error.parts if isinstance(error, TextTooLong) and error.parts <= PARTS else None,
        quoted=await _find_quoted(request, view, box.quoted_id),
        unfit=enclosure_words.refusal(error),
        waiting=await files_of_office.list_waiting(office, actor, view.line.id),
        draft=box.text,
        typed=box.words,
        taken_back=taken_back,
        together=_together(view.messages),
        note_limit=NOTE_CHARACTERS,
    )


def _together(shown: Sequence[Message]) -> Counter[MessageId]:
    """Count what one click queued and can still be taken back, by the first message of each click."""
    waiting = (each for each in shown if each.delivery is not None and each.delivery.status == "pending")
    return Counter(each.queued_with or each.id for each in waiting)


async def _find_quoted(request: web.Request, view: ConversationView, quoted_id: MessageId | None) -> Message | None:
    """Return the message that an answer is being written to, if there is one here that can be answered."""
    if quoted_id is None:
        return None
    here = {message.id: message for message in view.messages}
    try:
        actor = session.signed_in(request).staff.actor
        found = here.get(quoted_id) or await replies.get_message(request.app[keys.OFFICE], actor, quoted_id)
    except NotFound:
        return None
    is_here = view.line.contact is not None and found.contact_id == view.line.contact.id
    return found if is_here and may_be_answered(found) else None


async def _give_back(request: web.Request, error: WabridgeError, box: Box) -> web.Response:
    """Return the refused text with the reason, in its conversation; if the disk fails, on a page that needs no disk.

    There the token stays the same, so that a second try cannot become a second message, and what its writer saw does.
    """
    if not isinstance(error, StorageUnavailable):
        with suppress(StorageUnavailable):
            return await draw(request, _conversation_id(request), error=error, box=box)
    return await rendering.render(
        request,
        "unsent.html",
        status=_refused_with(error),
        conversation_id=_conversation_id(request),
        refusal=remarks.refusal(error),
        draft=box.text,
        quoted_id=box.quoted_id,
        form_token=box.words.get("form_token", ""),
        seen=_number(box.words.get("seen", "")),
    )


def _refused_with(error: WabridgeError | None) -> int:
    kinds = (
        (Conflict, 409),
        (EnclosureGone, 409),
        (FileTooLarge, 413),
        (Unprocessable, 422),
        (NotAllowed, 403),
        (StorageUnavailable, 503),
    )
    return next((status for kind, status in kinds if isinstance(error, kind)), 200)


def read_box(fields: Mapping[str, str]) -> Box:
    """Return what stood in the reply form, to be shown again as it was."""
    return Box(
        _written(fields),
        _number(fields.get("quote", fields.get("quoted_id", ""))),
        newer_than=_number(fields.get("seen", "")),
        form_token=fields.get("form_token", "")[:_TOKEN_CHARACTERS],
        words=fields,
    )


def _written(fields: Mapping[str, str]) -> str:
    return fields.get("text", "").replace("\r\n", "\n")


def _conversation_id(request: web.Request) -> ConversationId:
    return ConversationId(int(request.match_info["conversation_id"]))


def _message_id(request: web.Request) -> MessageId:
    return MessageId(int(request.match_info["message_id"]))


def _place(request: web.Request, name: str) -> MessageId | None:
    return _number(request.query.get(name, ""))


def _newest(shown: Sequence[Message]) -> MessageId:
    """Return the newest message of the person on a page, or the newest of all if they wrote none of them."""
    theirs = [message.id for message in shown if message.direction == "inbound"]
    return max(theirs or [message.id for message in shown], default=MessageId(0))


def _number(said: str) -> MessageId | None:
    return MessageId(int(said)) if said.isascii() and said.isdigit() and len(said) <= len("9" * 18) else None


def _is_looked_at(request: web.Request) -> bool:
    """Say whether a person sees this answer: no browser's guess, no tab in the background, no older page."""
    is_guess = "prefetch" in (request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or "")
    return (
        not is_guess
        and "X-Wabridge-Background" not in request.headers
        and not {"before", "through"} & request.query.keys()
    )


ROUTES = (
    web.get(f"/conversations/{{conversation_id:{_NUMBER}}}", show_conversation, name="conversation"),
    web.post(f"/conversations/{{conversation_id:{_NUMBER}}}/reply", reply, name="reply"),
    web.get(f"/conversations/{{conversation_id:{_NUMBER}}}/reply", show_replied, name="reply"),
    web.post(f"/conversations/{{conversation_id:{_NUMBER}}}/quote", quote, name="quote"),
    web.get(f"/conversations/{{conversation_id:{_NUMBER}}}/quote", show_replied, name="quote"),
    web.post(f"/messages/{{message_id:{_NUMBER}}}/cancel", message_cancel, name="message_cancel"),
    web.get(f"/messages/{{message_id:{_NUMBER}}}/cancel", show_decided, name="message_cancel"),
    web.post(f"/messages/{{message_id:{_NUMBER}}}/release", message_release, name="message_release"),
    web.get(f"/messages/{{message_id:{_NUMBER}}}/release", show_decided, name="message_release"),
)
