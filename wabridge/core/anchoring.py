"""The worker that deposits checkpoints outside: within minutes of what happens to a notice, daily for the rest.

It stands in this room and not in the gateway: its outside is not Meta, and sending never waits for it. The table is the
queue; killed between an answer and its row, the next start asks once more, and one anchor too many harms nobody. What
cannot be reached is tried again with growing pauses, for ever.
"""

import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import aiohttp
from cryptography import x509

from wabridge.broker import Change, Topic
from wabridge.connectors import mail, timestamps
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, NotAnchored, SettingsError
from wabridge.evidence import timestamp
from wabridge.model import anchor
from wabridge.model.anchor import Place, Standing
from wabridge.model.staff import Actor
from wabridge.settings import AnchorSettings, Settings
from wabridge.storage import anchors, checkpoints
from wabridge.storage.anchors import Due, Proof
from wabridge.storage.database import Transaction

log = logging.getLogger(__name__)


class Trust(NamedTuple):
    """Whom to believe. is_strict: the office chose the roots itself, so that no others count."""

    roots: Sequence[x509.Certificate]
    is_strict: bool
    mail: ssl.SSLContext | None = None


def read_trust(settings: Settings) -> Trust:
    """Return the roots that timestamps must lead to; raises SettingsError if a file of theirs cannot be read."""
    chosen: list[x509.Certificate] = []
    for name in settings.anchors.timestamp_roots:
        try:
            chosen += timestamp.read_roots((settings.folder / name).read_bytes())
        except (OSError, ValueError) as fault:
            raise SettingsError(f"[anchors] timestamp_roots: {name} is not a readable PEM file") from fault
    return Trust(chosen or timestamps.machine_roots(), is_strict=bool(chosen))


def places(office: Office) -> tuple[Place, ...]:
    """Return where checkpoints are to lie; nothing leaves the sandbox."""
    chosen: AnchorSettings = office.settings.anchors
    if office.is_sandbox:
        return ()
    return (
        *(Place("timestamp", url) for url in chosen.timestamp_urls),
        *(Place("mail", mailbox) for mailbox in chosen.mail_to),
    )


async def standing(office: Office, actor: Actor) -> Standing:
    """Return how well the ledger is anchored now; raises NotAllowed."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    known = places(office)
    return await office.database.read(lambda tx: _standing(tx, known))


def _standing(tx: Transaction, known: tuple[Place, ...]) -> Standing:
    newest = [each for each in anchors.list_newest(tx) if each.place in known]
    waiting = anchors.list_wanted(tx, known)
    best = max((each.checkpoint_id for each in newest), default=0)
    lacking = [each.wanted_at for each in waiting if each.checkpoint_id > best]
    lacking += [wish.wanted_at for wish in anchors.list_wishes(tx)]
    return Standing(
        places=known, newest=tuple(newest), waiting=tuple(waiting), waiting_since=min(lacking, default=None)
    )


@dataclass(eq=False)
class Anchoring:
    """The worker for anchors."""

    office: Office
    session: aiohttp.ClientSession
    trust: Trust
    _places: tuple[Place, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._places = places(self.office)

    async def run(self) -> None:
        """Deposit checkpoints until the broker closes."""
        await self.office.broker.patrol(Topic.ANCHORS, self.look)

    async def look(self) -> bool:
        """Plan what is due and make one anchor, and say whether there may be more."""
        if not self._places:
            return False
        office = self.office
        if await office.database.read(self._has_plans):
            await office.database.write(self._plan)
            office.broker.ring(Topic.LEDGER, 0)
        now = office.clock.now()
        due = await office.database.read(lambda tx: anchors.find_due(tx, self._places, now))
        if due is None:
            return False
        await self._make(due)
        return True

    def _has_plans(self, tx: Transaction) -> bool:
        """Say, without writing, whether there is anything to plan."""
        now = self.office.clock.now()
        wishes = anchors.list_wishes(tx)
        return self._is_daily_due(tx, now) or anchor.is_due([(wish.why, wish.wanted_at) for wish in wishes], now)

    def _is_daily_due(self, tx: Transaction, now: datetime) -> bool:
        last = anchors.last_wanted(tx, "daily")
        moment = anchor.daily_moment(now, ZoneInfo(self.office.settings.office.timezone))
        return last is None or last < moment

    def _plan(self, tx: Transaction) -> None:
        """Ask for a checkpoint for what is wanted; once it is there, let it be wanted at every place."""
        now = tx.instant.at
        if self._is_daily_due(tx, now):
            anchors.want(tx, "daily")
        wishes = anchors.list_wishes(tx)
        if not wishes:
            return
        head = anchors.find_answering(tx, wishes[-1])
        if head is None:
            checkpoints.want(tx)
        else:
            anchors.add(tx, head.id, self._places, wishes, now=now)

    async def _make(self, due: Due) -> None:
        office = self.office
        try:
            proof = await (self._send(due) if due.anchor.place.kind == "mail" else self._stamp(due))
        except NotAnchored as refused:
            await self._put_off(due, refused.reason)
            return
        await office.database.write(lambda tx: anchors.keep(tx, due, proof))
        log.info("a checkpoint is anchored", extra={"kind": due.anchor.place.kind})
        office.broker.announce(Change("anchors", None))

    async def _put_off(self, due: Due, reason: str) -> None:
        tries = due.anchor.tries + 1
        again = anchor.next_try(self.office.clock.now(), tries=tries, reason=reason)
        log.warning("a checkpoint could not be anchored", extra={"kind": due.anchor.place.kind, "reason": reason})
        await self.office.database.write(lambda tx: anchors.mark_failed(tx, due.anchor.id, reason, next_try_at=again))

    async def _stamp(self, due: Due) -> Proof:
        stamped = await timestamps.fetch(
            self.session,
            due.anchor.place.address,
            due.note,
            roots=self.trust.roots,
            is_strict=self.trust.is_strict,
        )
        token = stamped.token
        return Proof(
            self.office.clock.now(), stamped.request, stamped.answer, token.authority, token.at, token.is_trusted
        )

    async def _send(self, due: Due) -> Proof:
        chosen = self.office.settings.anchors
        now = self.office.clock.now()
        letter = mail.compose(due.note, sender=chosen.mail_from, recipient=due.anchor.place.address, now=now)
        sent = await mail.send(letter, self._server())
        return Proof(self.office.clock.now(), sent.eml, sent.answer.encode("utf-8"), sent.answer)

    def _server(self) -> mail.Server:
        chosen = self.office.settings.anchors
        host, _, port = chosen.smtp_server.rpartition(":")
        try:
            password = self.office.settings.secret(chosen.smtp_password) if chosen.smtp_user else ""
        except SettingsError as fault:
            raise NotAnchored("settings") from fault
        security: mail.Security = "starttls" if chosen.smtp_security == "starttls" else "tls"
        return mail.Server(host, int(port), security, chosen.smtp_user, password, self.trust.mail)
