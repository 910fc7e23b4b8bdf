"""Meta's limits on what is sent, as numbers. Source: Meta, "send messages" and the reference of each type."""

TEXT_CHARACTERS = 4096
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
