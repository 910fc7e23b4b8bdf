"""The pages of the search, for the gallery."""

from typing import Any

from tests.web.messages import inbound, outbound, person
from wabridge.model.conversation import Group
from wabridge.model.ids import ConversationId
from wabridge.model.page import Page
from wabridge.model.search import Found, Hit, Match, excerpt

Case = tuple[str, dict[str, Any]]

_LONG = "Ny. Raden Ayu Sri Wahyuningsih Kusumadewi Hadiningrat binti Suryokusumo dan Rekan-Rekan " * 4
_GROUP = Group(id="120363000000000001", subject="Ahli waris almarhum Suryokusumo")


def cases() -> dict[str, Case]:
    """Return the pages: before a question, with much, with nothing, and the messages that follow."""
    here = ConversationId(1)
    hits = (
        Hit(inbound(1, text=_LONG + "sidang di Sleman " + _LONG), here, person()),
        Hit(outbound(2), here, person()),
        Hit(inbound(3, text="sidang"), ConversationId(2), None, _GROUP),
    )
    matches = (Match(here, person()), Match(None, person()), Match(ConversationId(2), group=_GROUP))
    asked: dict[str, Any] = {"question": "sidang", "is_first": True, "around": excerpt}
    return {
        "search": ("search.html", {**asked, "question": "", "found": None}),
        "search-found": ("search.html", {**asked, "found": Found(matches, True, Page(hits, "3"))}),
        "search-nothing": ("search.html", {**asked, "found": Found((), False, Page(()))}),
        "search-more": ("search.html", {**asked, "is_first": False, "found": Found((), False, Page(hits[1:]))}),
    }
