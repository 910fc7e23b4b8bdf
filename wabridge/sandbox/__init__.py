"""A pretend Meta and a pretend client's phone, for trying wabridge out and for the tests.

Written from Meta's documentation on its own and sharing no rule with the gateway, so that a misunderstanding can't hide
in both. Everything lives in memory and on loopback: nothing here writes a file, keeps a global or reaches the internet.
"""
