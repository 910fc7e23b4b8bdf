"""The words for what waits for a person: kinds of tasks with their next step, and what is known of an unknown send."""

from typing import NamedTuple

from wabridge.model.decision import Handover
from wabridge.model.offers import Objection
from wabridge.model.worklist import Stop, Task, TaskKind
from wabridge.web import remarks, waits, words
from wabridge.web.language import Msgid
from wabridge.web.words import Tone


class TaskWords(NamedTuple):
    """One kind of task: what it is, what to do next, how it looks."""

    name: Msgid
    step: Msgid
    tone: Tone


TASKS: dict[TaskKind, TaskWords] = {
    "unknown": TaskWords(
        Msgid("No answer from Meta"),
        Msgid("Ask the person whether it arrived; then send it again, or close it with a note."),
        "waiting",
    ),
    "failed": TaskWords(Msgid("Not delivered"), Msgid("The conversation says why, and what to do."), "bad"),
    "held": TaskWords(Msgid("Held back"), Msgid("Decide: send it now, or cancel it."), "waiting"),
    "overdue": TaskWords(
        Msgid("Waits too long"),
        Msgid("It has not left yet. Reach the person another way, or cancel it."),
        "waiting",
    ),
    "undelivered": TaskWords(
        Msgid("On no device for a day"),
        Msgid("WhatsApp took it, but reports no device. Call the person; then close it with a note."),
        "waiting",
    ),
    "identity_changed": TaskWords(
        Msgid("Identity in doubt"),
        Msgid("Make sure by phone who this is, and note it there; write nothing confidential before."),
        "bad",
    ),
}

_NO_ANSWER = Msgid("No answer came in time.")
_BROKEN_OFF = Msgid("The connection broke off before an answer came.")
_ODD_ANSWER = Msgid("What came back was no answer of Meta's.")
_STOPPED = Msgid("The program ended before the answer came.")
_UNSURE = Msgid("Meta answered that it does not know itself whether it took the message.")

UNKNOWN_BECAUSE: dict[str, Msgid] = {
    "timeout": _NO_ANSWER,
    "disconnect": _BROKEN_OFF,
    "stopped": _STOPPED,
    "redirect": _ODD_ANSWER,
    "empty": _ODD_ANSWER,
    "unreadable": _ODD_ANSWER,
    "nameless": _ODD_ANSWER,
    "oversize": _ODD_ANSWER,
    "unsure": _UNSURE,
}
"""Why an attempt is unknown, by the word that stands in its record."""

OBJECTIONS: dict[Objection, Msgid] = {
    "too_early": Msgid("Meta may still report by itself what came of it. If it does not, you will be asked here."),
    "window_closed": Msgid("It cannot be sent again now: the 24 hours since this person last wrote are over."),
    "pointless": Msgid("Sending the very same message again would fail again."),
}
"""Why sending again is not offered, where that needs saying."""


def next_step(task: Task) -> Msgid:
    """Return what somebody should do about a task."""
    if task.kind == "failed":
        return words.failure(task.failure_code, task.message_kind).advice
    if task.is_stranded:
        return waits.WAITS["other_number"]
    return TASKS[task.kind].step


def why_unknown(handover: Handover) -> Msgid:
    """Return why nobody knows what came of an attempt."""
    return _STOPPED if handover.settled_by == "restart" else UNKNOWN_BECAUSE.get(handover.reason, _BROKEN_OFF)


def stop_advice(stop: Stop) -> Msgid:
    """Return what has to be done so that sending goes on."""
    if stop.by is not None:
        return remarks.BANNERS["sending_stopped"].advice
    return remarks.pause_advice(stop.reason if stop.code is None else str(stop.code))
