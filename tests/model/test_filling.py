"""What fits into a template, and what the person will read."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.templates import HEARING, PAYMENT, PLACE, values_for
from wabridge.model import filling
from wabridge.model.filling import Problem
from wabridge.model.template import Button, Header, Wording

WORD = st.text(alphabet="abc1.,'*", min_size=1, max_size=20).map(str.strip).filter(bool)


def problems(wording: Wording, **changed: str) -> set[tuple[str, str]]:
    """Return what does not fit, with these values in place of ones that do."""
    values = filling.clean(values_for(wording) | {key.replace("__", "."): value for key, value in changed.items()})
    return {(problem.key, problem.reason) for problem in filling.check(wording, values)}


def test_every_place_is_found_in_its_order() -> None:
    """Header, body and buttons name their places; numbers count, names stand as they first come."""
    wording = Wording(
        format="named",
        header=Header("text", "Perkara {{nomor}}"),
        body="{{nama}}, {{tanggal}} {{nama}}",
        buttons=(
            Button(kind="quick_reply", text="Ya"),
            Button(kind="url", text="Buka", target="https://a.example/{{1}}"),
            Button(kind="url", text="Situs", target="https://a.example/"),
            Button(kind="copy_code", text="Salin"),
        ),
    )
    keys = [slot.key for slot in filling.slots(wording)]
    assert keys == ["header", "body.nama", "body.tanggal", "button.1", "button.3"]
    assert filling.variables("{{10}} {{2}} {{1}}") == ("1", "2", "10")


@pytest.mark.parametrize("wording", [HEARING, PAYMENT, PLACE])
def test_what_is_filled_in_well_has_no_problem(wording: Wording) -> None:
    """Ordinary values fit into every sort of place."""
    assert problems(wording) == set()


@pytest.mark.parametrize(
    ("wording", "key", "value", "reason"),
    [
        (HEARING, "body.nama", "   ", "missing"),
        (HEARING, "body.nama", "dua\nbaris", "line_break"),
        (HEARING, "body.nama", "tab\there", "line_break"),
        (HEARING, "body.nama", "lima     spasi", "spaces"),
        (HEARING, "body.nama", "gambar\u202egnp", "hidden_sign"),
        (HEARING, "body.nama", "x" * 1025, "too_long"),
        (HEARING, "header", "x" * 61, "too_long"),
        (HEARING, "body.tidak_ada", "x", "not_there"),
        (PAYMENT, "button.0", "nomor tagihan", "not_in_address"),
        (PAYMENT, "button.0", "x" * 2001, "too_long"),
        (PAYMENT, "button.2", "KODE-1", "not_a_code"),
        (PAYMENT, "button.2", "K" * 16, "too_long"),
        (PAYMENT, "header", "berkas.pdf", "not_a_file"),
        (PLACE, "header.latitude", "91", "not_degrees"),
        (PLACE, "header.longitude", "timur", "not_degrees"),
        (PLACE, "header.name", "", "missing"),
    ],
)
def test_what_meta_would_refuse_is_refused_with_its_place(wording: Wording, key: str, value: str, reason: str) -> None:
    """Each thing that Meta answers with 132000, 132005 or 132012 is found before it is sent."""
    assert (key, reason) in problems(wording, **{key.replace(".", "__"): value})


def test_four_spaces_and_a_comma_in_degrees_fit() -> None:
    """Meta's limit is more than four; degrees are written with a comma in Indonesia."""
    assert problems(HEARING, body__nama="a    b") == set()
    assert problems(PLACE, header__latitude="-6,2") == set()
    shown = filling.render(PLACE, values_for(PLACE) | {"header.latitude": "-6,2"})
    assert shown.header is not None
    assert shown.header.latitude == -6.2


def test_the_whole_may_be_too_long_although_each_part_fits() -> None:
    """Meta counts the text with everything filled in."""
    wording = Wording(body="a" * 1000 + " {{1}} b", header=Header("text", "a" * 55 + " {{1}}"))
    assert filling.check(wording, {"header": "x" * 4, "body.1": "x" * 22}) == (Problem("body", "body_too_long"),)
    assert filling.check(wording, {"header": "x" * 5, "body.1": "x"}) == (Problem("header", "header_too_long"),)
    assert filling.check(wording, {"header": "x" * 4, "body.1": "x" * 21}) == ()


def test_an_unfilled_place_shows_its_variable() -> None:
    """A preview that is not complete says where something is missing."""
    assert "{{nama}}" in filling.render(HEARING, {}).body
    assert filling.render(HEARING, {}).header == filling.ShownHeader(kind="text", text="Perkara {{nomor}}")


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    """A value that looks like a place stays what it is."""
    assert filling.render(Wording(body="a {{1}} b {{2}}"), {"body.1": "{{2}}", "body.2": "x"}).body == "a {{2}} b x"


@given(st.lists(WORD, min_size=1, max_size=5))
def test_the_text_holds_every_value_between_the_words_of_the_template(values: list[str]) -> None:
    """What the person reads is the approved text with the values in their places and nothing else."""
    body = " - ".join(f"bagian {{{{{number}}}}}" for number in range(1, len(values) + 1)) + " akhir"
    filled = {f"body.{number}": value for number, value in enumerate(values, 1)}
    assert filling.render(Wording(body=body), filled).body == " - ".join(f"bagian {v}" for v in values) + " akhir"


@given(st.dictionaries(st.sampled_from(["header", "body.nama", "body.tanggal", "x"]), st.text(max_size=1100)))
def test_whatever_is_typed_never_breaks_the_form(values: dict[str, str]) -> None:
    """Any text in any place is either fine or a problem with a place, and always has a preview."""
    cleaned = filling.clean(values)
    found = filling.check(HEARING, cleaned)
    assert {problem.key for problem in found} <= {*cleaned, *(slot.key for slot in filling.slots(HEARING)), "body"}
    assert filling.render(HEARING, cleaned).footer == HEARING.footer


def test_the_same_wording_has_the_same_digest_and_another_one_another() -> None:
    """A version is told from the next by its digest alone."""
    changed = msgspec.structs.replace(HEARING, footer="Kantor lain")
    assert HEARING.digest == msgspec.structs.replace(HEARING).digest
    assert HEARING.digest != changed.digest
