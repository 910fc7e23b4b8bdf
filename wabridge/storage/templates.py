"""Templates, and every wording each has had.

Rule: versions are only added; a wording that comes back after another one is a version of its own again, so that the
newest version is always the one that holds.
"""

from datetime import datetime

import msgspec

from wabridge.model import template as wordings
from wabridge.model.template import Listed, Template, TemplateId, Version, VersionId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros

_sql = queries.load("templates")


def put(tx: Transaction, account_id: str, listed: Listed, *, at: datetime) -> bool:
    """Store a template as a list that was asked for at that time shows it; say whether its wording is new.

    A status that Meta told of later than that stays.
    """
    key = {"account_id": account_id, "meta_id": listed.meta_id}
    said = {
        "name": listed.name,
        "language": listed.language,
        "category": listed.category,
        "quality": listed.quality,
        "examples": msgspec.json.encode(listed.examples),
        "at": to_micros(at),
    }
    known = tx.one(_sql["find_known"], key)
    if known is None:
        added = tx.one(_sql["add"], {**key, **said, "status": listed.status, "reason": listed.reason})
        assert added is not None, "an insert returns its row"
        template_id = TemplateId(added["id"])
    else:
        template_id = TemplateId(known["id"])
        tx.run(_sql["confirm"], {**said, "template_id": template_id})
        if known["status"] != listed.status:
            set_status(tx, template_id, listed.status, reason=listed.reason, at=at)
    if known is not None and known["digest"] == listed.wording.digest:
        return False
    _add_version(tx, template_id, listed, at)
    return known is not None


def find(tx: Transaction, account_id: str, *, name: str, language: str) -> Template | None:
    """Return the template that a message with this name and language would use."""
    row = tx.one(_sql["find"], {"account_id": account_id, "name": name, "language": language})
    return None if row is None else _template(row)


def find_named(tx: Transaction, account_id: str, *, meta_id: str, name: str, language: str) -> TemplateId | None:
    """Return the template that a webhook means. language: folded."""
    binds = {"account_id": account_id, "meta_id": meta_id, "name": name, "language": language}
    row = tx.one(_sql["find_named"], binds)
    return None if row is None else TemplateId(row["id"])


def get(tx: Transaction, template_id: TemplateId) -> Template | None:
    """Return a template, None if there is none with this id."""
    row = tx.one(_sql["get"], {"template_id": template_id})
    return None if row is None else _template(row)


def find_of_version(tx: Transaction, version_id: VersionId) -> Template | None:
    """Return the template that has or had a wording, as it stands now."""
    row = tx.one(_sql["find_of_version"], {"version_id": version_id})
    return None if row is None else _template(row)


def get_account(tx: Transaction, template_id: TemplateId) -> str:
    """Return whose template it is: the business account's id at Meta."""
    row = tx.one(_sql["get_account"], {"template_id": template_id})
    assert row is not None, "a template is never deleted"
    account_id: str = row["account_id"]
    return account_id


def get_components(tx: Transaction, version_id: VersionId) -> bytes:
    """Return the components of a wording, as Meta listed them."""
    row = tx.one(_sql["get_components"], {"version_id": version_id})
    assert row is not None, "a version is never deleted"
    components: bytes = row["components"]
    return components


def list_all(tx: Transaction, account_id: str) -> list[Template]:
    """Return every template of a business account by name and language; those that are gone come last."""
    return [_template(row) for row in tx.all(_sql["list_all"], {"account_id": account_id})]


def list_versions(tx: Transaction, template_id: TemplateId) -> list[Version]:
    """Return every wording a template has had, the newest first."""
    return [
        Version(
            id=VersionId(row["id"]),
            number=row["number"],
            wording=wordings.decode(row["wording"]),
            components=row["components"],
            seen_at=from_micros(row["seen_at"]),
        )
        for row in tx.all(_sql["list_versions"], {"template_id": template_id})
    ]


def set_status(
    tx: Transaction,
    template_id: TemplateId,
    status: str,
    *,
    reason: str = "",
    said: str = "",
    paused_until: datetime | None = None,
    at: datetime,
) -> bool:
    """Note what Meta calls a template since then; False if something newer is known."""
    binds = {
        "template_id": template_id,
        "status": status,
        "reason": reason,
        "said": said,
        "paused_until": maybe_to_micros(paused_until),
        "at": to_micros(at),
    }
    return tx.run(_sql["set_status"], binds) > 0


def set_category(tx: Transaction, template_id: TemplateId, category: str) -> None:
    """Note into which category Meta has put a template."""
    tx.run(_sql["set_category"], {"template_id": template_id, "category": category})


def set_quality(tx: Transaction, template_id: TemplateId, quality: str) -> None:
    """Note how Meta rates a template."""
    tx.run(_sql["set_quality"], {"template_id": template_id, "quality": quality})


def mark_missing(tx: Transaction, account_id: str, *, at: datetime) -> int:
    """Mark what a whole list that was asked for at that time did not show, and return how many."""
    return tx.run(_sql["mark_missing"], {"account_id": account_id, "at": to_micros(at)})


def _add_version(tx: Transaction, template_id: TemplateId, listed: Listed, at: datetime) -> None:
    binds = {
        "template_id": template_id,
        "digest": listed.wording.digest,
        "wording": wordings.encode(listed.wording),
        "components": listed.components,
        "at": to_micros(at),
    }
    version = tx.one(_sql["add_version"], binds)
    assert version is not None, "an insert returns its row"
    tx.run(_sql["set_version"], {"template_id": template_id, "version_id": version["id"]})


def _template(row: Row) -> Template:
    return Template(
        id=TemplateId(row["id"]),
        meta_id=row["meta_id"],
        name=row["name"],
        language=row["language"],
        category=row["category"],
        status=row["status"],
        status_at=from_micros(row["status_at"]),
        version_id=VersionId(row["version_id"]),
        version=row["number"],
        wording=wordings.decode(row["wording"]),
        confirmed_at=from_micros(row["confirmed_at"]),
        examples=_examples.decode(row["examples"]),
        quality=row["quality"],
        reason=row["reason"],
        said=row["said"],
        paused_until=maybe_from_micros(row["paused_until_at"]),
        missing_since=maybe_from_micros(row["missing_since"]),
    )


_examples = msgspec.json.Decoder(dict[str, str])
