"""wabridge: a gateway and an inbox between one law office and WhatsApp.

Read docs/architecture.md for the rooms and docs/life-of-a-message.md for the road of one message through them.
"""

__version__ = "0.1.0"
