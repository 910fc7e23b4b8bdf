"""Contact cards that a person shares: a list, and every key of a card is optional.

Source: Meta, "contacts messages webhook reference".
"""

from urllib.parse import quote

from yarl import URL

from wabridge.model.content import Card, CardPhone, Cards
from wabridge.whatsapp.fields import Fields

_ADDRESS = ("street", "city", "state", "zip", "country")
_LABELS = frozenset({"HOME", "WORK"})
"""What Meta has a word for; of a number with another label none is passed on."""
_ASKED_FOR = "contact_request"
_ORIGINS = frozenset({_ASKED_FOR, "other"})
_USUAL = _LABELS | {"OTHER"}
_NAME = ("prefix", "first_name", "middle_name", "last_name", "suffix")


def read(message: Fields) -> Cards | None:
    """Return the cards of a message, None if there are none."""
    cards = [_card(card) for card in message.each("contacts") if not card.is_empty]
    return Cards(tuple(cards)) if cards else None


def _card(card: Fields) -> Card:
    origin = card.peek("origin")
    if origin in _ORIGINS:
        card.drop("origin")
    return Card(
        name=_name(card.inside("name")),
        organisation=_joined(card.inside("org"), "title", "department", "company", between=" · "),
        phones=tuple(_phone(phone) for phone in card.each("phones") if not phone.is_empty),
        emails=_each(card, "emails", "email"),
        addresses=tuple(filter(None, map(_address, card.each("addresses")))),
        links=_each(card, "urls", "url"),
        birthday=card.text("birthday"),
        vcard=card.text("vcard"),
        was_asked_for=origin == _ASKED_FOR,
    )


def _name(name: Fields) -> str | None:
    whole = name.text("formatted_name")
    if whole is None:
        return _joined(name, *_NAME, between=" ")
    name.drop(*(part for part in _NAME if name.peek(part) and name.peek(part) in whole))
    return whole


def _phone(phone: Fields) -> CardPhone:
    return CardPhone(phone.text("phone"), phone.text("type"), phone.ident("wa_id"))


def _address(address: Fields) -> str | None:
    _drop_usual(address)
    if "country" in address:
        address.text("country_code")
    return _joined(address, *_ADDRESS, between=", ")


def _each(card: Fields, key: str, within: str) -> tuple[str, ...]:
    found = []
    for element in card.each(key):
        _drop_usual(element)
        found.append(element.text(within))
    return tuple(filter(None, found))


def _drop_usual(part: Fields) -> None:
    """Leave out of which kind an address is, if the word says as good as nothing."""
    if part.peek("type").upper() in _USUAL:
        part.drop("type")


def _joined(fields: Fields, *keys: str, between: str) -> str | None:
    return between.join(filter(None, map(fields.text, keys))) or None


def build(card: Card) -> dict[str, object]:
    """Return a card as it is sent; raises ValueError without a name.

    Meta wants another part of the name beside the whole: the first word of it, and the rest if there is one.
    """
    name = (card.name or "").strip()
    if not name:
        raise ValueError("a card needs a name")
    first, _, last = name.partition(" ")
    built: dict[str, object] = {"name": {"formatted_name": name, "first_name": first} | _last_name(last.strip())}
    lists: dict[str, list[dict[str, str]]] = {
        "phones": [_build_phone(each) for each in card.phones if each.number],
        "emails": [{"email": each} for each in card.emails],
        "urls": [{"url": _uri(each)} for each in card.links],
        "addresses": [{"street": each} for each in card.addresses],
    }
    built |= {key: values for key, values in lists.items() if values}
    if card.organisation:
        built["org"] = {"company": card.organisation}
    if card.birthday:
        built["birthday"] = card.birthday
    return built


def _uri(link: str) -> str:
    """Return an address of the web in the letters that are allowed in one (RFC 3986)."""
    try:
        return str(URL(link))
    except ValueError:  # a host that is none
        return quote(link, safe=":/?#@!$&'()*+,;=~")


def _last_name(last: str) -> dict[str, str]:
    return {"last_name": last} if last else {}


def _build_phone(each: CardPhone) -> dict[str, str]:
    label = (each.label or "").upper()
    known = (("phone", each.number), ("type", label if label in _LABELS else None), ("wa_id", each.whatsapp))
    return {key: value for key, value in known if value}
