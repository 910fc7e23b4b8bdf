"""GET /health: 200 or 503, for whoever watches over the program; nothing private, no login."""

import msgspec
from aiohttp import web

from wabridge.web import keys


async def show_health(request: web.Request) -> web.Response:
    """Say whether the program does its work."""
    report = await request.app[keys.HEALTH].report()
    said = {
        "status": _word(report.is_good),
        "checks": {
            "database": {"status": _word(report.database_is_good), "failing_since": report.database_failing_since},
            "backlog": {"status": _word(report.backlog_is_good), "oldest_seconds": report.oldest_waiting_seconds},
            # Never 503: what could not be understood asks for a person, not for a restart.
            "quarantine": {"status": "attention" if report.quarantined else "ok", "count": report.quarantined},
            "files": {
                "status": "attention" if report.files_failing else "ok",
                "waiting": report.files_waiting,
                "failing": report.files_failing,
            },
        },
    }
    return web.Response(
        status=200 if report.is_good else 503, body=msgspec.json.encode(said), content_type="application/json"
    )


def _word(is_good: bool) -> str:  # noqa: FBT001  # it is the statement itself
    return "ok" if is_good else "failing"


ROUTES = (web.get("/health", show_health, name="health"),)
