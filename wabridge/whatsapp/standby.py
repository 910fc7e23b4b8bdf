"""What happens in a conversation that another party holds: the same lists, one level deeper.

Source: Meta, "standby webhook".
"""

from collections.abc import Iterator

from wabridge.model.event import Item
from wabridge.whatsapp import changes, items, reading
from wabridge.whatsapp.items import Scope
from wabridge.whatsapp.light import Light
from wabridge.whatsapp.people import Json

INSIDE = "standby"


def read(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield what another party sees first, and what it writes in the office's name."""
    light = Light.of(value, scope)._replace(source="standby", author="partner")
    yield from changes.read(light)
    around = {key: part for key, part in value.items() if key == "contacts"}
    told = reading.mapping(value.get(INSIDE))
    light = light._replace(value={**around, **told}).inside(INSIDE)
    yield from changes.read(light)
    yield from items.besides(told, frozenset(changes.ARRAYS), light.scope)
