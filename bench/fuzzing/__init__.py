"""Webhooks that nobody should send, and what must be true of each of them afterwards.

Here live the grammar, the damages and the comparison of the books. Nothing here knows how wabridge reads a body: what
is expected of it follows from the body alone, or a misunderstanding could hide in both.
"""
