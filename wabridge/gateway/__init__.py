"""Machine work between the office and Meta. Any of it may be killed at any line and started again.

The door stores and answers; everything else works from what is stored. What may never appear here: a decision that
belongs to a person, SQL, pages.
"""
