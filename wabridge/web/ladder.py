"""The words for how far a message came, as the page of one message says them in full.

Rule: as in `words`: nothing claims more than was reported. The sentences are those of the evidence rules; each says
what its rung does not show, and the sentence about an arrival always says that it is no reading.
"""

from wabridge.model import ladder
from wabridge.model.ladder import Remark, Rung, Step, Witness
from wabridge.web import words
from wabridge.web.language import Msgid

climb = ladder.climb

HEADINGS: dict[Rung, Msgid] = {
    "recorded": Msgid("Prepared"),
    "accepted": words.ACCEPTED,
    "sent": words.SENT,
    "delivered": words.DELIVERED,
    "displayed": words.READ,
    "failed": words.FAILED,
}

_EXPLAINED = dict(words.EXPLAINED)
_MEANINGS: dict[Rung, Msgid] = {
    "recorded": Msgid("Written down here to be sent. This does not yet show that it was sent."),
    "accepted": _EXPLAINED[words.ACCEPTED],
    "sent": _EXPLAINED[words.SENT],
    "delivered": _EXPLAINED[words.DELIVERED],
    "displayed": _EXPLAINED[words.READ],
    "failed": Msgid("Meta reports that the message was not delivered."),
}
_BY_WITNESS: dict[tuple[Rung, Witness], Msgid] = {
    ("delivered", "implied"): Msgid(
        "No report of the arrival itself has come; it is implied by the report that the message was displayed. When it "
        "arrived is not known."
    ),
    ("accepted", "status"): Msgid("Meta's answer never came, but later reports show that its system has the message."),
    ("failed", "answer"): Msgid("Meta refused the message when it was handed over."),
    ("failed", "office"): Msgid("It was given up here before Meta took it over."),
}
"""Where a rung has another meaning because of who says so."""

WITNESSES: dict[Witness, Msgid] = {
    "office": Msgid("This office's system"),
    "answer": Msgid("Meta's answer to the handing-over"),
    "status": Msgid("Meta's status report"),
    "implied": Msgid("Nobody: implied by another report"),
}

REMARKS: dict[Remark, Msgid] = {
    "no_answer": Msgid(
        "The message was handed over, and no definite answer came. It is not known whether Meta took it: this shows "
        "neither that it arrived nor that it did not."
    ),
    "conflict": Msgid(
        "Meta reported a failure and an arrival of the same message. Both stand here as they came; which of them holds "
        "is not known."
    ),
    "twice": words.TWICE,
    "no_sent": Msgid("There is no report that the message left Meta's system."),
    "not_displayed": Msgid(
        "There is no report that it was displayed. People can switch read receipts off: the absence of this signal is "
        "no proof that the message was not read, and no proof that it was read."
    ),
}


def heading(step: Step) -> Msgid:
    """Return the word for a rung."""
    return words.DELIVERED_IMPLIED if step.witness == "implied" else HEADINGS[step.rung]


def meaning(step: Step) -> Msgid:
    """Return what a rung shows, and what it does not."""
    return _BY_WITNESS.get((step.rung, step.witness), _MEANINGS[step.rung])
