"""The parts of `verify.py`, which lies in each bundle and checks it with Python's standard library alone.

`verifier` joins them, in the order of its table, into the one file that a stranger reads and runs; that is why no name
stands in two of them. What may never appear here: anything of
the program that wrote the bundle, so that no error can hide in both; any package from outside.
"""
