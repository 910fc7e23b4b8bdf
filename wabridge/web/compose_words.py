"""What the small forms beside the reply box are called, in the order of the menu."""

from typing import NamedTuple

from wabridge.web.language import Msgid


class FormWords(NamedTuple):
    """One small form. label: in the menu and above the form; hint: what comes of it."""

    label: Msgid
    hint: Msgid


FORMS: dict[str, FormWords] = {
    "buttons": FormWords(
        Msgid("Question with buttons"), Msgid("The client answers with one tap; the answer comes back here.")
    ),
    "list": FormWords(
        Msgid("List to choose from"), Msgid("The client opens the list and taps one line; it comes back here.")
    ),
    "link": FormWords(Msgid("Button with a link"), Msgid("The button opens a page. Nothing comes back from it.")),
    "location": FormWords(Msgid("Location"), Msgid("The client sees the place on a map.")),
    "card": FormWords(Msgid("Contact card"), Msgid("The client can save the person with one tap.")),
    "where": FormWords(Msgid("Ask for the location"), Msgid("The client sends where they are with one tap.")),
    "number": FormWords(
        Msgid("Ask for the phone number"), Msgid("The client shares the number of their WhatsApp with one tap.")
    ),
}
"""By the last part of the address. The question for a number is offered only where none is known."""
