"""The office's templates, as staff and programs see them: what Meta has approved, and how sure the list is."""

import builtins
from datetime import datetime

import msgspec

from wabridge.broker import Topic
from wabridge.core.office import Office
from wabridge.errors import Conflict, NotAllowed, NotFound
from wabridge.model.staff import Actor
from wabridge.model.template import Template, TemplateId, Version
from wabridge.model.template_sync import SyncState
from wabridge.storage import acts, template_syncs, templates
from wabridge.storage.database import Transaction


class TemplatesView(msgspec.Struct, frozen=True, kw_only=True):
    """The templates that were asked for, and the whole they were chosen from.

    languages, categories: with how many templates each. sync: how the list stands. can_sync: whether a business account
    is set up at all.
    """

    items: tuple[Template, ...]
    total: int
    sendable: int
    languages: dict[str, int]
    categories: dict[str, int]
    sync: SyncState
    can_sync: bool


class TemplateView(msgspec.Struct, frozen=True, kw_only=True):
    """One template with every wording it has had, the newest first."""

    template: Template
    versions: tuple[Version, ...]
    sync: SyncState


# The name is the same in every room; inside this module the built-in list is asked for by its full name.
async def list(  # noqa: A001
    office: Office,
    actor: Actor,
    *,
    words: str = "",
    language: str = "",
    category: str = "",
    only_sendable: bool = False,
) -> TemplatesView:
    """Return templates by name and language; raises NotAllowed.

    words: each must stand in the name or in the text. language, category: "" for all.
    """
    _require_read(actor)
    account_id = office.settings.whatsapp.business_account_id
    known, sync = await office.database.read(lambda tx: _look(tx, account_id))
    wanted = words.lower().split()
    shown = tuple(
        template
        for template in known
        if (not language or template.language == language)
        and (not category or template.category == category)
        and (template.can_be_sent or not only_sendable)
        and all(word in _searched(template) for word in wanted)
    )
    return TemplatesView(
        items=shown,
        total=len(known),
        sendable=sum(template.can_be_sent for template in known),
        languages=_counted([template.language for template in known]),
        categories=_counted([template.category for template in known]),
        sync=sync,
        can_sync=bool(account_id),
    )


async def get(office: Office, actor: Actor, template_id: TemplateId) -> TemplateView:
    """Return a template with its wordings; raises NotAllowed or NotFound."""
    _require_read(actor)
    account_id = office.settings.whatsapp.business_account_id
    return await office.database.read(lambda tx: _get(tx, template_id, account_id))


async def refresh(office: Office, actor: Actor) -> None:
    """Have the list fetched anew, soon; raises NotAllowed, or Conflict where there is no business account to ask."""
    if not actor.may("reply"):
        raise NotAllowed("fetching templates is not among this actor's rights")
    account_id = office.settings.whatsapp.business_account_id
    if not account_id:
        raise Conflict("no business account is set up")
    now = office.clock.now()
    await office.database.write(lambda tx: _ask(tx, actor, account_id, now))
    office.broker.ring(Topic.TEMPLATE, 0)


def _look(tx: Transaction, account_id: str) -> tuple[tuple[Template, ...], SyncState]:
    return tuple(templates.list_all(tx, account_id)), template_syncs.get(tx, account_id)


def _get(tx: Transaction, template_id: TemplateId, account_id: str) -> TemplateView:
    found = templates.get(tx, template_id)
    if found is None:
        raise NotFound("no such template")
    return TemplateView(
        template=found,
        versions=tuple(templates.list_versions(tx, template_id)),
        sync=template_syncs.get(tx, account_id),
    )


def _ask(tx: Transaction, actor: Actor, account_id: str, now: datetime) -> None:
    template_syncs.ask(tx, account_id, now=now)
    acts.add(tx, actor, "asked_for_templates", subject_kind="account", subject_id=0, now=now)


def _searched(template: Template) -> str:
    wording = template.wording
    parts = [
        template.name,
        template.name.replace("_", " "),
        wording.header.text if wording.header else "",
        wording.body,
    ]
    return "\n".join([*parts, wording.footer, *(button.text for button in wording.buttons)]).lower()


def _counted(words: builtins.list[str]) -> dict[str, int]:
    return {word: words.count(word) for word in sorted(set(words))}


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
