"""Puts the web together: what handlers find, what every request passes, every route."""

import asyncio

from aiohttp import web

from wabridge.core.health import Health
from wabridge.core.office import Office
from wabridge.gateway.door import Door
from wabridge.web import (
    account,
    api,
    api_files,
    api_messages,
    api_notices,
    api_work,
    carried,
    clause,
    composing,
    contacts,
    conversation,
    decisions,
    events,
    exports,
    gestures,
    health,
    inbox,
    keys,
    ledger,
    login,
    media,
    middleware,
    notices,
    quarantine,
    rendering,
    search,
    security,
    sources,
    template_forms,
    templates,
    webhook,
    whatsapp_account,
    worklist,
)
from wabridge.web.origins import Origins

_PARTS = (
    *(webhook, health, events, composing),
    *(login, inbox, search, worklist, conversation, decisions, gestures, media, contacts, notices),
    *(carried, account, quarantine, sources, whatsapp_account, templates, template_forms, clause),
    *(ledger, exports),
    *(api, api_files, api_messages, api_work, api_notices),
)


def build(*, office: Office, door: Door) -> web.Application:
    """Return the application; it must be served with auto_decompress=False, so that bodies stay as they came."""
    app = web.Application(middlewares=(middleware.write_line, middleware.answer_errors, middleware.open_session))
    app[keys.OFFICE] = office
    app[keys.DOOR] = door
    app[keys.HEALTH] = Health(office)
    app[keys.ORIGINS] = Origins(office.settings.server.public_url)
    app[keys.BODIES] = asyncio.Semaphore(webhook.AT_ONCE)
    app[keys.STREAMS] = keys.Streams()
    rendering.set_up(app)
    app.on_response_prepare.append(security.add_headers)
    for part in _PARTS:
        app.router.add_routes(part.ROUTES)
    rendering.add_static(app.router)
    return app
