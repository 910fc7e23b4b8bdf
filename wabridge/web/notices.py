"""Legal notices: the list by what is known of each, one notice with its timeline, and everything people do with it.

What was refused comes back with its reason and with what had been typed.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from aiohttp import web

from wabridge.core import conversations, notice_lists, notice_records, notice_sending, notices
from wabridge.core import notice_files as files
from wabridge.core.notice_records import Record
from wabridge.core.notices import DRAFT_CHARACTERS, TITLE_CHARACTERS, Wish
from wabridge.core.office import Office
from wabridge.errors import (
    Conflict,
    NotAllowed,
    NoticeUnfit,
    RecordUnfit,
    StorageUnavailable,
    Unprocessable,
    WabridgeError,
)
from wabridge.model import followup
from wabridge.model.ids import ConversationId, MessageId, NoticeId
from wabridge.model.limits import BUTTON_BODY_CHARACTERS, NAME_CHARACTERS, NOTE_CHARACTERS
from wabridge.model.notice import MEANS, OUTCOMES, WANTED, Notice
from wabridge.model.staff import Actor
from wabridge.web import (
    enclosure_words,
    enclosures,
    keys,
    notice_files,
    notice_timeline,
    notice_words,
    problems,
    remarks,
    rendering,
    session,
)
from wabridge.web.language import Msgid

_NUMBER = "[1-9][0-9]{0,17}"
_OVER = 30
_LOCAL = "%Y-%m-%dT%H:%M"
"""How a browser writes date and time in a form."""
_DEADLINE = timedelta(days=3)
"""What the form of a new notice offers as the deadline."""
_REFUSED = (Conflict, Unprocessable, NotAllowed, StorageUnavailable)
"""What comes back on the page itself, with what had been typed."""

Work = Callable[[Office, Actor, NoticeId, Mapping[str, str]], Awaitable[object]]


async def show_notices(request: web.Request) -> web.Response:
    """Show all notices by what is known of them, the most urgent first."""
    actor = session.signed_in(request).staff.actor
    before = _digits(request.query.get("before", ""))
    found = await notice_lists.overview(request.app[keys.OFFICE], actor, before=before, limit=_OVER)
    return await rendering.render(request, "notices.html", overview=found, before=before)


async def show_notice(request: web.Request) -> web.Response:
    """Show one notice: how it stands, what it says, everything that happened."""
    return await _draw(request)


async def show_changed(request: web.Request) -> web.Response:
    """Lead from a form's address, where a refusal is shown, to the notice."""
    raise web.HTTPSeeOther(f"/notices/{_notice_id(request)}")


async def show_new(request: web.Request) -> web.Response:
    """Show the form for a new notice in a conversation."""
    office = request.app[keys.OFFICE]
    at = office.clock.now() + _DEADLINE
    return await _draw_form(request, typed={"deadline": _shown(office, at), "language": "id", "wanted": "confirmed"})


async def draft(request: web.Request) -> web.Response:
    """Make a draft of what was typed."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    fields, office, thread = form.words, request.app[keys.OFFICE], _conversation_id(request)
    try:
        session.check(request, fields)
        wish = notices.fitted(_wish(office, fields))
        async with notice_files.taken(form, partial(files.document, office, actor, thread)) as file:
            made = await notices.draft(office, actor, thread, wish, file=file)
    except _REFUSED as error:
        return await _draw_form(request, typed=fields, error=error)
    raise web.HTTPSeeOther(f"/notices/{made.id}")


async def show_edit(request: web.Request) -> web.Response:
    """Show the form with what a notice says."""
    office = request.app[keys.OFFICE]
    actor = session.signed_in(request).staff.actor
    found = await notice_lists.get(office, actor, _notice_id(request))
    version = found.version
    typed = {
        "title": version.title,
        "matter": version.matter,
        "text": version.text,
        "language": version.language,
        "wanted": version.wanted,
        "deadline": "" if version.deadline_at is None else _shown(office, version.deadline_at),
        "version": str(version.id),
    }
    return await _draw_form(request, typed=typed, notice=found)


async def edit(request: web.Request) -> web.Response:
    """Change what a notice says."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    fields, office, notice_id = form.words, request.app[keys.OFFICE], _notice_id(request)
    found = await notice_lists.get(office, actor, notice_id)
    try:
        session.check(request, fields)
        kept = None if fields.get("no_document") else found.version.document
        wish = notices.fitted(_wish(office, fields)._replace(document=kept))
        async with notice_files.taken(form, partial(files.document, office, actor, found.conversation_id)) as file:
            await notices.edit(office, actor, notice_id, wish, version_id=_version(fields), file=file)
    except _REFUSED as error:
        found = await notice_lists.get(office, actor, notice_id)
        return await _draw_form(request, typed=fields, notice=found, error=error)
    raise web.HTTPSeeOther(f"/notices/{notice_id}")


