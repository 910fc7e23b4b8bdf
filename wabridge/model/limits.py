"""Meta's limits on what is sent, as numbers. Source: Meta, "send messages" and the reference of each type."""

TEXT_CHARACTERS = 4096
PARTS = 20
"""In so many messages a long text may go. Ours."""
CAPTION_CHARACTERS = 1024
PROMPT_CHARACTERS = 1024
"""Of the words above buttons, a link or a question."""
MENU_CHARACTERS = 4096
"""Of the words above a list."""
HEADER_CHARACTERS = 60
FOOTER_CHARACTERS = 60
BUTTONS = 3
BUTTON_TITLE_CHARACTERS = 20
BUTTON_ID_CHARACTERS = 256
LABEL_CHARACTERS = 20
"""Of what the button of a list or a link says."""
SECTIONS = 10
ROWS = 10
"""In all sections of a list together."""
SECTION_TITLE_CHARACTERS = 24
ROW_TITLE_CHARACTERS = 24
ROW_DESCRIPTION_CHARACTERS = 72
ROW_ID_CHARACTERS = 200
CARDS = 257
URL_CHARACTERS = 2000
"""Ours: Meta does not tell."""
LINE_CHARACTERS = 1000
"""Of a line on a card or of a place. Ours: Meta does not tell."""
LINES = 20
"""Of one sort on a card. Ours."""
REACTION_DAYS = 30
"""A reaction to a message that is older does not arrive."""
CALLBACK_TOKEN_CHARACTERS = 512
WEBHOOK_BYTES = 4 * 1024 * 1024
"""The largest webhook body taken; Meta says up to 3 MB."""
NAME_CHARACTERS = 100
"""Of what the office calls a contact. Ours, not Meta's."""
NOTE_CHARACTERS = 500
"""Of a note beside a decision. Ours."""

MESSAGES_PER_SECOND: dict[str, int] = {"STANDARD": 80, "HIGH": 1000, "NOT_APPLICABLE": 80}
"""What one number may send in a second, by the level in its `throughput` field. Source: Meta, "throughput"."""
COEXISTENCE_PER_SECOND = 20
"""The same for a number that the phone app uses as well, whatever its level."""

PAIR_SECONDS = 6
"""One message in so many seconds to the same person, in the long run."""
PAIR_BURST = 45
"""So many at once, borrowed from the future. Source: Meta, "pair rate limits"."""

BUTTON_BODY_CHARACTERS = 1024
"""Of the text above reply buttons."""
BUTTON_TITLE_CHARACTERS = 20
BUTTON_ID_CHARACTERS = 256
FOOTER_CHARACTERS = 60
