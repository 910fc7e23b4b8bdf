"""The words for messages, as tables: statuses, failures, placeholders, standings.

Rule: nothing here claims more than Meta reported. `delivered` always says that it need not have been read, and no word
says that somebody understood, agreed or knows.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from wabridge.model import staff
from wabridge.model.delivery import Delivery
from wabridge.model.message import Message
from wabridge.web import failures
from wabridge.web.language import Msgid

Tone = Literal["plain", "waiting", "good", "bad"]


ELSEWHERE: dict[str, Msgid] = {
    "app": Msgid("Office, in the WhatsApp app"),
    "partner": Msgid("Another party in the office's name"),
}
"""Who wrote a message that was not written here."""

RULES: dict[str, Msgid] = {"notices": Msgid("legal notices")}
"""Which part of the program wrote a message by itself."""

SOURCES: dict[str, Msgid] = {
    "history": Msgid("From the phone's history"),
    "standby": Msgid("Handled by another party"),
}
"""How a message came, if it is not simply what has just happened."""

WRITTEN_ELSEWHERE: dict[str, Msgid] = {
    "app": Msgid("Written in the WhatsApp app; WhatsApp has reported nothing more"),
    "partner": Msgid("Not sent from here; WhatsApp has reported nothing more"),
}
"""What is known of the delivery of such a message before WhatsApp reports anything of it."""

PHONE_SAID: dict[str, Msgid] = {
    "sent": Msgid("Sent, according to the phone"),
    "delivered": Msgid("Arrived (not necessarily read), according to the phone; WhatsApp's system reported nothing"),
    "read": Msgid("Displayed, according to the phone; WhatsApp's system reported nothing"),
    "played": Msgid("Played, according to the phone; WhatsApp's system reported nothing"),
    "error": Msgid("Not sent, according to the phone"),
    "pending": Msgid("Not sent yet, according to the phone"),
}
"""What the phone app's history says of the office's own messages. It is the phone's word, and no report of Meta's."""


class Step(NamedTuple):
    """One word of a delivery line. at: None when nobody gave a time."""

    sentence: Msgid
    at: datetime | None = None
    tone: Tone = "plain"


ACCEPTED = Msgid("Accepted by WhatsApp's system")
HELD_BY_META = Msgid("Held by Meta, which still checks this template; not sent on yet")
SENT = Msgid("Sent")
DELIVERED = Msgid("Arrived on a device (not necessarily read)")
DELIVERED_AT_UNKNOWN_TIME = Msgid("Arrived on a device (not necessarily read), time not reported")
DELIVERED_IMPLIED = Msgid("Arrived (implied, time unknown)")
READ = Msgid("Displayed in the client's WhatsApp")
READ_AT_UNKNOWN_TIME = Msgid("Displayed in the client's WhatsApp, time not reported")
PENDING = Msgid("Waiting to be sent")
RETRYING = Msgid("Not handed over yet; it will be tried again by itself")
HELD = {
    "late": Msgid("Held back: it waited too long. Send it now, or cancel it?"),
    "identity": Msgid("Held back: it is no longer certain who gets this. Make sure, send it anyway, or cancel it."),
    "part": Msgid(
        "Held back, so that no gap arrives: an earlier part failed, was taken back, or has no definite answer yet."
    ),
    "restored": Msgid("Held back: after a restore nobody here knows if it was sent. Ask first, then send or cancel."),
}
UNKNOWN = Msgid("No definite answer from Meta yet. It is not sent again by itself.")
UNKNOWN_CLOSED = Msgid("Its outcome was never known")
GOING_AGAIN = Msgid("Will be sent again; what came of it before is not known")
FAILED = Msgid("Failed")
CANCELLED = Msgid("Cancelled before it was handed over")

CONFLICT = Msgid("Meta also reported a failure")
TWICE = Msgid("The client may have received this message twice.")

SHORT: dict[str, Step] = {
    "pending": Step(PENDING, tone="waiting"),
    "unknown": Step(Msgid("No definite answer from Meta yet"), tone="waiting"),
    "sent": Step(ACCEPTED),
    "delivered": Step(DELIVERED, tone="good"),
    "read": Step(READ, tone="good"),
    "failed": Step(FAILED, tone="bad"),
    "cancelled": Step(Msgid("Cancelled")),
}
"""A status alone, without its times, as a line of the inbox says it. `sent` claims the least that it can mean."""

REPORTED: dict[str, Msgid] = {
    "sent": SENT,
    "delivered": DELIVERED,
    "read": READ,
    "played": Msgid("Played in the client's WhatsApp"),
    "failed": FAILED,
}
"""Meta's words, as the list of status reports says them; another word is shown as it came."""


