"""The words for Meta's errors, as a table: why a message failed or waits, and what to do now.

The key of each code stands in `model/codes.py`.
"""

from typing import NamedTuple

from wabridge.model import failures as reasons
from wabridge.model import outcome
from wabridge.web.language import Msgid


class Failure(NamedTuple):
    """Why a message did not arrive, and what to do now."""

    sentence: Msgid
    advice: Msgid


FAILURES: dict[reasons.Reason, Failure] = {
    "unreachable": Failure(
        Msgid("WhatsApp could not reach this person: not on WhatsApp, an old app, or they have blocked this number."),
        Msgid("Call them, or use another way."),
    ),
    "window_closed": Failure(
        Msgid("More than 24 hours had passed since this person last wrote; WhatsApp refuses free text then."),
        Msgid("Wait until they write again, or call them."),
    ),
    "body_wrong": Failure(
        Msgid("Meta did not accept the message in this form."),
        Msgid("Write it again in other words; if it fails again, tell the operator."),
    ),
    "template": Failure(
        Msgid("The values do not fit the template, or the template cannot be used this way."),
        Msgid("Check the template and what was filled in, then send it again."),
    ),
    "template_missing": Failure(
        Msgid("Meta has no approved template of this name in this language."),
        Msgid("Choose another template; the operator must look at the templates at Meta."),
    ),
    "template_paused": Failure(
        Msgid("Meta has paused this template for a while."),
        Msgid("Choose another template, or try again later."),
    ),
    "too_fast": Failure(
        Msgid("Too many messages to this person in a short time; WhatsApp asks for a pause."),
        Msgid("Wait a few minutes, then send the rest, best in one message."),
    ),
    "throttled": Failure(
        Msgid("Too many messages in a short time; Meta asks the office's number to slow down."),
        Msgid("Wait a while, then send it again."),
    ),
    "number_limited": Failure(
        Msgid("Meta has limited the office's number because of complaints or wrong templates."),
        Msgid("Send only answers for now; the operator must look at the number's quality at Meta."),
    ),
    "not_chosen": Failure(
        Msgid("Meta chose not to deliver this message to this person at present."),
        Msgid("Do not repeat it for at least a day; call them if it is urgent."),
    ),
    "restricted": Failure(
        Msgid("Meta has restricted the office's number or account."),
        Msgid("The operator must look at the account in Meta's Business Manager."),
    ),
    "registration": Failure(
        Msgid("The office's number is not registered with Meta as it should be, or its name is not approved."),
        Msgid("The operator must finish the registration in Meta's Business Manager, then resume sending."),
    ),
    "payment": Failure(
        Msgid("Meta reports a payment problem of the office's account."),
        Msgid("The operator must check the payment method in Meta's Business Manager."),
    ),
    "token": Failure(
        Msgid("Meta refused the office's access token or its rights."),
        Msgid("The operator must set a valid access token; then sending can be resumed."),
    ),
    "number_gone": Failure(
        Msgid("Meta does not find the office's number under this access token."),
        Msgid("The operator must compare the number's id and the access token, then resume sending."),
    ),
    "opted_out": Failure(
        Msgid("This person has stopped marketing messages from the office."),
        Msgid("Respect it; an answer to what they write is still possible."),
    ),
    "blocked_by_us": Failure(
        Msgid("The office has blocked this person on WhatsApp."),
        Msgid("Take the block off at Meta first, then send it again."),
    ),
    "not_listed": Failure(
        Msgid("The office uses a test number, and this person is not in its list of recipients."),
        Msgid("The operator must add them to the list at Meta, or set up the real number."),
    ),
    "country": Failure(
        Msgid("The office's number may not send messages to this country."),
        Msgid("Use another way."),
    ),
    "identity_changed": Failure(
        Msgid("This person's WhatsApp identity has changed: a new device or a new owner of the number."),
        Msgid("Make sure by phone who it is before you send anything confidential."),
    ),
    "needs_phone": Failure(
        Msgid("This message needs a phone number, and only the WhatsApp name of this person is known."),
        Msgid("Ask them for their phone number, or write it as a plain text."),
    ),
    "unsure": Failure(
        Msgid("Meta reported a disturbance of its own; it is not certain whether the message arrived."),
        Msgid("Ask the person whether it arrived before you send it again."),
    ),
    "busy": Failure(
        Msgid("Meta's system is disturbed at present."),
        Msgid("It passes by itself; try again later."),
    ),
    "lost_at_meta": Failure(
        Msgid("Meta lost the content of this message before it arrived."),
        Msgid("Ask the person whether anything came, then send it again."),
    ),
    "media": Failure(
        Msgid("The file could not be handed over or has a form that WhatsApp does not take."),
        Msgid("Convert the file or make it smaller, then send it again."),
    ),
    "file_lost": Failure(
        Msgid("The file is damaged or missing on the office's machine, so the message was not handed over."),
        Msgid("Attach the file again and send it as a new message; tell the operator."),
    ),
    "author_gone": Failure(
        Msgid("Whoever wrote it may no longer send, so it was not handed over."),
        Msgid("Somebody with the right to reply can write it again."),
    ),
    "template_withdrawn": Failure(
        Msgid("Meta no longer lets this template be sent, so the message was not handed over."),
        Msgid("The page of templates says why; choose another template, or send it again once Meta allows it."),
    ),
    "template_changed": Failure(
        Msgid("The wording of this template was changed before the message went out, so it was not handed over."),
        Msgid("Fill in the new wording and send that."),
    ),
    "other": Failure(
        Msgid("Meta reported that it could not be delivered."),
        Msgid("Call the person, or try again later; the code helps the operator."),
    ),
}


LOST_REACTION = Failure(
    Msgid("WhatsApp puts no reaction on that message: it is older than 30 days, has been deleted, or is a reaction."),
    Msgid("Write an answer instead, if one is needed."),
)
"""Meta's code for a wrong value says this of a reaction (Meta, "reaction messages")."""


def failure(code: int | None, kind: str | None = None) -> Failure:
    """Return the words for one of Meta's codes, or of our own. kind: of the message, Meta's type word."""
    if code == outcome.UNFIT and kind == "reaction":
        return LOST_REACTION
    return FAILURES[reasons.reason(code)]
