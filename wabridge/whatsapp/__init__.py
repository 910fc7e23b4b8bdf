"""Meta's dialect: signatures, webhook bodies in, request bodies out, error codes, and the one HTTP call.

It remembers nothing and decides nothing about the office. What may never appear here: SQL, the current time, people's
rights.
"""
