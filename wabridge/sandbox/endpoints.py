"""The HTTP side of the pretend Meta.

A request's way: written down, caller checked, body checked, then either the next scripted answer or the usual one.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from wabridge.sandbox import answers, checks, downloads, filled, number, uploads, validation, wire
from wabridge.sandbox.account import Account
from wabridge.sandbox.answers import Answer, Ending
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import PATH, File, Files, Visit
from wabridge.sandbox.graph import (
    BAD_TOKEN,
    EXPIRED_TOKEN,
    RATE_LIMIT,
    UNDELIVERABLE,
    GraphError,
    Refusal,
    unknown_node,
)
from wabridge.sandbox.handset import Handset, Progress
from wabridge.sandbox.policy import Policy
from wabridge.sandbox.templates import Templates
from wabridge.sandbox.traffic import AcceptedMessage, Traffic
from wabridge.sandbox.validation import MarkRead, Send

LARGEST_REQUEST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One POST to /messages as it came in, right or wrong."""

    at: datetime
    path: str
    headers: dict[str, str]
    """Without Authorization."""
    raw: bytes
    body: Any
    """The parsed JSON, or None if it is none."""


class Endpoints:
    """Answers requests to the Graph; remembers all of them."""

    def __init__(
        self,
        account: Account,
        behaviour: Behaviour,
        changes: Changes,
        traffic: Traffic,
        files: Files,
        *,
        templates: Templates,
        now: Callable[[], datetime],
    ) -> None:
        self.answers: deque[Answer] = deque()
        self.answers_to: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self.requests: list[RecordedRequest] = []
        self.violations: list[str] = []
        self.uploads: list[File] = []
        self._account = account
        self._behaviour = behaviour
        self._changes = changes
        self._traffic = traffic
        self._files = files
        self._templates = templates
        self._now = now
        self._policy = Policy(behaviour, now)
        self._stopping = asyncio.Event()

    @property
    def throttled(self) -> Mapping[int, int]:
        """How many sends were refused for their speed, by code."""
        return self._policy.throttled

    def application(self) -> web.Application:
        """Return a fresh application, for one start."""
        self._stopping = asyncio.Event()
        application = web.Application(client_max_size=LARGEST_REQUEST_BYTES)
        application.router.add_post(r"/{version:v\d+\.\d+}/{node}/messages", self._answer_messages)
        application.router.add_post(r"/{version:v\d+\.\d+}/{node}/media", self._take_file)
        application.router.add_get(r"/{version:v\d+\.\d+}/{node}/message_templates", self._list_templates)
        application.router.add_get(r"/{version:v\d+\.\d+}/{node}", self._answer_node)
        application.router.add_delete(r"/{version:v\d+\.\d+}/{node}", self._delete_file)
        application.router.add_get(PATH, self._hand_out_file)
        application.router.add_route("*", "/{tail:.*}", self._answer_unknown)
        return application

    def stop(self) -> None:
        """End every answer that is hung or slow on purpose."""
        self._stopping.set()

    async def _answer_messages(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        self._write_down(request, raw)
        try:
            self._check_caller(request)
            order = validation.parse(raw, request.content_type, own_number=self._account.display_phone_number)
            if isinstance(order, MarkRead):
                self._mark_read(order)
                return wire.json_answer(request, 200, {"success": True})
            if order.kind == "template":
                order = filled.fill(order, validation.find_json(raw)["template"], self._templates)
            handset = self._recipient(order)
            file = self._find_file(order)
        except Refusal as refusal:
            return self._refuse(request, refusal)
        return await self._perform(request, self._next_answer(handset, order), order, handset, file)

    def _next_answer(self, handset: Handset, order: Send) -> Answer:
        """Return what is scripted for this person, else for whoever comes next, else what the rules say."""
        own = self.answers_to.get(handset.person.phone)
        script = own or self.answers
        answer = script.popleft() if script else answers.usual()
        return self._policy.usual_answer(handset, order.kind, order.reaction_to) if answer.by_the_rules else answer

    async def _answer_node(self, request: web.Request) -> web.StreamResponse:
        node = request.match_info["node"]
        self._files.visits.append(Visit(request.host, request.path, "Authorization" in request.headers))
        try:
            self._check_token(request)
            if node == self._account.phone_number_id:
                return wire.json_answer(request, 200, number.describe(self._account, request.query.get("fields")))
            return wire.json_answer(request, 200, self._files.describe(node, request.query))
        except Refusal as refusal:
            return self._refuse(request, refusal)

    async def _list_templates(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            node = request.match_info["node"]
            if node != self._account.business_account_id:
                raise Refusal(unknown_node(node), is_violation=False)
            return wire.json_answer(request, 200, self._templates.list_page(request.query, str(request.url.origin())))
        except Refusal as refusal:
            return self._refuse(request, refusal)

    async def _take_file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_caller(request)
            upload = await uploads.read(request, cut=Fault.UPLOAD_CUT in self._behaviour.faults)
        except Refusal as refusal:
            return self._refuse(request, refusal)
        if upload is None:
            return wire.reset(request)
        file = self._files.keep(upload.content, upload.mime_type, lifetime=uploads.ID_LIFETIME)
        self.uploads.append(file)
        self._changes.announce()
        if Fault.UPLOAD_DOWN in self._behaviour.faults:
            return web.Response(status=503, text="<h1>Sorry</h1>", content_type="text/html")
        if Fault.UPLOAD_REFUSED in self._behaviour.faults:
            return self._refuse(request, Refusal(uploads.REFUSED, is_violation=False))
        if Fault.UPLOAD_THROTTLED in self._behaviour.faults:
            return self._refuse(request, Refusal(RATE_LIMIT, is_violation=False))
        if Fault.UPLOAD_HANGS in self._behaviour.faults:
            await self._stopping.wait()
            return wire.reset(request)
        return wire.json_answer(request, 200, {"id": file.media_id})

    async def _delete_file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            self._files.delete(request.match_info["node"])
        except Refusal as refusal:
            return self._refuse(request, refusal)
        return wire.json_answer(request, 200, {"success": True})

    async def _hand_out_file(self, request: web.Request) -> web.StreamResponse:
        self._files.visits.append(Visit(request.host, request.path, "Authorization" in request.headers))
        try:
            self._check_token(request)
        except Refusal as refusal:
            return self._refuse(request, refusal)
        file = self._files.open(request.query)
        if file is None:  # an address that expired looks like one that never was
            return web.Response(status=404)
        return await downloads.give(request, file, self._behaviour, self._stopping)

    async def _answer_unknown(self, request: web.Request) -> web.StreamResponse:
        return self._refuse(request, Refusal(unknown_node(request.path.strip("/")), is_violation=True))

    def _write_down(self, request: web.Request, raw: bytes) -> None:
        headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
        body = validation.find_json(raw)
        self.requests.append(RecordedRequest(at=self._now(), path=request.path, headers=headers, raw=raw, body=body))
        self._changes.announce()

    def _check_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._account.access_token}":
            raise Refusal(BAD_TOKEN, is_violation=False)
        if Fault.TOKEN_EXPIRED in self._behaviour.faults:
            raise Refusal(EXPIRED_TOKEN, is_violation=False)

    def _check_caller(self, request: web.Request) -> None:
        self._check_token(request)
        node = request.match_info["node"]
        if node != self._account.phone_number_id:
            raise Refusal(unknown_node(node), is_violation=False)

    def _mark_read(self, order: MarkRead) -> None:
        if not self._traffic.mark_read_by_office(order.wamid):
            error = GraphError(
                http=400, code=131009, title="Parameter value is not valid", details="message_id is not known"
            )
            raise Refusal(error, is_violation=False)

    def _find_file(self, order: Send) -> File | None:
        if order.file_id is None:
            return None
        file = self._files.find_uploaded(order.file_id, order.header or order.kind)
        if order.is_voice and not file.mime_type.startswith("audio/ogg"):
            raise checks.invalid("a voice message is Ogg with Opus")
        return file

    def _recipient(self, send: Send) -> Handset:
        handset = self._traffic.find_recipient(send.address)
        if handset is None:
            raise Refusal(UNDELIVERABLE, is_violation=False)
        return handset

    def _refuse(self, request: web.Request, refusal: Refusal) -> web.Response:
        if refusal.is_violation and self._behaviour.strict:
            self.violations.append(f"{request.method} {request.path}: {refusal}")
            self._changes.announce()
        return wire.json_answer(request, refusal.error.http, refusal.error.answer())

    async def _perform(
        self, request: web.Request, answer: Answer, send: Send, handset: Handset, file: File | None
    ) -> web.StreamResponse:
        message = self._traffic.accept(send, handset, file) if answer.accepts else None
        if answer.failure is not None:
            self._traffic.emit_failure(send, handset, answer.failure, wamid=message.wamid if message else None)
        elif message is not None:
            if answer.sent_first:
                await self._report_sent_first(message)
            if answer.follows:
                self._traffic.follow(message)
        if answer.delay_seconds > 0:
            await self._wait_for_stop(answer.delay_seconds)
        if answer.ending is Ending.HANG:
            await self._stopping.wait()
        if answer.ending in (Ending.HANG, Ending.RESET):
            return wire.reset(request)
        said = _say(request, answer, send, handset, message)
        return await wire.cut(request, said) if answer.ending is Ending.CUT else said

    async def _report_sent_first(self, message: AcceptedMessage) -> None:
        message.bubble.progress = Progress.SENT
        parcel = self._traffic.emit_status(message.wamid, "sent")
        # A gateway that takes no status while its own send is open must not hang both sides for ever.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(parcel.arrived.wait(), self._behaviour.webhook_timeout_seconds)

    async def _wait_for_stop(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _say(
    request: web.Request, answer: Answer, send: Send, handset: Handset, message: AcceptedMessage | None
) -> web.Response:
    if answer.error is not None:
        return wire.json_answer(request, answer.error.http, answer.error.answer())
    if answer.page is not None:
        headers = {"Content-Type": answer.page.content_type, **answer.page.headers}
        return web.Response(status=answer.page.http, body=answer.page.body, headers=headers)
    # Sent to a phone the answer names the wa_id, sent to a BSUID the user_id (3.4, 5.4).
    by_phone = send.address.startswith("+")
    person = handset.person
    named = {"wa_id": person.phone} if by_phone else {"user_id": person.user_id}
    held = {"message_status": answer.message_status} if answer.message_status else {}
    said = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": send.address, **named}],
        "messages": [{"id": message.wamid if message else "", **held}],
    }
    return wire.json_answer(request, 200, said)
