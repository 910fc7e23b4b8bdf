"""What the sender does about each of Meta's error codes when it is the answer to a send.

Titles and HTTP statuses are not contract, so only the code decides. Source: Meta, "error codes" (as of September 2026),
by its own sections; what stands in brackets comes from elsewhere.
"""

from typing import Literal

from wabridge.model.outcome import Step

Verdict = Step | Literal["unsure"]
"""unsure: Meta does not know itself whether it has taken the message; repeating it could send it twice."""

# fmt: off
_AUTHORIZATION: dict[int, Verdict] = {
    0: "pause",       # the app user could not be authenticated
    3: "pause",       # a capability of the app is missing; comes as 500 and is no server trouble
    10: "pause",      # permission denied or removed
    33: "pause",      # the business number was deleted
    104: "pause",     # the call carries no token
    190: "pause",     # the token has expired or was withdrawn
    **dict.fromkeys(range(200, 300), "pause"),  # permission not granted or removed
    803: "pause",     # the object does not exist or is not visible: a wrong phone_number_id (Meta's OpenAPI)
}

_THROTTLING: dict[int, Verdict] = {
    4: "retry",       # call limit of the app
    17: "retry",      # call limit of the user
    613: "retry",     # limit of calling requests (pywa)
    80007: "retry",   # call limit of the business account
    130429: "retry",  # throughput of the number
    131048: "retry",  # the number is limited because of its quality; the pauses grow to an hour
    131056: "retry",  # too many messages to one person
    131064: "retry",  # limited because of wrong template categories; lifts by itself
    133016: "retry",  # registrations only
}

_INTEGRITY: dict[int, Verdict] = {
    368: "pause",     # restricted for a violation of policy
    130497: "fail",   # no messages to this country
    131031: "pause",  # the account is locked
    131037: "pause",  # the display name is not approved
    131042: "pause",  # payment problem
    131044: "pause",  # payment problem, calling (pywa)
    131045: "pause",  # the number's registration or certificate
    131057: "retry",  # maintenance, about a minute
    2494100: "retry",  # the same, as a management error
    133010: "pause",  # the number is not registered
    134011: "pause",  # payment terms not accepted
    131063: "fail",   # marketing templates are switched off; nothing else is
    139200: "fail",   # Direct Send is blocked; nothing else is
}

_REQUEST: dict[int, Verdict] = {
    100: "fail",      # a parameter is not supported, misspelled or too long
    131008: "fail",   # a parameter is missing
    131009: "fail",   # a parameter's value is invalid
    131021: "fail",   # the recipient is the sender
    131051: "fail",   # the type is not supported
    131055: "fail",   # the method is not allowed
    131059: "fail",   # a paging cursor has expired
    131062: "fail",   # a business-scoped user id cannot get this message
    135000: "fail",   # an error in the parameters, not said which
    137000: "fail",   # the recipient's identity has changed
}

_DELIVERY: dict[int, Verdict] = {
    130403: "fail",   # the business has blocked this person
    130472: "fail",   # the person takes part in an experiment
    131014: "fail",   # the linked file cannot be fetched (courier)
    131026: "fail",   # undeliverable
    131030: "fail",   # not in the list of a test number
    131035: "fail",   # no answer to a send: a webhook was dropped
    131036: "fail",   # the content is gone at Meta; it may have reached a linked device
    131047: "fail",   # the customer service window is closed
    131049: "fail",   # Meta chose not to deliver; trying again makes it worse
    131050: "fail",   # the person has stopped marketing messages
    131052: "fail",   # the file could not be downloaded
    131053: "fail",   # the file could not be uploaded
    131060: "fail",   # no answer to a send: a placeholder
}

_SERVER: dict[int, Verdict] = {
    1: "unsure",      # unknown error, of the request or of the server
    2: "retry",       # temporarily down or overloaded
    131000: "unsure",  # "Something went wrong"; repeated sends have arrived twice
    131005: "pause",  # access denied
    131016: "retry",  # service unavailable
    133004: "retry",  # temporarily unavailable
}

_TEMPLATES: dict[int, Verdict] = {
    132000: "fail", 132001: "fail", 132005: "fail", 132007: "fail", 132008: "fail", 132012: "fail",  # does not fit
    132015: "fail", 132016: "fail", 132018: "fail",  # paused, disabled, invalid
    132068: "fail", 132069: "fail",  # the flow is blocked or throttled; nothing else is
    134100: "fail", 134101: "retry", 134102: "fail",  # not marketing; still syncing, ten minutes; unavailable
    141002: "fail",   # not approved
    **dict.fromkeys((2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299), "fail"),  # editing
}

_ELSEWHERE: dict[int, Verdict] = {
    **dict.fromkeys((133000, 133005, 133006, 133008, 133009, 133015), "pause"),  # registration
    **dict.fromkeys((2593107, 2593108, 2593109), "fail"),  # synchronising with the phone app
    **dict.fromkeys((131020, 131041, 131201, 131202, 131204, 131207, *range(131209, 131216)), "fail"),  # groups
    131208: "retry",  # groups, too many at once
    **dict.fromkeys(range(138000, 138026), "fail"),  # calls
    **dict.fromkeys(range(139000, 139005), "fail"),  # flows
    139100: "fail", 139101: "fail", 139102: "fail", 139103: "retry",  # block list; the last one internal
    **dict.fromkeys(range(147001, 147005), "fail"),  # usernames
}
# fmt: on

SECTIONS = (_AUTHORIZATION, _THROTTLING, _INTEGRITY, _REQUEST, _DELIVERY, _SERVER, _TEMPLATES, _ELSEWHERE)
"""As Meta's page orders them; a code stands in one of them only."""

TABLE: dict[int, Verdict] = {code: verdict for section in SECTIONS for code, verdict in section.items()}

SUBCODES: dict[tuple[int, int], Verdict] = {
    (100, 33): "pause",  # the number does not exist for this token
}
"""Code and subcode, where the subcode changes the verdict."""
