"""The office's account at WhatsApp, as staff and programs see it: what holds, and what Meta has said."""

from datetime import datetime

import msgspec

from wabridge.core.office import Office
from wabridge.errors import BadRequest, NotAllowed
from wabridge.model import account
from wabridge.model.account import AccountState, NewsLine
from wabridge.model.history import HistoryState
from wabridge.model.outcome import Pause
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.staff import Actor
from wabridge.storage import account as stored_account
from wabridge.storage import foreign, numbers, phone_app
from wabridge.storage.database import Transaction


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """The account at present.

    phone_number_id: the number's id at Meta. pause: why sending stands still, None if it does not. counts: news by
    section. foreign: how many items about other numbers and accounts came by the same door; they are kept and nothing
    else. history: how far the phone app is with its earlier messages, None if it never said a word of them.
    """

    phone_number_id: str
    state: AccountState
    pause: Pause | None
    counts: dict[str, int]
    foreign: int
    history: HistoryState | None = None


async def get(office: Office, actor: Actor) -> AccountView:
    """Return the account at present; raises NotAllowed."""
    _require_read(actor)
    now = office.clock.now()
    return await office.database.read(lambda tx: _look(tx, office.settings.whatsapp.phone_number_id, now))


async def list_news(
    office: Office, actor: Actor, *, section: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[NewsLine]:
    """Return what Meta has said, of a section or all, the newest first; raises NotAllowed or BadRequest."""
    _require_read(actor)
    if section is not None and section not in account.SECTIONS:
        raise BadRequest("there is no such section")
    before = None if cursor is None else parse_cursor(cursor, parts=1)[0]
    lines = await office.database.read(
        lambda tx: stored_account.list_page(tx, section=section, before=before, limit=limit + 1)
    )
    shown = tuple(lines[:limit])
    return Page(shown, build_cursor(shown[-1].id) if len(lines) > limit else None)


def _look(tx: Transaction, phone_number_id: str, now: datetime) -> AccountView:
    number_id = numbers.find(tx, phone_number_id)
    return AccountView(
        phone_number_id=phone_number_id,
        state=account.derive(stored_account.list_present(tx).values(), now=now),
        pause=None if number_id is None else numbers.get_pause(tx, number_id),
        counts=stored_account.count_by_section(tx),
        foreign=foreign.count(tx),
        history=phone_app.find_history(tx),
    )


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
