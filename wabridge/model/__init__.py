"""Nouns and rules, with Meta's limits as tables. Nothing here waits, reads a clock, a file or a socket.

What may never appear here: async, I/O, the current time, SQL, Meta's JSON keys.
"""
