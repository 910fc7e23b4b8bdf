"""The pages for the gallery on which somebody signs in."""

from typing import Any

from wabridge.model.staff import StaffMember
from wabridge.web.login import Carried


def cases(member: StaffMember) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each page's template and what it is drawn from."""
    login = {"staff": None, "login": "sari", "next": "/inbox", "carried": None}
    return {
        "login": ("login.html", {**login, "error": ValueError()}),
        "login-draft": (
            "login.html",
            {
                **login,
                "error": None,
                "carried": Carried("/conversations/1/reply/signin", {"text": "Isi"}, had_file=True),
            },
        ),
        "link": ("signin_link.html", {"staff": None, "link_for": member}),
        "link-used": ("signin_link.html", {"staff": None, "link_for": None}),
    }
