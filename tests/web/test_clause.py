"""The page that prints the clause with the office's real fingerprints, and says how well its record is anchored."""

from dataclasses import replace

from tests.web.desk import Desk, open_desk
from tests.web.parsed import text_of
from wabridge.core.office import Office
from wabridge.model.anchor import REASONS
from wabridge.settings import AnchorSettings
from wabridge.storage import checkpoints
from wabridge.web import clause

SEED = bytes(range(32))


async def test_the_clause_names_the_key_that_signs(desk: Desk) -> None:
    """The fingerprint on paper is that of the key whose checkpoints are handed out."""
    head = await desk.office.database.write(lambda tx: checkpoints.add(tx, SEED))
    (key,) = await desk.office.database.read(checkpoints.list_keys)
    page = await desk.show("/clause")
    said = text_of(page.one("section", id="clause"))
    assert key.public.fingerprint in said
    assert key.public.name in said
    assert head.note.split("\n")[2] in text_of(page.one("section", id="anchors"))


async def test_without_keys_and_places_the_page_says_so(desk: Desk) -> None:
    """Before there is a key or a place outside, nothing is made up."""
    page = await desk.show("/clause")
    assert "Belum ada." in text_of(page.one("section", id="clause"))
    assert "Belum ada jangkar di luar kantor" in text_of(page.one("section", id="anchors"))


async def test_each_place_is_named_and_what_it_lacks(office: Office) -> None:
    """A place that was never reached says so."""
    anchored = AnchorSettings(timestamp_urls=("http://tsa.example/tsr",))
    async with open_desk(replace(office, settings=replace(office.settings, anchors=anchored))) as desk:
        said = text_of((await desk.show("/clause")).one("section", id="anchors"))
        assert "http://tsa.example/tsr" in said
        assert "Belum pernah" in said


async def test_assistants_do_not_hand_out_the_clause(desk: Desk) -> None:
    """It is for owners and lawyers; to others the page is forbidden and no link leads there."""
    await desk.office.database.write(lambda tx: tx.run("UPDATE staff SET role = 'assistant'"))
    assert (await desk.get("/clause")).status == 403
    assert not [a for a in (await desk.show("/account")).root.iter("a") if a.get("href") == "/clause"]


def test_every_reason_has_words() -> None:
    """Whatever keeps a checkpoint from its place has a sentence with the next step."""
    assert set(clause.REASONS) == set(REASONS)


def test_the_clause_says_what_it_must() -> None:
    """Article 8, silence, reading and transfer abroad are in the text, in the words of the evidence rules."""
    whole = " ".join(text for _, text in clause.PARAGRAPHS)
    for needed in ("Article 8", "Silence is not consent", "not necessarily read", "Article 56", "registered letter"):
        assert needed in whole
