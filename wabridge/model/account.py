"""What Meta says about our account, our numbers and our templates: kinds of news, and what holds at present.

Rule 1: `KINDS` says of each kind where it is shown, how grave it is and whether it stands on every page until somebody
has seen it. Rule 2: what holds at present is computed by `derive` from news alone: of each topic the newest by Meta's
time wins, in whatever order and however often the news came. Nothing here raises.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec

from wabridge.model.banner import BannerKind, Severity
from wabridge.model.content import Field
from wabridge.model.ids import EventId

Section = Literal["account", "number", "templates", "alerts", "security", "errors", "other"]
SECTIONS: tuple[Section, ...] = get_args(Section)

NewsKind = Literal[
    "restricted",
    "violation",
    "disable_planned",
    "disabled",
    "reinstated",
    "ban_changed",
    "deleted",
    "disconnected",
    "connected",
    "account_changed",
    "review_passed",
    "review_failed",
    "review_changed",
    "capability",
    "settings_changed",
    "partner",
    "quality_low",
    "quality_good",
    "limit_raised",
    "limit_lowered",
    "throughput_raised",
    "number_joined",
    "number_changed",
    "name_approved",
    "name_rejected",
    "name_changed",
    "username",
    "template_approved",
    "template_rejected",
    "template_paused",
    "template_disabled",
    "template_flagged",
    "template_locked",
    "template_over_limit",
    "template_leaving",
    "template_changed",
    "template_quality_low",
    "template_quality",
    "template_category_planned",
    "template_category",
    "template_wording",
    "payment_problem",
    "payment_settled",
    "alert_grave",
    "alert",
    "alert_over",
    "pin_changed",
    "pin_reset_requested",
    "pin_reset",
    "security_changed",
    "delivery_lost",
    "error_grave",
    "error",
    "flow",
    "payment_settings",
    "group",
    "unasked",
    "other",
]


class Manner(NamedTuple):
    """How a kind of news is treated. until_seen: the remark it puts on every page; None if it puts none there."""

    section: Section
    severity: Severity
    until_seen: BannerKind | None = None


KINDS: dict[NewsKind, Manner] = {
    "restricted": Manner("account", "danger"),
    "violation": Manner("account", "warning", "account_violation"),
    "disable_planned": Manner("account", "danger"),
    "disabled": Manner("account", "danger"),
    "reinstated": Manner("account", "info"),
    "ban_changed": Manner("account", "danger"),
    "deleted": Manner("account", "danger"),
    "disconnected": Manner("account", "danger"),
    "connected": Manner("account", "info"),
    "account_changed": Manner("account", "info", "account_alert"),
    "review_passed": Manner("account", "info"),
    "review_failed": Manner("account", "danger"),
    "review_changed": Manner("account", "info"),
    "capability": Manner("account", "info"),
    "settings_changed": Manner("account", "info"),
    "partner": Manner("account", "info"),
    "quality_low": Manner("number", "warning"),
    "quality_good": Manner("number", "info"),
    "limit_raised": Manner("number", "info"),
    "limit_lowered": Manner("number", "warning", "limit_lowered"),
    "throughput_raised": Manner("number", "info"),
    "number_joined": Manner("number", "info"),
    "number_changed": Manner("number", "info", "account_alert"),
    "name_approved": Manner("number", "info"),
    "name_rejected": Manner("number", "warning"),
    "name_changed": Manner("number", "info"),
    "username": Manner("number", "info"),
    "template_approved": Manner("templates", "info"),
    "template_rejected": Manner("templates", "warning", "template_rejected"),
    "template_paused": Manner("templates", "warning", "template_paused"),
    "template_disabled": Manner("templates", "warning", "template_disabled"),
    "template_flagged": Manner("templates", "warning", "template_trouble"),
    "template_locked": Manner("templates", "warning", "template_trouble"),
    "template_over_limit": Manner("templates", "warning", "template_trouble"),
    "template_leaving": Manner("templates", "info"),
    "template_changed": Manner("templates", "info"),
    "template_quality_low": Manner("templates", "warning", "template_trouble"),
    "template_quality": Manner("templates", "info"),
    "template_category_planned": Manner("templates", "warning", "template_trouble"),
    "template_category": Manner("templates", "info"),
    "template_wording": Manner("templates", "info"),
    "payment_problem": Manner("alerts", "danger", "payment_problem"),
    "payment_settled": Manner("alerts", "info"),
    "alert_grave": Manner("alerts", "warning", "account_alert_grave"),
    "alert": Manner("alerts", "info", "account_alert"),
    "alert_over": Manner("alerts", "info"),
    "pin_changed": Manner("security", "danger", "security_event"),
    "pin_reset_requested": Manner("security", "danger", "security_event"),
    "pin_reset": Manner("security", "danger", "security_event"),
    "security_changed": Manner("security", "danger", "security_event"),
    "delivery_lost": Manner("errors", "danger", "delivery_lost"),
    "error_grave": Manner("errors", "danger", "account_error"),
    "error": Manner("errors", "info"),
    "flow": Manner("other", "info"),
    "payment_settings": Manner("other", "info"),
    "group": Manner("other", "info"),
    "unasked": Manner("other", "info"),
    "other": Manner("other", "info", "account_alert"),
}
"""A kind that says that something has ended, or that nothing is asked of anybody, puts no remark anywhere. What nobody
knows puts one: a field of tomorrow may bring messages.
"""

_TOPICS: dict[str, tuple[NewsKind, ...]] = {
    "ban": ("disable_planned", "disabled", "reinstated", "ban_changed"),
    "connection": ("disconnected", "connected"),
    "deletion": ("deleted",),
    "name": ("name_approved", "name_rejected", "name_changed"),
    "payment": ("payment_problem", "payment_settled"),
    "pin": ("pin_changed", "pin_reset"),
    "quality": ("quality_low", "quality_good"),
    "restriction": ("restricted",),
    "review": ("review_passed", "review_failed", "review_changed"),
    "throughput": ("throughput_raised",),
    "username": ("username",),
}
_TOPIC_OF = {kind: topic for topic, kinds in _TOPICS.items() for kind in kinds}
_OF_A_NUMBER = frozenset({"name", "pin", "quality", "throughput", "username"})
_LIMIT = "limit"


class Restriction(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something we may not do. word: Meta's; until: None if Meta gave no end."""

    word: str = ""
    until: datetime | None = None


