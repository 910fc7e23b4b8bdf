"""The API of legal notices: programs read them and draft them; approving, sending and recording stay with people."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web

from wabridge.core import notice_files, notice_lists, notices
from wabridge.core.notices import Wish
from wabridge.model.followup import next_step
from wabridge.model.ids import ConversationId, EnclosureId, NoticeId
from wabridge.model.notice import Approval, Carrier, Document, Notice, NoticeEvent, Version, Wanted, Who
from wabridge.model.notice_level import stand
from wabridge.model.page import Page
from wabridge.model.staff import Actor
from wabridge.web import keys
from wabridge.web.api import NUMBER, answer, call, paging
from wabridge.web.api_messages import read_body


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice to be drafted. deadline_at: with a time zone; file_id: its document, handed in before."""

    conversation_id: int
    title: str
    text: str
    matter: str = ""
    language: str = "id"
    wanted: Wanted = "confirmed"
    deadline_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    file_id: Annotated[int, msgspec.Meta(gt=0, lt=10**18)] | None = None


async def list_notices(request: web.Request, actor: Actor) -> web.Response:
    """List legal notices, newest first."""
    limit, cursor = paging(request)
    page = await notice_lists.list_page(request.app[keys.OFFICE], actor, limit=limit, cursor=cursor)
    return answer(Page(tuple(map(build, page.items)), page.next))


async def show_notice(request: web.Request, actor: Actor) -> web.Response:
    """Show one legal notice with everything that happened to it."""
    notice_id = NoticeId(int(request.match_info["notice_id"]))
    return answer(build(await notice_lists.get(request.app[keys.OFFICE], actor, notice_id)))


async def draft_notice(request: web.Request, actor: Actor) -> web.Response:
    """Draft a legal notice; nothing is sent."""
    wanted = await read_body(request, Draft)
    wish = Wish(
        title=wanted.title,
        text=wanted.text,
        matter=wanted.matter,
        language=wanted.language,
        wanted=wanted.wanted,
        deadline_at=wanted.deadline_at,
    )
    office, thread = request.app[keys.OFFICE], ConversationId(wanted.conversation_id)
    if wanted.file_id is None:
        return answer(build(await notices.draft(office, actor, thread, wish)), status=201)
    fit, file_id = notices.fitted(wish), EnclosureId(wanted.file_id)
    async with notice_files.handed_in(office, actor, thread, file_id) as file:
        made = await notices.draft(office, actor, thread, fit, file=file, instead_of=file_id)
    return answer(build(made), status=201)


def build(notice: Notice) -> dict[str, Any]:
    """Return a notice as the API shows it."""
    standing = stand(notice)
    return {
        "id": notice.id,
        "number": notice.number,
        "conversation_id": notice.conversation_id,
        "contact_id": notice.contact_id,
        "author": _who(notice.author),
        "created_at": notice.created_at,
        "level": standing.level,
        "reach": standing.reach,
        "place": standing.bucket,
        "is_overdue": standing.is_overdue,
        "is_contradicted": standing.is_contradicted,
        "is_closed": standing.is_closed,
        "is_enough": standing.is_enough,
        "next_step": next_step(notice, standing),
        "version": _version(notice.version),
        "versions": len(notice.versions),
        "approval": None if notice.approval is None else _approval(notice.approval),
        "messages": [_carrier(carrier) for carrier in notice.carriers],
        "events": [_event(event) for event in notice.events],
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "title": version.title,
        "matter": version.matter,
        "text": version.text,
        "document": _document(version.document),
        "language": version.language,
        "wanted": version.wanted,
        "deadline_at": version.deadline_at,
        "sha256": version.sha256,
        "author": _who(version.author),
        "created_at": version.created_at,
    }


def _approval(approval: Approval) -> dict[str, Any]:
    recipient = approval.recipient
    return {
        "version_id": approval.version_id,
        "at": approval.at,
        "author": _who(approval.by),
        "sha256": approval.sha256,
        "recipient": {"name": approval.recipient_name, "phone": recipient.phone, "user_id": recipient.user_id},
    }


def _carrier(carrier: Carrier) -> dict[str, Any]:
    return {
        "message_id": carrier.message_id,
        "purpose": carrier.purpose,
        "version_id": carrier.version_id,
        "status": carrier.delivery.status,
        "at": carrier.at,
    }


def _event(event: NoticeEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind,
        "at": event.at,
        "happened_at": event.happened_at,
        "author": _who(event.by),
        "message_id": event.message_id,
        "version_id": event.version_id,
        "word": event.word,
        "objection": event.objection,
        "means": event.means,
        "note": event.note,
        "reference": event.reference,
        "document": _document(event.document),
        "corrects": event.corrects,
    }


def _document(document: Document | None) -> dict[str, Any] | None:
    return None if document is None else {"name": document.name, "size": document.size_bytes, "sha256": document.sha256}


def _who(by: Who) -> dict[str, str]:
    return {"kind": by.kind, "name": by.name}


_PATH = "/api/v1/notices"

ROUTES = (
    web.get(_PATH, call(list_notices), name="api_notices"),
    web.post(_PATH, call(draft_notice), name="api_notices"),
    web.get(f"{_PATH}/{{notice_id:{NUMBER}}}", call(show_notice), name="api_notice"),
)
