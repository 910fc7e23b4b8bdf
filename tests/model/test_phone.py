"""Phone numbers: many spellings, one person."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wabridge.errors import PhoneUnreadable
from wabridge.model import phone


@pytest.mark.parametrize(
    "typed",
    ["081234567890", "6281234567890", "+6281234567890", "+62 812-3456-7890", " 0812 3456 7890 ", "(0812) 3456.7890"],
)
def test_every_spelling_is_one_number(typed: str) -> None:
    """However people write an Indonesian number, it is the same one."""
    assert phone.parse(typed, region="ID") == "6281234567890"


def test_foreign_numbers_need_their_country_code() -> None:
    """A number of another country is read with its code, whatever the office's region is."""
    assert phone.parse("+1 650-555-0123", region="ID") == phone.parse("16505550123", region="ID") == "16505550123"


@pytest.mark.parametrize("typed", ["", "+", "halo", "12", "0812", "+62 812", "081234567890 or 081234567891", "9" * 40])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """Nothing is guessed from what is not a phone number."""
    with pytest.raises(PhoneUnreadable):
        phone.parse(typed, region="ID")


@settings(deadline=None)  # a busy machine is no fault
@given(st.text())
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    """Whatever is typed, there are digits or a refusal, and nothing else."""
    with suppress(PhoneUnreadable):
        assert phone.is_whatsapp_phone(phone.parse(typed, region="ID"))


def test_numbers_are_shown_as_people_read_them() -> None:
    """Digits are grouped as in their country; what cannot be grouped is shown with its plus."""
    assert phone.show("6281234567890") == "+62 812-3456-7890"
    assert phone.show("999") == "+999"


@settings(deadline=None)  # a busy machine is no fault
@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True))
def test_any_digits_can_be_shown(digits: str) -> None:
    """A number that WhatsApp uses can be shown, even one no library knows."""
    assert phone.show(digits).startswith("+")


@pytest.mark.parametrize(
    ("value", "is_phone", "is_user_id", "is_parent"),
    [
        ("16505550123", True, False, False),
        ("+16505550123", True, False, False),
        ("US.13491208655302741918", False, True, False),
        ("ID.abcDEF123", False, True, False),
        ("US.ENT.11815799212886844830", False, True, True),
        ("us.1349", False, False, False),
        ("US.", False, False, False),
        ("US.ENT.", False, False, False),
        ("US." + "1" * 129, False, False, False),
        ("1234", False, False, False),
        ("16505550123\n", False, False, False),
        ("١٦٥٠٥٥٥٠١٢٣", False, False, False),
        ("Y2FwaV9ncm91cDox", False, False, False),
        ("", False, False, False),
    ],
)
def test_ids_are_told_by_their_shape(value: str, *, is_phone: bool, is_user_id: bool, is_parent: bool) -> None:
    """A phone number, a user id and a parent user id never look alike."""
    assert phone.is_whatsapp_phone(value) == is_phone
    assert phone.is_user_id(value) == is_user_id
    assert phone.is_parent_user_id(value) == is_parent