class News(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing Meta says, in our own words.

    field: which of Meta's fields it came by. word: Meta's word for it, as it came. about: the number or the template.
    said: Meta's sentence or reason. code: of an error, 0 for none. limit: Meta's word for how many people we may write
    to in a day. name: the name that was asked for. fields: everything else that came.
    """

    kind: NewsKind
    field: str = ""
    word: str = ""
    about: str = ""
    said: str = ""
    code: int = 0
    limit: str = ""
    name: str = ""
    restrictions: tuple[Restriction, ...] = ()
    fields: tuple[Field, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of news with its place in time: Meta's, or its arrival where Meta gave none that can be used."""

    id: int
    news: News
    at: datetime

    @property
    def place(self) -> tuple[datetime, int]:
        """What is compared to find the newest; of the same second the one that came last."""
        return self.at, self.id


class NewsLine(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of news as pages list it.

    reported_at: Meta's time; repeats: how often it came again. needs_seeing: it stands on every page until somebody
    says that they have seen it; seen_by is None when it left by itself.
    """

    id: int
    event_id: EventId
    news: News
    severity: Severity
    section: Section
    reported_at: datetime | None
    arrived_at: datetime
    repeats: int = 0
    needs_seeing: bool = False
    seen_at: datetime | None = None
    seen_by: str | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of one topic, since when, and Meta's words for it."""

    kind: NewsKind
    since: datetime
    word: str = ""
    said: str = ""
    name: str = ""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction that holds."""

    word: str
    since: datetime
    until: datetime | None = None


class NumberState(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of one number. number: as Meta writes it, "" if it did not say which one."""

    number: str
    quality: Known | None = None
    name: Known | None = None
    username: Known | None = None
    throughput: Known | None = None
    pin: Known | None = None


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """What holds at present, as far as Meta has said anything about it."""

    restrictions: tuple[Held, ...] = ()
    ban: Known | None = None
    deletion: Known | None = None
    connection: Known | None = None
    review: Known | None = None
    payment: Known | None = None
    limit: Known | None = None
    numbers: tuple[NumberState, ...] = ()


def topics(news: News) -> tuple[str, ...]:
    """Return what a piece of news says something about."""
    own = _TOPIC_OF.get(news.kind)
    found = [_LIMIT] if news.limit else []
    if own == "restriction":
        found += [f"{own} {restriction.word}" for restriction in news.restrictions or (Restriction(),)]
    elif own is not None:
        found.append(f"{own} {news.about}" if own in _OF_A_NUMBER else own)
    return tuple(found)


def newest(told: Iterable[Told]) -> dict[str, Told]:
    """Return of each topic the newest news."""
    found: dict[str, Told] = {}
    for each in told:
        for topic in topics(each.news):
            if topic not in found or found[topic].place < each.place:
                found[topic] = each
    return found


def derive(told: Iterable[Told], *, now: datetime) -> AccountState:
    """Return what holds, from any news in any order; what is left out may only be what newer news has replaced."""
    latest = newest(told)
    ban, connection, deletion = (_known(latest.get(topic)) for topic in ("ban", "connection", "deletion"))
    undone_at = max((one.since for one in (ban, connection) if one and one.kind in _UNDOING), default=None)
    limit = latest.get(_LIMIT)
    return AccountState(
        restrictions=_restrictions(latest, undone_at, now),
        ban=ban,
        connection=connection,
        deletion=deletion if deletion and (undone_at is None or deletion.since >= undone_at) else None,
        review=_known(latest.get("review")),
        payment=_known(latest.get("payment")),
        limit=_known(limit, word=limit.news.limit) if limit else None,
        numbers=_numbers(latest),
    )


_UNDOING = frozenset({"reinstated", "connected"})
"""After it the account is there and open again, whatever was said before."""


def _restrictions(latest: dict[str, Told], undone_at: datetime | None, now: datetime) -> tuple[Held, ...]:
    held = []
    for topic, told in sorted(latest.items()):
        kind, _, word = topic.partition(" ")
        if kind != "restriction" or (undone_at is not None and told.at < undone_at):
            continue
        # The same word twice in one piece of news: the longer one holds, and one without an end is the longest.
        ends = [one.until for one in told.news.restrictions if one.word == word] or [None]
        known = [end for end in ends if end is not None]
        until = max(known) if len(known) == len(ends) else None
        if until is None or until > now:
            held.append(Held(word=word, since=told.at, until=until))
    return tuple(held)


def _numbers(latest: dict[str, Told]) -> tuple[NumberState, ...]:
    found: dict[str, dict[str, Known | None]] = {}
    for topic, told in sorted(latest.items()):
        kind, _, number = topic.partition(" ")
        if kind in _OF_A_NUMBER:
            found.setdefault(number, {})[kind] = _known(told)
    return tuple(NumberState(number=number, **known) for number, known in found.items())


def _known(told: Told | None, *, word: str | None = None) -> Known | None:
    if told is None:
        return None
    news = told.news
    return Known(
        kind=news.kind, since=told.at, word=news.word if word is None else word, said=news.said, name=news.name
    )


def encode(news: News) -> bytes:
    """Return the news as it is stored."""
    return msgspec.json.encode(news)


def decode(stored: bytes) -> News:
    """Read stored news; raises msgspec.DecodeError if it is none."""
    return _decoder.decode(stored)


_decoder = msgspec.json.Decoder(News)