async def record(request: web.Request) -> web.Response:
    """Record what came by another way, with a scan if there is one."""
    actor = session.signed_in(request).staff.actor
    form = await enclosures.open_answer(request)
    office, notice_id = request.app[keys.OFFICE], _notice_id(request)
    try:
        session.check(request, form.words)
        said = _record(office, form.words)
        notice_records.fitted(said, actor, has_scan=form.files is not None, now=office.clock.now())
        async with notice_files.taken(form, partial(files.scan, office, actor, notice_id)) as scan:
            await notice_records.record(office, actor, notice_id, said, scan=scan)
    except _REFUSED as error:
        return await _draw(request, error=error, typed=form.words)
    raise web.HTTPSeeOther(f"/notices/{notice_id}")


async def show_typed(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show a notice with what was typed while nobody was signed in."""
    return await _draw(request, typed=fields)


async def show_typed_draft(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show the form of a new notice with what was typed while nobody was signed in."""
    return await _draw_form(request, typed=fields)


async def show_typed_edit(request: web.Request, fields: Mapping[str, str]) -> web.Response:
    """Show the form of a notice with what was typed while nobody was signed in."""
    actor = session.signed_in(request).staff.actor
    found = await notice_lists.get(request.app[keys.OFFICE], actor, _notice_id(request))
    return await _draw_form(request, typed=fields, notice=found)


def _does(work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that does something with a notice; what is refused comes back with its reason."""

    async def handle(request: web.Request) -> web.Response:
        actor = session.signed_in(request).staff.actor
        fields = await session.read(request)
        try:
            session.check(request, fields)
            await work(request.app[keys.OFFICE], actor, _notice_id(request), fields)
        except _REFUSED as error:
            return await _draw(request, error=error, typed=fields)
        raise web.HTTPSeeOther(f"/notices/{_notice_id(request)}")

    return handle


async def _approve(office: Office, actor: Actor, notice_id: NoticeId, fields: Mapping[str, str]) -> None:
    await notices.approve(office, actor, notice_id, version_id=_version(fields))


async def _send(office: Office, actor: Actor, notice_id: NoticeId, fields: Mapping[str, str]) -> None:
    await notice_sending.send(office, actor, notice_id, version_id=_version(fields))


async def _withdraw(office: Office, actor: Actor, notice_id: NoticeId, fields: Mapping[str, str]) -> None:
    await notices.withdraw(office, actor, notice_id, note=fields.get("note", ""))


async def _correct(office: Office, actor: Actor, notice_id: NoticeId, fields: Mapping[str, str]) -> None:
    event_id = _digits(fields.get("event", "")) or 0
    await notice_records.correct(office, actor, notice_id, event_id, note=fields.get("note", ""))


async def _close(office: Office, actor: Actor, notice_id: NoticeId, fields: Mapping[str, str]) -> None:
    await notice_records.close(office, actor, notice_id, note=fields.get("note", ""))


async def _draw(
    request: web.Request, *, error: WabridgeError | None = None, typed: Mapping[str, str] | None = None
) -> web.Response:
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    view = await notice_lists.show(office, actor, _notice_id(request))
    found = view.notice
    return await rendering.render(
        request,
        "notice.html",
        status=200 if error is None else problems.find_status(error) or 500,
        view=view,
        notice=found,
        standing=view.standing,
        version=found.version,
        step=followup.next_step(found, view.standing),
        timeline=notice_timeline.lines(found),
        replies=[e for e in found.counting if e.kind == "answered" and e.word == "responded"],
        needs_another=_needs_another(office, actor, found),
        refusal=_refusal(error),
        unfit=enclosure_words.refusal(error),
        scan_types=notice_files.SCAN_TYPES,
        typed={**(typed or {}), "form": _form(request)},
        now_local=_shown(office, office.clock.now()),
        body_limit=BUTTON_BODY_CHARACTERS,
        note_limit=NOTE_CHARACTERS,
        reference_limit=NAME_CHARACTERS,
        outcomes=OUTCOMES,
        means=MEANS,
    )


async def _draw_form(
    request: web.Request,
    *,
    typed: Mapping[str, str],
    notice: Notice | None = None,
    error: WabridgeError | None = None,
) -> web.Response:
    actor = session.signed_in(request).staff.actor
    conversation_id = notice.conversation_id if notice else _conversation_id(request)
    view = await conversations.get(request.app[keys.OFFICE], actor, conversation_id, limit=1)
    return await rendering.render(
        request,
        "notice_form.html",
        status=200 if error is None else problems.find_status(error) or 500,
        line=view.line,
        notice=notice,
        typed=typed,
        wanted=WANTED,
        refusal=_refusal(error),
        unfit=enclosure_words.refusal(error),
        document_types=notice_files.DOCUMENT_TYPES,
        title_limit=TITLE_CHARACTERS,
        text_limit=DRAFT_CHARACTERS,
        body_limit=BUTTON_BODY_CHARACTERS,
    )


def _refusal(error: WabridgeError | None) -> Msgid | None:
    if isinstance(error, StorageUnavailable):
        return notice_words.NO_DISK
    return remarks.refusal(error) if error else None


def _needs_another(office: Office, actor: Actor, notice: Notice) -> bool:
    """Say whether somebody else has to approve what this person wrote."""
    author = notice.version.author
    return office.settings.notices.approval_by_another and (author.kind, author.id) == (actor.kind, actor.id)


def _wish(office: Office, fields: Mapping[str, str]) -> Wish:
    wanted = next((each for each in WANTED if each == fields.get("wanted")), None)
    said = fields.get("deadline", "").strip()
    deadline_at = _moment(office, said) if said else None
    if wanted is None or (said and deadline_at is None):
        raise NoticeUnfit("the level or the deadline cannot be read")
    return Wish(
        title=fields.get("title", ""),
        text=fields.get("text", ""),
        matter=fields.get("matter", ""),
        language=fields.get("language", ""),
        wanted=wanted,
        deadline_at=deadline_at,
    )


def _record(office: Office, fields: Mapping[str, str]) -> Record:
    outcome = next((each for each in OUTCOMES if each == fields.get("outcome")), None)
    means = next((each for each in MEANS if each == fields.get("means")), None)
    happened_at = _moment(office, fields.get("happened", ""))
    if outcome is None or means is None or happened_at is None:
        raise RecordUnfit("what came of it, how and when is not said")
    message_id = _digits(fields.get("message", ""))
    return Record(
        outcome,
        means,
        happened_at,
        note=fields.get("note", ""),
        reference=fields.get("reference", ""),
        message_id=None if message_id is None or means != "reply" else MessageId(message_id),
    )


def _moment(office: Office, said: str) -> datetime | None:
    """Read a date and time on the office's clock."""
    try:
        local = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    if local.tzinfo is not None:
        return None
    return local.replace(tzinfo=ZoneInfo(office.settings.office.timezone))


def _shown(office: Office, at: datetime) -> str:
    return at.astimezone(ZoneInfo(office.settings.office.timezone)).strftime(_LOCAL)


def _version(fields: Mapping[str, str]) -> int:
    return _digits(fields.get("version", "")) or 0


def _digits(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None


def _notice_id(request: web.Request) -> NoticeId:
    return NoticeId(int(request.match_info["notice_id"]))


def _form(request: web.Request) -> str:
    """Return into which of the page's forms something was typed."""
    path = request.path.removesuffix("/signin")
    return path.rpartition("/")[2]


def _conversation_id(request: web.Request) -> ConversationId:
    return ConversationId(int(request.match_info["conversation_id"]))


_FORMS: dict[str, Work] = {
    "approve": _approve,
    "send": _send,
    "withdraw": _withdraw,
    "correct": _correct,
    "close": _close,
}
_NEW = f"/conversations/{{conversation_id:{_NUMBER}}}/notices"
_ONE = f"/notices/{{notice_id:{_NUMBER}}}"

ROUTES = (
    web.get("/notices", show_notices, name="notices"),
    web.get(f"{_NEW}/new", show_new, name="notice_new"),
    web.post(_NEW, draft, name="notice_draft"),
    web.get(_NEW, show_new, name="notice_draft"),
    web.get(_ONE, show_notice, name="notice"),
    web.get(f"{_ONE}/edit", show_edit, name="notice_edit"),
    web.post(f"{_ONE}/edit", edit, name="notice_edit"),
    web.post(f"{_ONE}/record", record, name="notice_record"),
    web.get(f"{_ONE}/record", show_changed, name="notice_record"),
    web.get(f"{_ONE}/files/{{file_id:{_NUMBER}}}", notice_files.show_file, name="notice_file"),
    *(
        route
        for form, work in _FORMS.items()
        for route in (
            web.post(f"{_ONE}/{form}", _does(work), name=f"notice_{form}"),
            web.get(f"{_ONE}/{form}", show_changed, name=f"notice_{form}"),
        )
    ),
)
