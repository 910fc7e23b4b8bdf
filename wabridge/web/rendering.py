"""Turns templates into answers: one environment, one catalogue per language, the things that every page shows.

Rule: what stands on every page (who is signed in, banners, the office's name) is put in here, so that no handler
forgets it. A page is drawn even while the disk fails.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from babel.messages.catalog import Catalog

from wabridge.core import notifications
from wabridge.core.sessions import SignedIn
from wabridge.errors import WabridgeError
from wabridge.model import phone, references
from wabridge.model.followup import next_step
from wabridge.model.notice_level import stand
from wabridge.web import (
    account_words,
    attachments,
    compose_words,
    countdown,
    enclosure_words,
    flaws,
    happenings,
    keys,
    kinds,
    ladder,
    language,
    marks,
    notice_timeline,
    notice_words,
    people,
    remarks,
    session,
    tasks,
    template_words,
    texts,
    waits,
    words,
)
from wabridge.web.language import Speech

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


@dataclass(frozen=True, slots=True)
class Pages:
    """The templates and the catalogues, read once."""

    environment: jinja2.Environment
    catalogues: Mapping[str, Catalog]


PAGES = web.AppKey("pages", Pages)


def set_up(app: web.Application) -> None:
    """Read templates and catalogues into the application; raises if one of them is broken."""
    app[PAGES] = read_pages()


def add_static(router: web.UrlDispatcher) -> None:
    """Serve style sheet, script and icon under /static, as the route "static"."""
    router.add_static("/static", _STATIC, name="static")


def read_pages() -> Pages:
    """Return templates that escape everything and refuse an undefined name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["visible"] = texts.visible
    environment.filters["visible_line"] = texts.visible_line
    environment.filters["visible_text"] = texts.visible_text
    environment.filters["excerpt"] = texts.excerpt
    environment.filters["marked"] = marks.marked
    environment.filters["with_places"] = marks.with_places
    environment.globals.update(references=references, composing=compose_words.FORMS, flaws=flaws)
    environment.globals.update(words=words, kinds=kinds, happenings=happenings, account_words=account_words)
    environment.globals.update(attachments=attachments, people=people, remarks=remarks, show_phone=phone.show)
    environment.globals.update(
        countdown=countdown, tasks=tasks, template_words=template_words, waits=waits, rungs=ladder
    )
    environment.globals.update(notice_words=notice_words, stand=stand, next_step=next_step)
    environment.globals.update(timeline_clocks=notice_timeline.CLOCKS, timeline_parts=notice_timeline.parts)
    environment.globals.update(timeline_misses=notice_timeline.misses_display)
    environment.globals.update(enclosure_words=enclosure_words)
    environment.globals.update(asset=_asset_paths().__getitem__)
    return Pages(environment, language.read_catalogues())


async def render(request: web.Request, page: str, /, *, status: int = 200, **context: object) -> web.Response:
    """Return a page for whoever asks, in their language, with the banners of the moment on top."""
    office = request.app[keys.OFFICE]
    signed_in = session.find_signed_in(request)
    standing = {
        "brought_back": request.get(keys.BROUGHT_BACK),
        "banners": await notifications.list_banners(office, viewer=signed_in.staff.id) if signed_in else (),
        "csrf": session.csrf_field(request),
        "here": request.path,
        "now": office.clock.now(),
        "office_name": office.settings.office.name,
        "staff": signed_in.staff if signed_in else None,
    }
    said = draw(request.app[PAGES], page, speech(request), {**standing, **context})
    return web.Response(text=said, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


async def render_error(request: web.Request, status: int, error: WabridgeError | None = None) -> web.Response:
    """Return the page that says in words what went wrong; never raises because of storage."""
    said = remarks.ERROR_PAGES.get(status, remarks.ERROR_PAGES[HTTPStatus.INTERNAL_SERVER_ERROR])
    reason = remarks.refusal(error) if error is not None and error.public else None
    return await render(request, "error.html", status=status, status_code=status, said=said, reason=reason)


def draw(pages: Pages, page: str, spoken: Speech, context: Mapping[str, object]) -> str:
    """Return the HTML of a page; everything it shows is in the context."""
    return pages.environment.get_template(page).render(speech=spoken, say=spoken.say, **context)


def speech(request: web.Request) -> Speech:
    """Return how to speak to whoever asks: their own language, their browser's, or the office's."""
    office = request.app[keys.OFFICE].settings.office
    signed_in = session.find_signed_in(request)
    spoken = _language(request, signed_in, otherwise=office.language)
    return Speech(spoken, request.app[PAGES].catalogues[spoken], ZoneInfo(office.timezone))


def _language(request: web.Request, signed_in: SignedIn | None, *, otherwise: str) -> str:
    if signed_in and signed_in.staff.language in language.LANGUAGES:
        return signed_in.staff.language
    return language.choose(request.headers.get("Accept-Language", ""), otherwise=otherwise)


def _asset_paths() -> dict[str, str]:
    """Name each static file with a piece of its hash, so that a browser may keep it and never shows an old one."""
    return {
        file.name: f"/static/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in _STATIC.iterdir()
        if file.is_file()
    }
