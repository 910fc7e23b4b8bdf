"""Templates and every wording each has had."""

from datetime import timedelta

import msgspec
import pytest

from tests.clocks import NOON
from tests.templates import HEARING
from wabridge.errors import ConstraintViolated
from wabridge.model.template import Listed, Template, Version
from wabridge.storage import templates
from wabridge.storage.database import Database

ACCOUNT = "waba"
LISTED = Listed(
    meta_id="1",
    name="pengingat",
    language="id",
    category="utility",
    status="approved",
    wording=HEARING,
    components=b"[]",
    examples={"body.nama": "Siti"},
    quality="green",
)


async def put(database: Database, *, minutes: int = 0, **changed: object) -> bool:
    """Store the sample as a list shows it that was asked for so many minutes after noon."""
    listed = msgspec.structs.replace(LISTED, **changed)
    return await database.write(lambda tx: templates.put(tx, ACCOUNT, listed, at=NOON + timedelta(minutes=minutes)))


async def known(database: Database) -> Template:
    """Return the sample as it is known."""
    (template,) = await database.read(lambda tx: templates.list_all(tx, ACCOUNT))
    return template


async def versions(database: Database) -> list[Version]:
    """Return the sample's wordings."""
    template = await known(database)
    return await database.read(lambda tx: templates.list_versions(tx, template.id))


async def test_a_template_comes_back_as_it_was_listed(database: Database) -> None:
    """Nothing of it is lost on the way to the disk."""
    assert not await put(database)
    template = await known(database)
    assert (template.wording, template.examples, template.quality) == (HEARING, {"body.nama": "Siti"}, "green")
    assert (template.version, template.status_at, template.can_be_sent) == (1, NOON, True)
    found = await database.read(lambda tx: templates.find(tx, ACCOUNT, name="pengingat", language="id"))
    assert found == template


async def test_another_wording_is_another_version_and_the_old_one_stays(database: Database) -> None:
    """Each wording is kept for ever, also one that comes back."""
    changed = msgspec.structs.replace(HEARING, footer="lain")
    await put(database)
    assert await put(database, minutes=1, wording=changed)
    assert not await put(database, minutes=2, wording=changed)
    assert await put(database, minutes=3)
    assert [version.number for version in await versions(database)] == [3, 2, 1]
    template = await known(database)
    assert (template.version, template.wording) == (3, HEARING)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE template_version SET wording = x'00'",
        "DELETE FROM template_version",
        "DELETE FROM template",
        "REPLACE INTO template_version SELECT * FROM template_version",
    ],
)
async def test_what_was_approved_once_cannot_be_changed_or_lost(database: Database, sql: str) -> None:
    """The disk itself refuses to change a wording or to let a template go."""
    await put(database)
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: tx.run(sql))


async def test_a_newer_word_of_metas_is_not_overruled_by_an_older_list(database: Database) -> None:
    """A pause that was told after the list was asked for stays; a list asked for later knows better."""
    await put(database)
    template = await known(database)
    at = NOON + timedelta(minutes=5)
    assert await database.write(lambda tx: templates.set_status(tx, template.id, "paused", said="x", at=at))
    await put(database, minutes=4)
    assert (await known(database)).status == "paused"
    await put(database, minutes=6)
    assert (await known(database)).status == "approved"
    assert not await database.write(lambda tx: templates.set_status(tx, template.id, "paused", at=at))


async def test_a_template_that_vanishes_is_marked_and_comes_back(database: Database) -> None:
    """What a whole list does not show cannot be sent, until a list shows it again."""
    await put(database)
    at = NOON + timedelta(minutes=1)
    assert await database.write(lambda tx: templates.mark_missing(tx, ACCOUNT, at=at)) == 1
    assert await database.write(lambda tx: templates.mark_missing(tx, ACCOUNT, at=at)) == 0
    template = await known(database)
    assert (template.missing_since, template.can_be_sent) == (at, False)
    await put(database, minutes=2)
    assert (await known(database)).can_be_sent


async def test_of_a_name_that_was_made_anew_the_listed_one_is_found(database: Database) -> None:
    """A deleted template and its successor share name and language; messages use the one that Meta has."""
    await put(database)
    await put(database, minutes=1, meta_id="2")
    await database.write(lambda tx: templates.mark_missing(tx, ACCOUNT, at=NOON + timedelta(minutes=1)))
    found = await database.read(lambda tx: templates.find(tx, ACCOUNT, name="pengingat", language="id"))
    assert found is not None
    assert found.meta_id == "2"


async def test_a_webhook_finds_it_by_id_or_by_name_in_either_spelling(database: Database) -> None:
    """Meta's samples leave out the id or spell the language otherwise."""
    await put(database, language="en-US")

    async def find(meta_id: str, name: str, language: str) -> object:
        return await database.read(
            lambda tx: templates.find_named(tx, ACCOUNT, meta_id=meta_id, name=name, language=language)
        )

    assert await find("1", "", "") == 1
    assert await find("", "pengingat", "en_US") == 1
    assert await find("9", "pengingat", "id") is None
