"""Meta's error codes: the one table of what each does to a message, its contact, our number and the access token.

An error comes as the answer to a send, as a `failed` status, or as both; it counts once for an attempt
(`gateway/consequences.py`). The step is for the answer: by a status the message has failed whatever the code says,
because Meta had taken it, and only a person sends it again. The other columns hold for both.

Titles and HTTP statuses are not contract, so only the code decides. Source: Meta, "error codes" (as of September 2026),
by its own sections; what stands in brackets comes from elsewhere. The sentences for people hang on the reason
(`web/words.py`).
"""

from typing import Literal, NamedTuple

Reason = Literal[
    "unreachable",
    "window_closed",
    "body_wrong",
    "template",
    "template_missing",
    "template_paused",
    "too_fast",
    "throttled",
    "number_limited",
    "not_chosen",
    "restricted",
    "registration",
    "payment",
    "token",
    "number_gone",
    "opted_out",
    "blocked_by_us",
    "not_listed",
    "country",
    "identity_changed",
    "needs_phone",
    "unsure",
    "busy",
    "lost_at_meta",
    "media",
    "file_lost",
    "author_gone",
    "template_withdrawn",
    "template_changed",
    "other",
]
"""Why a message failed or waits, as a few keys. file_lost, author_gone and the two after it: our own. unsure: Meta does
not know if it went out."""

Step = Literal["retry", "later", "fail", "pause", "unsure"]
"""What the answer does to the message: tried again soon, tried again after minutes, given up, kept until a person has
acted, or `unknown` with one further attempt after the settling time."""

Mark = Literal[
    "unreachable", "opted_out", "blocked_by_us", "not_listed", "country", "identity_changed", "window_closed", "pace"
]
"""What it says about the contact. window_closed closes the window here, pace lets the pair of numbers rest (4^n
seconds); the others stand on the conversation until there is a sign of the contrary."""


class Rule(NamedTuple):
    """One code. rest_seconds: how long the whole number rests at first; stops: what stands still until a person acts.

    A pause for the token ends with another token, one for the number only by a person.
    """

    reason: Reason
    step: Step = "fail"
    contact: Mark | None = None
    rest_seconds: int = 0
    stops: Literal["token", "number"] | None = None


_TOKEN = Rule("token", "pause", stops="token")
_GONE = Rule("number_gone", "pause", stops="token")
_RESTRICTED = Rule("restricted", "pause", stops="number")
_REGISTRATION = Rule("registration", "pause", stops="number")
_PAYMENT = Rule("payment", "pause", stops="number")
_CALLS = Rule("throttled", "retry", rest_seconds=5)
_WRONG = Rule("body_wrong")
_TEMPLATE = Rule("template")
_ELSEWHERE = Rule("other")

AUTHORIZATION: dict[int, Rule] = {
    0: _TOKEN,  # the app user could not be authenticated
    3: _TOKEN,  # a capability of the app is missing; comes as 500 and is no server trouble
    10: _TOKEN,  # permission denied or removed
    33: _GONE,  # the business number was deleted
    104: _TOKEN,  # the call carries no token
    190: _TOKEN,  # the token has expired or was withdrawn
    **dict.fromkeys(range(200, 300), _TOKEN),  # permission not granted or removed
    803: _GONE,  # the object does not exist or is not visible: a wrong phone_number_id (Meta's OpenAPI)
}

THROTTLING: dict[int, Rule] = {
    4: _CALLS,  # call limit of the app
    17: _CALLS,  # call limit of the user
    613: _CALLS,  # limit of calling requests (pywa)
    80007: _CALLS,  # call limit of the business account
    130429: Rule("throttled", "retry", rest_seconds=1),  # throughput of the number
    131048: Rule("number_limited", "later", rest_seconds=60),  # limited because of its quality
    131056: Rule("too_fast", "retry", contact="pace"),  # too many messages to one person
    131064: Rule("number_limited", "later"),  # limited because of wrong template categories; lifts by itself
    133016: Rule("throttled", "later"),  # registrations only
}

INTEGRITY: dict[int, Rule] = {
    368: _RESTRICTED,  # restricted for a violation of policy
    130497: Rule("country", contact="country"),  # no messages to this country
    131031: _RESTRICTED,  # the account is locked
    131037: _REGISTRATION,  # the display name is not approved
    131042: _PAYMENT,  # payment problem
    131044: _PAYMENT,  # payment problem, calling (pywa)
    131045: _REGISTRATION,  # the number's registration or certificate
    131057: Rule("busy", "retry", rest_seconds=30),  # maintenance, about a minute
    2494100: Rule("busy", "retry", rest_seconds=30),  # the same, as a management error
    133010: _REGISTRATION,  # the number is not registered
    134011: _PAYMENT,  # payment terms not accepted
    131063: Rule("template"),  # marketing templates are switched off; nothing else is
    139200: Rule("restricted"),  # Direct Send is blocked; nothing else is
}

REQUEST: dict[int, Rule] = {
    100: _WRONG,  # a parameter is not supported, misspelled or too long
    131008: _WRONG,  # a parameter is missing
    131009: _WRONG,  # a parameter's value is invalid
    131021: _WRONG,  # the recipient is the sender
    131051: _WRONG,  # the type is not supported
    131055: _WRONG,  # the method is not allowed
    131059: _WRONG,  # a paging cursor has expired
    131062: Rule("needs_phone"),  # a business-scoped user id cannot get this message
    135000: _WRONG,  # an error in the parameters, not said which
    137000: Rule("identity_changed", contact="identity_changed"),  # another device, or another owner of the number
}

