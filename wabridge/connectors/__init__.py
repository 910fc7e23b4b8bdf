"""The outside that is not Meta: timestamp authorities and mail servers.

What may never appear here: anything about a client. What leaves by this room is a digest, or the text of a checkpoint.
It remembers nothing and decides nothing: it asks, checks what comes back, and names what went wrong.
"""
