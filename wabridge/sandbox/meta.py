"""The pretend Meta: one business number with its clients, spoken to over HTTP as the Cloud API is (cloud-api 13)."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import web

from wabridge.sandbox.account import Account
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.courier import Courier, Parcel
from wabridge.sandbox.crew import Crew
from wabridge.sandbox.endpoints import Endpoints, RecordedRequest
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import File, Files
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.news import News
from wabridge.sandbox.payloads import Json
from wabridge.sandbox.talk import Talk
from wabridge.sandbox.templates import Templates
from wabridge.sandbox.traffic import AcceptedMessage, Traffic, digits_of


class PretendMeta:
    """Plays Meta for one account; it forgets everything with the object.

    It may be stopped and started again, on the same port if that is given: messages and windows stay, webhooks not yet
    delivered are lost.
    """

    def __init__(
        self,
        account: Account,
        *,
        behaviour: Behaviour | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account = account
        self.behaviour = behaviour or Behaviour()
        self.changes = Changes()
        self.base_url = ""
        self._now = now
        self._crew = Crew()
        self.courier = Courier(account, self.behaviour, self.changes)
        self._traffic = Traffic(account, self.behaviour, self.changes, self.courier, self._crew, now)
        self.files = Files(account, self.behaviour, now)
        self.talk = Talk(account, self.behaviour, self.changes, self.courier, self.files, now)
        self.templates = Templates(account, self.behaviour, self.courier, now)
        self.news = News(account, self.courier, self._traffic, self.templates, now)
        self._endpoints = Endpoints(
            account, self.behaviour, self.changes, self._traffic, self.files, templates=self.templates, now=now
        )
        self._runner: web.AppRunner | None = None

    @property
    def answers(self) -> deque[Answer]:
        """The script: what the next well-formed sends are answered."""
        return self._endpoints.answers

    def answers_to(self, phone: str) -> deque[Answer]:
        """Return the script of one person, which goes before the common one."""
        return self._endpoints.answers_to[digits_of(phone)]

    @property
    def throttled(self) -> Mapping[int, int]:
        """How many sends were refused for their speed, by code: what a gateway that keeps the pace never meets."""
        return self._endpoints.throttled

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every POST to /messages, right or wrong."""
        return self._endpoints.requests

    @property
    def violations(self) -> list[str]:
        """One sentence for each request Meta would call malformed."""
        return self._endpoints.violations

    @property
    def uploads(self) -> list[File]:
        """Every file that Meta has taken from the office whole, in order."""
        return self._endpoints.uploads

    @property
    def accepted(self) -> list[AcceptedMessage]:
        """Every message Meta has taken, in order."""
        return self._traffic.accepted

    @property
    def handsets(self) -> dict[str, Handset]:
        """Every client's phone by its digits."""
        return self._traffic.handsets

    @property
    def faults(self) -> set[Fault]:
        """What goes wrong on purpose until it is taken out again."""
        return self.behaviour.faults

    @property
    def callback_url(self) -> str:
        """Where webhooks are posted."""
        return self.courier.callback_url

    @callback_url.setter
    def callback_url(self, url: str) -> None:
        self.courier.callback_url = url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; afterwards `base_url` says where."""
        # Connections still open at the end are hung or slow on purpose: nobody waits long for them.
        runner = web.AppRunner(self._endpoints.application(), access_log=None, shutdown_timeout=0.5)
        self._runner = runner
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        self.base_url = self.files.base_url = f"http://{host}:{runner.addresses[0][1]}"
        await self.courier.start()

    async def stop(self) -> None:
        """Close everything; raises what went wrong in the background."""
        self._endpoints.stop()
        try:
            if self._runner is not None:
                await self._runner.cleanup()
        finally:
            try:
                await self.courier.stop()
            finally:
                await self._crew.dismiss()
                self._traffic.forget_open()

    async def handshake(self) -> bool:
        """Ask the callback address for the challenge; says whether it was right."""
        return await self.courier.shake_hands()

    async def wait_until(self, is_true: Callable[[], bool], timeout_seconds: float = 10.0) -> None:
        """Return as soon as the condition holds; raises TimeoutError."""
        async with asyncio.timeout(timeout_seconds):
            await self.changes.wait_until(is_true)

    async def drain(self, timeout_seconds: float = 10.0) -> None:
        """Return when every status is reported and every webhook answered 200.

        Raises TimeoutError. Messages to phones somebody plays are not waited for: their statuses depend on a person.
        """
        async with asyncio.timeout(timeout_seconds):
            await self._traffic.settle()
            await self.courier.drain(timeout_seconds)

    def handset(self, phone: str, name: str = "") -> Handset:
        """Return the phone with this number, made on first mention."""
        return self._traffic.handset(phone, name)

    def open_window(self, phone: str, at: datetime | None = None) -> None:
        """Treat this client as having written, for webhooks made by hand."""
        self.handset(phone).note_inbound(at or self._now())

    def client_writes(self, phone: str, name: str, text: str, *, quoted_wamid: str | None = None) -> str:
        """Let a client write; opens the window and returns the wamid."""
        return self.talk.write(self.handset(phone, name), text, quoted_wamid=quoted_wamid).wamid

    def emit_status(
        self,
        wamid: str,
        status: str,
        errors: Sequence[Json] | None = None,
        *,
        to: str | None = None,
        callback_data: str | None = None,
    ) -> Parcel:
        """Report a status at once; of a message Meta never took, name `to`."""
        return self._traffic.emit_status(wamid, status, errors, to=to, callback_data=callback_data)
