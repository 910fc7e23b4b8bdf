"""The words for templates, as tables: status with what follows, category, quality, why the list is not newer."""

from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from wabridge.model.filling import Reason, Slot, SlotKind
from wabridge.model.template import Template
from wabridge.web.language import Msgid


class StatusWords(NamedTuple):
    """What Meta calls a template, and what follows. mood: good, waiting or bad."""

    sentence: Msgid
    advice: Msgid
    mood: str = "bad"


_MANAGER = Msgid("It cannot be sent. Whoever looks after the account sees more in WhatsApp Manager.")

APPROVED = StatusWords(Msgid("Approved"), Msgid("It can be sent."), "good")
STATUSES: dict[str, StatusWords] = {
    "approved": APPROVED,
    "pending": StatusWords(
        Msgid("Under review at Meta"), Msgid("It cannot be sent before Meta has approved it."), "waiting"
    ),
    "in_appeal": StatusWords(
        Msgid("Under review once more"), Msgid("It cannot be sent before Meta has approved it."), "waiting"
    ),
    "rejected": StatusWords(
        Msgid("Rejected by Meta"),
        Msgid("It cannot be sent. Change it in WhatsApp Manager, or ask for a review there."),
    ),
    "paused": StatusWords(
        Msgid("Paused by Meta"),
        Msgid(
            "Too many people found it unpleasant. Meta lets it go on by itself, after three hours the first time and "
            "six the second; the third time it is switched off."
        ),
        "waiting",
    ),
    "disabled": StatusWords(
        Msgid("Switched off by Meta"), Msgid("It cannot be sent any more. Make another one in WhatsApp Manager.")
    ),
    "locked": StatusWords(Msgid("Locked by Meta"), _MANAGER),
    "limit_exceeded": StatusWords(Msgid("Over Meta's limit for templates"), _MANAGER),
    "archived": StatusWords(
        Msgid("Put away"), Msgid("It cannot be sent until it is taken out again in WhatsApp Manager."), "waiting"
    ),
    "pending_deletion": StatusWords(Msgid("About to be deleted"), _MANAGER),
    "deleted": StatusWords(Msgid("Deleted"), _MANAGER),
}
GONE = StatusWords(
    Msgid("No longer listed by Meta"), Msgid("It cannot be sent. What was sent with it stays as it was.")
)
NOT_FROM_HERE = StatusWords(
    Msgid("Approved, cannot be sent from here yet"),
    Msgid("It has parts that this program does not know how to fill in."),
    "waiting",
)
OTHER = StatusWords(Msgid("In a state that this program does not know"), _MANAGER)

CATEGORIES: dict[str, Msgid] = {
    "utility": Msgid("Utility"),
    "marketing": Msgid("Advertising"),
    "authentication": Msgid("Sign-in code"),
}
QUALITIES: dict[str, Msgid] = {
    "green": Msgid("good"),
    "yellow": Msgid("middling"),
    "red": Msgid("low"),
    "unknown": Msgid("not rated yet"),
}
HEADERS: dict[str, Msgid] = {
    "image": Msgid("Picture"),
    "video": Msgid("Video"),
    "document": Msgid("Document"),
    "location": Msgid("Place"),
}
FAILURES: dict[str, Msgid] = {
    "token": Msgid("Meta did not accept the access token for this list. The operator must look at it."),
    "account": Msgid("Meta does not know the business account that is set up. The operator must compare its id."),
    "throttled": Msgid("Too many requests were made. It is tried again by itself."),
    "server": Msgid("Meta could not answer. It is tried again by itself."),
    "unreachable": Msgid("Meta could not be reached. It is tried again by itself."),
    "interrupted": Msgid("The list changed while it was being read. It is tried again by itself."),
}
SLOTS: dict[SlotKind, Msgid] = {
    "file": Msgid("File"),
    "latitude": Msgid("Latitude"),
    "longitude": Msgid("Longitude"),
    "suffix": Msgid("End of the address"),
    "code": Msgid("Code to copy"),
}
"""What a slot is called that has no name of its own."""
PLACES: dict[str, Msgid] = {"name": Msgid("Name of the place"), "address": Msgid("Address")}
PROBLEMS: dict[Reason, Msgid] = {
    "missing": Msgid("This has to be filled in."),
    "not_there": Msgid("The template has no such slot."),
    "line_break": Msgid("Line breaks and tabs are not allowed here."),
    "spaces": Msgid("At most four spaces in a row are allowed."),
    "hidden_sign": Msgid("It contains a hidden sign, perhaps from copying. Type it anew."),
    "header_too_long": Msgid("With this the heading has more than 60 characters."),
    "body_too_long": Msgid("With what was filled in, the text has more than 1,024 characters."),
    "too_long": Msgid("This is too long."),
    "not_in_address": Msgid("Only letters, digits and signs that may stand in an address."),
    "not_a_code": Msgid("Only letters and digits."),
    "not_degrees": Msgid("Degrees as a number, for example -6.2."),
    "not_a_file": Msgid("Choose a file."),
    "wrong_kind": Msgid("A file of another kind belongs here."),
    "file_gone": Msgid("The file is no longer here, or was meant for somebody else. Choose it again."),
}
NOT_READABLE = Msgid("Meta gave an answer that is no list of templates. It is tried again by itself.")
NO_ACCOUNT = Msgid(
    "No business account is set up (business_account_id in config.toml), so the templates cannot be fetched."
)


def status(template: Template) -> StatusWords:
    """Return the words for how a template stands."""
    if template.missing_since is not None:
        return GONE
    if template.is_approved and not template.can_be_sent:
        return NOT_FROM_HERE
    return STATUSES.get(template.status, OTHER)


def failure(reason: str) -> Msgid:
    """Return why the list could not be had."""
    return FAILURES.get(reason, NOT_READABLE)


def language_name(code: str, spoken: str) -> str:
    """Return the name of a template's language in the reader's own; the code itself if nobody knows it."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(spoken)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def slot_name(slot: Slot) -> str:
    """Return what a place is called where it has a name that says something; "" for a number."""
    name = "" if slot.name.isdigit() else slot.name.replace("_", " ")
    return name[:1].upper() + name[1:]
