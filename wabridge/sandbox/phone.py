"""The pretend client's phone: a web page on which anyone plays the people who write to the office.

Meta is told nothing the page doesn't do: a message is delivered when its phone is on, and read when the page has shown
it while the chat counts as open.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wabridge.sandbox import forms, guards, labels
from wabridge.sandbox.faults import GROUPS
from wabridge.sandbox.gestures import EMOJIS, LONGEST_CAPTION, LONGEST_TEXT, MENU, PLACE, Gestures
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.news import OCCURRENCES
from wabridge.sandbox.traffic import digits_of
from wabridge.sandbox.words import WORDS

FIRST_NAME = "Sri Wahyuni"
FIRST_NUMBER = "6281200001234"
JAKARTA = timezone(timedelta(hours=7), "WIB")
LANGUAGE_COOKIE = "pretend_phone_language"
LONGEST_NAME = 60
PING_SECONDS = 15.0
STATIC_TYPES = {"phone.css": "text/css", "phone.js": "text/javascript", "phone.svg": "image/svg+xml"}


class PhonePage:
    """Serves the phones of all played clients on one loopback port."""

    def __init__(
        self,
        meta: PretendMeta,
        *,
        office_name: str = "Kantor Hukum",
        language: str = "id",
        zone: tzinfo = JAKARTA,
        inbox_url: str = "",
    ) -> None:
        self.url = ""
        self.inbox_url = inbox_url
        """Where the page's link to the office's inbox leads; empty shows none."""
        self._meta = meta
        self._office_name = office_name
        self._language = language
        self._zone = zone
        self._phones: list[Handset] = []
        self._is_stopping = False
        self._runner: web.AppRunner | None = None
        folder = Path(__file__).parent
        loader = FileSystemLoader(folder / "pages")
        self._pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._static = {name: (folder / "static" / name).read_bytes() for name in STATIC_TYPES}

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen with one client there already; afterwards `url` says where."""
        self._is_stopping = False
        if not self._phones:
            self.add_client(FIRST_NAME, FIRST_NUMBER)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """End the live streams and close the port."""
        self._is_stopping = True
        self._meta.changes.announce()
        if self._runner is not None:
            await self._runner.cleanup()

    def add_client(self, name: str, number: str) -> int:
        """Put a client's phone on the page; returns its place, from 1."""
        handset = self._meta.handset(number, name)
        if handset not in self._phones:
            handset.is_played = True
            self._phones.append(handset)
        self._meta.changes.announce()
        return self._phones.index(handset) + 1

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[guards.refuse_strangers])
        application.on_response_prepare.append(guards.add_headers)
        application.add_routes(
            [
                web.get("/", self._show_first),
                web.get(r"/{name:phone\.(?:css|js|svg)}", self._show_static),
                web.get(PLACE, self._show_phone),
                web.get(PLACE + "/live", self._stream_changes),
                web.get(PLACE + "/files/{key}", self._show_file),
                web.post(PLACE + "/messages", self._write),
                web.post(PLACE + "/switches", self._switch),
                web.post(PLACE + "/language", self._change_language),
                web.post(PLACE + "/clients", self._make_client),
                *Gestures(self._meta, self._phone).routes(),
            ]
        )
        return application

    async def _show_first(self, _request: web.Request) -> web.Response:
        raise web.HTTPSeeOther("/phones/1")

    async def _show_static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=self._static[name], content_type=STATIC_TYPES[name], charset="utf-8")

    async def _show_phone(self, request: web.Request) -> web.Response:
        return self._page(request)

    async def _show_file(self, request: web.Request) -> web.Response:
        bubble = self._phone(request).find_key(request.match_info["key"])
        if bubble is None or bubble.file is None:
            raise web.HTTPNotFound
        return web.Response(body=bubble.file.content, headers={"Content-Type": bubble.file.mime_type})

    async def _stream_changes(self, request: web.Request) -> web.StreamResponse:
        self._phone(request)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        version = _seen_version(request)
        if version > self._meta.changes.version:  # a number from before a restart
            version = -1
        with contextlib.suppress(ConnectionError):
            while not self._is_stopping:
                try:
                    version = await asyncio.wait_for(self._meta.changes.wait_beyond(version), PING_SECONDS)
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                else:
                    await stream.write(f"id: {version}\ndata: changed\n\n".encode())
        return stream

    async def _write(self, request: web.Request) -> web.Response:
        handset = self._phone(request)
        form = await forms.fields(request)
        text = form.get("text", "").replace("\r\n", "\n").strip()
        if not 0 < len(text) <= LONGEST_TEXT or not handset.is_on:
            return self._page(request, text_problem="text_wrong", written=form)
        quoted = handset.find_key(form.get("quotes", ""))
        self._meta.talk.write(handset, text, quoted_wamid=quoted.wamid if quoted else None)
        raise forms.see(request)

    async def _switch(self, request: web.Request) -> web.Response:
        handset = self._phone(request)
        form = await forms.fields(request)
        if "is_on" in form:
            handset.is_on = form["is_on"] == "1"
        if "is_chat_open" in form:
            handset.is_chat_open = form["is_chat_open"] == "1"
        self._meta.changes.announce()
        raise forms.see(request)

    async def _change_language(self, request: web.Request) -> web.Response:
        language = (await forms.fields(request)).get("language", "")
        answer = forms.see(request)
        if language in WORDS:
            answer.set_cookie(LANGUAGE_COOKIE, language, httponly=True, samesite="Strict", max_age=365 * 86400)
        raise answer

    async def _make_client(self, request: web.Request) -> web.Response:
        form = await forms.fields(request)
        name = " ".join(form.get("name", "").split())
        number = _international(form.get("number", ""))
        if not 0 < len(name) <= LONGEST_NAME:
            return self._page(request, client_problem="name_wrong", written=form)
        if not 8 <= len(number) <= 15 or number == self._meta.account.display_phone_number:
            return self._page(request, client_problem="number_wrong", written=form)
        raise web.HTTPSeeOther(f"/phones/{self.add_client(name, number)}")

    def _phone(self, request: web.Request) -> Handset:
        place = int(request.match_info["place"])
        if place > len(self._phones):
            raise web.HTTPNotFound
        return self._phones[place - 1]

    def _page(
        self,
        request: web.Request,
        *,
        text_problem: str = "",
        client_problem: str = "",
        written: Mapping[str, str] | None = None,
    ) -> web.Response:
        handset = self._phone(request)
        language = request.cookies.get(LANGUAGE_COOKIE, self._language)
        language = language if language in WORDS else "id"
        if handset.is_on and handset.display():
            self._meta.changes.announce()
        page = self._pages.get_template("phone.html").render(
            words=WORDS[language],
            language=language,
            **self._menus(request, language),
            other_language="en" if language == "id" else "id",
            office_name=self._office_name,
            inbox_url=self.inbox_url,
            version=self._meta.changes.version,
            place=self._phones.index(handset) + 1,
            phones=self._phones,
            handset=handset,
            text_problem=text_problem,
            client_problem=client_problem,
            written=written or {},
            clock=self._clock,
            longest_text=LONGEST_TEXT,
            longest_name=LONGEST_NAME,
        )
        status = 422 if text_problem or client_problem else 200
        return web.Response(text=page, status=status, content_type="text/html")

    def _menus(self, request: web.Request, language: str) -> dict[str, Any]:
        """Return what the folded menus show, and which of them stands open without a script."""
        return {
            "faults": self._meta.faults,
            "groups": GROUPS,
            "kinds": MENU,
            "occurrences": OCCURRENCES,
            "emojis": EMOJIS,
            "kind_labels": labels.KIND_LABELS[language],
            "fault_labels": labels.FAULT_LABELS[language],
            "group_labels": labels.GROUP_LABELS[language],
            "news_labels": labels.NEWS_LABELS[language],
            "longest_caption": LONGEST_CAPTION,
            "open_menu": request.query.get("open", ""),
            "file_problem": request.query.get("problem") == "file_wrong",
            "quoted": self._phone(request).find_key(request.query.get("quote", "")),
        }

    def _clock(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%H.%M")


def _seen_version(request: web.Request) -> int:
    seen = request.headers.get("Last-Event-ID") or request.query.get("since", "")
    return int(seen) if seen.isascii() and seen.isdigit() else -1


def _international(number: str) -> str:
    digits = digits_of(number)
    return f"62{digits[1:]}" if digits.startswith("0") else digits
