"""In which light the lists of a change stand: from now or from the past, from a person or from another program."""

from typing import Any, NamedTuple, TypeVar

import msgspec

from wabridge.model.event import Echo, EchoAuthor, InboundMessage, Source, Unreadable
from wabridge.whatsapp import reading
from wabridge.whatsapp.items import Scope
from wabridge.whatsapp.people import Json

_Said = TypeVar("_Said", InboundMessage, Echo)


class Light(NamedTuple):
    """What is known of all items of a list. value: what holds the list; own_phone: our number's digits."""

    value: Json
    scope: Scope
    source: Source = "live"
    author: EchoAuthor = "app"
    own_phone: str | None = None

    @classmethod
    def of(cls, value: Json, scope: Scope) -> "Light":
        """Return the light in which a change stands by itself."""
        shown = reading.ident(reading.mapping(value.get("metadata")).get("display_phone_number"))
        return cls(value, scope, own_phone=digits(shown))

    def inside(self, *steps: str) -> "Light":
        """Return the same light on something further inside."""
        return self._replace(scope=self.scope.at_place(*steps))

    def shine_on(self, event: _Said | Unreadable, message: Any) -> _Said | Unreadable:
        """Return what a message says as it stands in this light."""
        if self.source == "live":
            return event
        if isinstance(event, Unreadable):
            return msgspec.structs.replace(event, source=self.source)
        return msgspec.structs.replace(event, source=self.source, phone_status=phone_status(message))


def phone_status(message: Any) -> str | None:
    """Return how far the phone app says a message was."""
    context = reading.mapping(reading.mapping(message).get("history_context"))
    status = reading.text(context.get("status"))
    return status.lower() if status else None


def digits(number: str | None) -> str | None:
    """Return the digits of a phone number as people write it."""
    return "".join(filter(str.isdecimal, number)) or None if number else None
