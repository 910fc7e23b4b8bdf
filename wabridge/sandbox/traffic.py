"""What passes between the clients and the business number: messages both ways, statuses, windows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wabridge.sandbox import payloads, wamids
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.courier import Courier, Parcel
from wabridge.sandbox.crew import Crew
from wabridge.sandbox.files import File
from wabridge.sandbox.graph import GraphError
from wabridge.sandbox.handset import Bubble, Handset
from wabridge.sandbox.payloads import Person
from wabridge.sandbox.receipts import Receipts
from wabridge.sandbox.reports import Reports
from wabridge.sandbox.validation import Send


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedMessage:
    """A message Meta has taken to deliver it."""

    wamid: str
    to: str
    text: str
    callback_data: str | None
    quoted_wamid: str | None
    accepted_at: datetime
    handset: Handset
    bubble: Bubble


class Traffic:
    """All pretend clients of one account and every message of theirs."""

    def __init__(
        self,
        account: Account,
        behaviour: Behaviour,
        changes: Changes,
        courier: Courier,
        crew: Crew,
        now: Callable[[], datetime],
    ) -> None:
        self.handsets: dict[str, Handset] = {}
        self.accepted: list[AcceptedMessage] = []
        self._account = account
        self._changes = changes
        self._courier = courier
        self._crew = crew
        self._now = now
        self._receipts = Receipts(behaviour, changes, Reports(behaviour, now, self.emit_status))
        self._messages: dict[str, AcceptedMessage] = {}

    def handset(self, phone: str, name: str = "") -> Handset:
        """Return the phone with this number, made on first mention; a name renames."""
        digits = digits_of(phone)
        if digits not in self.handsets:
            person = Person(
                phone=digits,
                name=name or f"+{digits}",
                user_id=wamids.user_id(digits, self._account.business_account_id),
            )
            self.handsets[digits] = Handset(person=person)
        handset = self.handsets[digits]
        if name and name != handset.person.name:
            handset.person = replace(handset.person, name=name)
        return handset

    def find_recipient(self, address: str) -> Handset | None:
        """Return whom a send goes to; a BSUID must be known already."""
        if address.startswith("+"):
            return self.handset(address)
        return next((each for each in self.handsets.values() if each.person.user_id == address), None)

    def change_identity(self, handset: Handset, *, phone: str | None = None, user_id: str) -> None:
        """Give a client another user id, and with it perhaps another number."""
        old = handset.person
        handset.person = replace(old, phone=phone or old.phone, user_id=user_id)
        del self.handsets[old.phone]
        self.handsets[handset.person.phone] = handset
        self._changes.announce()

    def accept(self, send: Send, handset: Handset, file: File | None = None) -> AcceptedMessage:
        """Take a message for this client; nothing is reported yet."""
        now = self._now()
        quoted = handset.find(send.quoted_wamid)
        bubble = Bubble(
            wamid=wamids.outbound(handset.person.phone),
            text=send.text,
            at=now,
            is_from_office=True,
            quoted_text=quoted.text if quoted else None,
            choices=send.choices,
            kind=send.kind,
            file=file,
        )
        if send.reaction_to is None:
            handset.bubbles.append(bubble)
        else:
            handset.take_reaction(send.reaction_to, send.text, now)
        message = AcceptedMessage(
            wamid=bubble.wamid,
            to=send.address,
            text=send.text,
            callback_data=send.callback_data,
            quoted_wamid=send.quoted_wamid,
            accepted_at=now,
            handset=handset,
            bubble=bubble,
        )
        self.accepted.append(message)
        self._messages[message.wamid] = message
        self._changes.announce()
        return message

    def mark_read_by_office(self, wamid: str) -> bool:
        """Show the client blue ticks; says whether the message is known."""
        is_known = any(handset.mark_read_by_office(wamid) for handset in self.handsets.values())
        self._changes.announce()
        return is_known

    def follow(self, message: AcceptedMessage) -> None:
        """Report sent, delivered and read of a taken message in time."""
        self._crew.start(self._receipts.follow(message.bubble, message.handset))

    def forget_open(self) -> None:
        """Expect no status any more, after the work was cancelled."""
        self._receipts.forget_open()

    async def settle(self) -> None:
        """Return when no status of a client nobody plays is outstanding."""
        await self._changes.wait_until(lambda: not self._receipts.has_open)

    def emit_status(
        self,
        wamid: str,
        status: str,
        errors: Sequence[payloads.Json] | None = None,
        *,
        to: str | None = None,
        callback_data: str | None = None,
        at: datetime | None = None,
        on_arrival: Callable[[], None] | None = None,
    ) -> Parcel:
        """Report a status at once; of a message we never took, name `to`."""
        message = self._messages.get(wamid)
        if message is None and to is None:
            raise LookupError("a status of an unknown message needs a recipient")
        person = message.handset.person if message else self.handset(to or "").person
        handle = message.callback_data if message and callback_data is None else callback_data
        reported = payloads.status(
            wamid, status, at=at or self._now(), person=person, callback_data=handle, errors=errors or ()
        )
        return self._courier.enqueue(payloads.status_webhook(self._account, person, reported), on_arrival)

    def emit_failure(self, send: Send, handset: Handset, error: GraphError, *, wamid: str | None = None) -> None:
        """Report a send as failed, under a wamid of its own if it had none."""
        self.emit_status(
            wamid or wamids.outbound(handset.person.phone),
            "failed",
            [error.report()],
            to=handset.person.phone,
            callback_data=send.callback_data,
        )


def digits_of(phone: str) -> str:
    """Return the digits of a phone number written in any way."""
    return "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
