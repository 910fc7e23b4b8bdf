"""Proofs: the tree of leaves, signed checkpoints, salted commitments. Bytes and objects in, bytes and objects out.

What may never appear here: SQL, files, sockets, the current time. Whatever is in this room can be checked by a
stranger with the sentences of docs/ledger.md alone.
"""
