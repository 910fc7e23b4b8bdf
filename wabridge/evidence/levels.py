"""What may be said of one message or notice: the sentences of each level, and what a missing signal means.

Never more than was reported: delivered is not read, displayed is not understood, silence is not consent.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from wabridge.evidence.exhibits import Confirmation, Message, Notice
from wabridge.evidence.words import Run, Words
from wabridge.model.delivery import Delivery

Sentence = list[Run]


def of_message(message: Message, words: Words) -> list[Sentence]:
    """Return what is known of a message, the level reached first."""
    if message.direction == "inbound":
        came = next((event.t_received for event in message.events if event.raw_path), message.t_recorded)
        return [words.say("level.received", time=words.time(came))]
    if message.delivery is None:
        return [words.say("level.elsewhere")]
    return list(_of_delivery(message, message.delivery, words))


def of_notice(notice: Notice, words: Words) -> Sentence:
    """Return how a notice came out, in one sentence."""
    answer = next((each for each in notice.confirmations if each.decides), None)
    deadline = words.time(notice.t_deadline) if notice.t_deadline else words.plain("none")
    if answer is None or notice.outcome == "disputed":
        return words.say(f"outcome.{notice.outcome}", deadline=deadline)
    is_confirmed = notice.outcome in ("confirmed", "confirmed_late")
    said = _recorded(answer, words) if answer.recorded_by else _pressed(notice, answer, words)
    if not is_confirmed:
        said += [" ", *words.say("outcome.not_confirmed")]
    elif notice.outcome == "confirmed_late":
        said += [" ", *words.say("outcome.late", deadline=deadline)]
    return said


def counts(messages: tuple[Message, ...]) -> dict[str, int]:
    """Return how many of the office's messages got how far, by the words of `cover.result_levels`."""
    found = dict.fromkeys(("read", "delivered", "sent", "failed", "other"), 0)
    for message in messages:
        if message.direction == "outbound":
            word = _reported(message)
            found[word if word in found else "other"] += 1
    return found


def _reported(message: Message) -> str:
    """Return how far Meta reports a message, "" if it does not: accepted is not sent, given up is not failed."""
    known = message.delivery
    if known is None or (known.status == "sent" and known.sent_at is None):
        return ""
    if known.status == "failed" and not (_is_failed(message, known) or _is_refused(message)):
        return ""
    return known.status


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
    if _is_failed(message, known):
        return words.say("level.failed", time=words.time(known.failed_at), reason=reason)
    return words.say("level.refused" if _is_refused(message) else "level.not_handed", reason=reason)


def _is_failed(message: Message, known: Delivery) -> bool:
    return known.failed_at is not None or any(event.event == "failed" for event in message.events)


def _is_refused(message: Message) -> bool:
    return any(each.outcome == "refused" for each in message.submissions)


def _last_opened(message: Message) -> datetime | None:
    return max((each.t_opened for each in message.submissions), default=None)


def _recorded(answer: Confirmation, words: Words) -> Sentence:
    """Return what the office says that it heard by another way."""
    return words.say(
        "outcome.recorded",
        what=words.word("response", answer.response),
        channel=words.word("channel", answer.channel),
        time=words.time(answer.happened_at),
        by=answer.recorded_by.name if answer.recorded_by else words.plain("none"),
        recorded=words.time(answer.t_received),
    )


def _pressed(notice: Notice, answer: Confirmation, words: Words) -> Sentence:
    """Return what the account did, by Meta's clock: ours may have heard of it much later."""
    at = answer.t_received if answer.t_meta is None else datetime.fromtimestamp(answer.t_meta, UTC)
    said = words.say(
        "outcome.pressed",
        time=words.time(at),
        button=answer.button_title or words.word("response", answer.response),
        context=answer.context_id or "–",
    )
    if answer.response != "confirmed":
        return said
    bound = words.plain("outcome.document" if answer.document_sha256 else "outcome.content")
    sha256 = answer.document_sha256 or notice.content_sha256
    return [*said, " ", *words.say("outcome.bound", bound=bound, sha256=sha256)]