def steps(message: Message) -> list[Step]:
    """Return what is known of an outbound message's delivery, in the order in which it happens."""
    delivery = message.delivery
    if delivery is None:
        return _without_report(message)
    line = [*_accepted(delivery), *_sent(delivery), *_delivered(delivery), *_read(delivery)]
    match delivery.status:
        case "pending" if message.hold:
            line.append(Step(HELD[message.hold], tone="waiting"))
        case "pending":
            line.append(Step(RETRYING if message.tries else PENDING, tone="waiting"))
        case "unknown" if message.resends:
            line.append(Step(HELD[message.hold] if message.hold else GOING_AGAIN, tone="waiting"))
        case "unknown" if message.is_closed:
            line.append(Step(UNKNOWN_CLOSED))
        case "unknown":
            line.append(Step(UNKNOWN, tone="waiting"))
        case "cancelled":
            line.append(Step(CANCELLED))
        case "failed":
            line.append(Step(FAILED, delivery.failed_at, "bad"))
    if delivery.conflict:
        line.append(Step(CONFLICT, delivery.failed_at, "bad"))
    if delivery.twice:
        line.append(Step(TWICE, tone="bad"))
    return line


def _without_report(message: Message) -> list[Step]:
    """Return what is known of a message of which WhatsApp's system has reported nothing."""
    if message.author_kind not in WRITTEN_ELSEWHERE:
        return []
    return [Step(PHONE_SAID.get(message.phone_status or "", WRITTEN_ELSEWHERE[message.author_kind]))]


def _accepted(delivery: Delivery) -> list[Step]:
    says_nothing_else = delivery.status == "sent" and delivery.sent_at is None
    if delivery.held:
        return [Step(HELD_BY_META, delivery.accepted_at, "waiting")]
    return [Step(ACCEPTED, delivery.accepted_at)] if delivery.accepted_at or says_nothing_else else []


def _sent(delivery: Delivery) -> list[Step]:
    return [Step(SENT, delivery.sent_at)] if delivery.sent_at else []


def _delivered(delivery: Delivery) -> list[Step]:
    if delivery.delivered_at:
        return [Step(DELIVERED, delivery.delivered_at, "good")]
    if delivery.delivered_is_implied:
        return [Step(DELIVERED_IMPLIED)]
    return [Step(DELIVERED_AT_UNKNOWN_TIME, tone="good")] if delivery.status in {"delivered", "read"} else []


def _read(delivery: Delivery) -> list[Step]:
    if delivery.read_at:
        return [Step(READ, delivery.read_at, "good")]
    return [Step(READ_AT_UNKNOWN_TIME, tone="good")] if delivery.status == "read" else []


EXPLAINED: tuple[tuple[Msgid, Msgid], ...] = (
    (
        ACCEPTED,
        Msgid("Meta's system took the message over. This does not show that it has left or arrived."),
    ),
    (SENT, Msgid("Meta reports that it sent the message on. This does not yet show that it arrived.")),
    (
        DELIVERED,
        Msgid("Meta reports that it arrived on a device of this account. This does not show that it was read."),
    ),
    (
        READ,
        Msgid("Meta reports that it was displayed. This does not show who looked, or that it was understood."),
    ),
    (
        Msgid("No report that it was displayed"),
        Msgid("People can switch read receipts off: without a report nobody can say whether it was read or not."),
    ),
)
"""What each word means and what it does not, in Meta's order (evidence wording)."""


FAILURES = failures.FAILURES
failure = failures.failure
"""Why a message failed or waits, by Meta's code or ours."""


PLACEHOLDERS: dict[str, Msgid] = {
    "image": Msgid("Picture"),
    "video": Msgid("Video"),
    "audio": Msgid("Voice or audio message"),
    "document": Msgid("Document"),
    "sticker": Msgid("Sticker"),
    "location": Msgid("Location"),
    "contacts": Msgid("Contact card"),
    "interactive": Msgid("Answer to a button, list or form"),
    "button": Msgid("Answer to a button"),
    "template": Msgid("Template"),
    "reaction": Msgid("Reaction to a message"),
    "order": Msgid("Order"),
    "system": Msgid("Notice from WhatsApp about this account"),
    "edit": Msgid("Change of an earlier message"),
    "revoke": Msgid("An earlier message was deleted by its sender"),
    "unsupported": Msgid("A message of a kind that WhatsApp does not pass on"),
    "unreadable": Msgid("A message that could not be read"),
    "media_placeholder": Msgid("A file from the phone's history"),
    "handover": Msgid("Another party took this conversation over, or gave it back"),
}
OTHER_KIND = Msgid("A message of another kind")
KEPT = Msgid("Its content did not come along; the original is kept.")
KEPT_FROM_HISTORY = Msgid("The phone hands over files of the last two weeks only; those come by themselves.")
KEPT_UNREADABLE = Msgid("Something came from this person that could not be understood; the original is kept. Ask them.")


def placeholder(kind: str) -> Msgid:
    """Return what stands for a message whose content cannot be shown."""
    return PLACEHOLDERS.get(kind, OTHER_KIND)


STANDINGS: dict[str, Msgid] = {
    "lead": Msgid("Prospective client"),
    "client": Msgid("Client"),
    "former": Msgid("Former client"),
    "other": Msgid("Other contact"),
}
OPERATOR_NAME = staff.OPERATOR_NAME
ROLES: dict[str, Msgid] = {
    "owner": Msgid("Owner"),
    "lawyer": Msgid("Lawyer"),
    "assistant": Msgid("Assistant"),
}
