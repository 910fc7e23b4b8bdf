"""Phone numbers: 0812..., 62812... and +62 812-... are one person.

A number is kept as WhatsApp writes it: digits of the international form without plus. WhatsApp's own id is never
rewritten (it can differ from the dialled number in Brazil, Mexico and Argentina); only what people type is
normalised.
"""

import re

import phonenumbers

from wabridge.errors import PhoneUnreadable

_WHATSAPP_ID = re.compile(r"\+?[0-9]{5,20}")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def parse(typed: str, *, region: str) -> str:
    """Return the digits a person meant; raises PhoneUnreadable.

    region: ISO 3166 alpha-2 country assumed for numbers without country code, for example "ID".
    """
    text = typed.strip()
    for candidate in (text, "+" + text.lstrip("+")):
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    raise PhoneUnreadable("not a phone number")


def show(digits: str) -> str:
    """Return the number as people read it: "+62 812-3456-7890"."""
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return "+" + digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_whatsapp_phone(value: str) -> bool:
    """Say whether a value of a webhook has the shape of a phone number."""
    return _WHATSAPP_ID.fullmatch(value) is not None


def is_user_id(value: str) -> bool:
    """Say whether a value has the shape of a business-scoped user id (Meta, "business-scoped user IDs")."""
    return _USER_ID.fullmatch(value) is not None


def is_parent_user_id(value: str) -> bool:
    """Say whether a user id belongs to a group of businesses instead of one (Meta, same page)."""
    return value[2:7] == ".ENT." and is_user_id(value)
