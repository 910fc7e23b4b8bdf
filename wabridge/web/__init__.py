"""HTTP: the webhook door, pages, API, live events, health. It turns requests into calls and results into pages.

No rule is decided here; nothing here touches the disk or Meta, it asks core and gateway.
"""