DELIVERY: dict[int, Rule] = {
    130403: Rule("blocked_by_us", contact="blocked_by_us"),  # the business has blocked this person
    130472: Rule("not_chosen"),  # the person takes part in an experiment
    131014: Rule("media"),  # the linked file cannot be fetched (courier)
    131026: Rule("unreachable", contact="unreachable"),  # undeliverable
    131030: Rule("not_listed", contact="not_listed"),  # not in the list of a test number
    131035: Rule("lost_at_meta"),  # no answer to a send: a webhook was dropped
    131036: Rule("lost_at_meta"),  # the content is gone at Meta; it may have reached a linked device
    131047: Rule("window_closed", contact="window_closed"),  # the customer service window is closed
    131049: Rule("not_chosen"),  # Meta chose not to deliver; trying again makes it worse
    131050: Rule("opted_out", contact="opted_out"),  # the person has stopped marketing messages
    131052: Rule("media"),  # the file could not be downloaded
    131053: Rule("media"),  # the file could not be uploaded
    131060: _ELSEWHERE,  # no answer to a send: a placeholder
}

SERVER: dict[int, Rule] = {
    1: Rule("unsure", "unsure"),  # unknown error, of the request or of the server
    2: Rule("busy", "retry"),  # temporarily down or overloaded
    131000: Rule("unsure", "unsure"),  # "Something went wrong"; repeated sends have arrived twice
    131005: _TOKEN,  # access denied
    131016: Rule("busy", "retry"),  # service unavailable
    133004: Rule("busy", "retry"),  # temporarily unavailable
}

TEMPLATES: dict[int, Rule] = {
    **dict.fromkeys((132000, 132005, 132007, 132008, 132012, 132018), _TEMPLATE),  # does not fit
    132001: Rule("template_missing"),  # missing in that language, or not approved
    132015: Rule("template_paused"),  # paused for its quality
    132016: Rule("template_missing"),  # disabled for good
    132068: _TEMPLATE,  # its flow is blocked
    132069: Rule("template_paused", "later"),  # its flow is throttled: ten messages an hour
    134100: _TEMPLATE,  # not a marketing template
    134101: Rule("template_paused", "later"),  # still syncing, ten minutes
    134102: _TEMPLATE,  # not available to this endpoint
    141002: Rule("template_missing"),  # not approved
    **dict.fromkeys((2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299), _TEMPLATE),  # editing
}

ELSEWHERE: dict[int, Rule] = {
    **dict.fromkeys((133000, 133005, 133006, 133008, 133009, 133015), _REGISTRATION),
    **dict.fromkeys((2593107, 2593108, 2593109), _ELSEWHERE),  # synchronising with the phone app
    **dict.fromkeys((131020, 131041, 131201, 131202, 131204, 131207, *range(131209, 131216)), _ELSEWHERE),  # groups
    131208: Rule("throttled", "retry", rest_seconds=1),  # groups, too many at once
    **dict.fromkeys(range(138000, 138026), _ELSEWHERE),  # calls
    **dict.fromkeys(range(139000, 139005), _ELSEWHERE),  # flows
    **dict.fromkeys((139100, 139101, 139102), _ELSEWHERE),  # block list
    139103: Rule("busy", "retry"),  # block list, internal
    **dict.fromkeys(range(147001, 147005), _ELSEWHERE),  # usernames
}

SECTIONS = (AUTHORIZATION, THROTTLING, INTEGRITY, REQUEST, DELIVERY, SERVER, TEMPLATES, ELSEWHERE)
"""As Meta's page orders them; a code stands in one of them only."""

TABLE: dict[int, Rule] = {code: rule for section in SECTIONS for code, rule in section.items()}

SUBCODES: dict[tuple[int, int], Rule] = {
    (100, 33): _GONE,  # the number does not exist for this token
}
"""Code and subcode, where the subcode changes the rule."""

UNLISTED_REFUSAL = Rule("other")
"""A code nobody knows, with HTTP 4xx: Meta said no, if not why."""
UNLISTED_THROTTLE = Rule("throttled", "retry")
"""The same with HTTP 429."""
UNLISTED_PASSING = Rule("busy", "retry")
"""The same where Meta says of this very answer that it will pass (`is_transient`)."""
UNLISTED_UNSURE = Rule("unsure", "unsure")
"""The same with HTTP 5xx: nobody marked it as a refusal, so it may have gone out. A person decides."""

SECOND_TRY = tuple(sorted(code for code, rule in TABLE.items() if rule.step == "unsure"))
"""Codes by which Meta is unsure itself: if no status has come in the settling time, one further attempt is made."""


def rule(code: int | None) -> Rule:
    """Return what a code does where neither HTTP status nor subcode are known, as in a delivery status."""
    return TABLE.get(code, UNLISTED_REFUSAL) if code is not None else UNLISTED_REFUSAL


def judge(code: int, *, http: int, subcode: int = 0, is_transient: bool = False) -> Rule:
    """Return what a code does as the answer to a send."""
    known = SUBCODES.get((code, subcode)) or TABLE.get(code) or _unlisted(http)
    # Meta says of this very answer that it will pass; what needs a person needs one all the same.
    return UNLISTED_PASSING if known.step == "fail" and is_transient else known


def _unlisted(http: int) -> Rule:
    if http >= 500:
        return UNLISTED_UNSURE
    return UNLISTED_THROTTLE if http == 429 else UNLISTED_REFUSAL
