"""The disk: the encrypted database, the journal of webhook bodies, the cache of known bodies, keys, backups.

The only room that speaks SQL. Functions of the noun modules take a transaction first and never begin one; they decide
nothing and know no clock. Only `cipher.py` knows the library under the database, and
none of its cursors and errors leave it.
"""
