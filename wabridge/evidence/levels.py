"""What may be said of one message or notice: the sentences of each level, and what a missing signal means.

Never more than was reported: delivered is not read, displayed is not understood, silence is not consent.
"""

from collections.abc import Iterator
from datetime import datetime

from wabridge.evidence.exhibits import Confirmation, Message, Notice
from wabridge.evidence.words import Run, Words
from wabridge.model.delivery import Delivery

Sentence = list[Run]


def of_message(message: Message, words: Words) -> list[Sentence]:
    """Return what is known of a message, the level reached first."""
    if message.direction == "inbound":
        return [words.say("level.received", time=words.time(message.t_recorded))]
    if message.delivery is None:
        return [words.say("level.elsewhere")]
    return list(_of_delivery(message, message.delivery, words))


def of_notice(notice: Notice, words: Words) -> Sentence:
    """Return how a notice came out, in one sentence."""
    answer = _telling(notice)
    if notice.outcome == "confirmed" and answer is not None and answer.channel == "button":
        bound = "outcome.document" if answer.document_sha256 else "outcome.content"
        return words.say(
            "outcome.confirmed",
            time=words.time(answer.t_received),
            button=answer.button_title,
            context=answer.context_id,
            bound=words.plain(bound),
            sha256=answer.document_sha256 or notice.content_sha256,
        )
    if notice.outcome == "confirmed":
        by = answer.recorded_by.name if answer is not None and answer.recorded_by else words.plain("none")
        channel = words.word("channel", answer.channel if answer is not None else "other")
        return words.say("outcome.confirmed_otherwise", time=words.time(notice.t_outcome), channel=channel, by=by)
    button = answer.button_title if answer is not None else ""
    deadline = words.time(notice.t_deadline) if notice.t_deadline else words.plain("none")
    return words.say(f"outcome.{notice.outcome}", time=words.time(notice.t_outcome), button=button, deadline=deadline)


def counts(messages: tuple[Message, ...]) -> dict[str, int]:
    """Return how many of the office's messages got how far, by the words of `cover.result_levels`."""
    found = dict.fromkeys(("read", "delivered", "sent", "failed", "other"), 0)
    for message in messages:
        if message.direction == "outbound":
            status = message.delivery.status if message.delivery else "other"
            found[status if status in found else "other"] += 1
    return found


def _of_delivery(message: Message, known: Delivery, words: Words) -> Iterator[Sentence]:
    yield from _level(message, known, words)
    if known.conflict:
        yield words.say("level.conflict")
    if known.twice:
        yield words.say("level.twice")


def _level(message: Message, known: Delivery, words: Words) -> Iterator[Sentence]:
    if known.status == "read":
        yield words.say("level.read", time=words.time(known.read_at))
        if known.delivered_is_implied:
            yield words.say("level.implied")
    elif known.status == "delivered":
        yield words.say("level.delivered", time=words.time(known.delivered_at))
        yield words.say("level.no_read")
    elif known.status == "sent":
        word, at = ("sent", known.sent_at) if known.sent_at else ("accepted", known.accepted_at)
        yield words.say(f"level.{word}", time=words.time(at))
        yield words.say("level.no_delivered")
    elif known.status == "failed":
        yield _failure(message, known, words)
    elif known.status == "unknown":
        yield words.say("level.unknown", time=words.time(_last_opened(message)))
    else:
        yield words.say(f"level.{known.status}", time=words.time(message.t_written))


def _failure(message: Message, known: Delivery, words: Words) -> Sentence:
    code = "" if known.failure_code is None else f"{known.failure_code}"
    reason = ": ".join(part for part in (code, known.failure_details) if part) or words.plain("none")
    if known.failed_at is not None or any(event.event == "failed" for event in message.events):
        return words.say("level.failed", time=words.time(known.failed_at), reason=reason)
    return words.say("level.refused" if message.submissions else "level.not_handed", reason=reason)


def _last_opened(message: Message) -> datetime | None:
    return max((each.t_opened for each in message.submissions), default=None)


def _telling(notice: Notice) -> Confirmation | None:
    """Return the answer that decided the outcome: one that counts, or the newest that says the same."""
    for answer in reversed(notice.confirmations):
        if answer.counts or answer.response == notice.outcome:
            return answer
    return None
