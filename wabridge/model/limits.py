"""Meta's limits on what is sent, as numbers. Source: Meta, "send messages" and the reference of each type."""

TEXT_CHARACTERS = 4096
CALLBACK_TOKEN_CHARACTERS = 512
WEBHOOK_BYTES = 4 * 1024 * 1024
"""The largest webhook body taken; Meta says up to 3 MB."""
NAME_CHARACTERS = 100
"""Of what the office calls a contact. Ours, not Meta's."""
NOTE_CHARACTERS = 500
"""Of a note beside a decision. Ours."""
