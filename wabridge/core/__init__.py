"""The office's work: reading, answering, and everything people decide.

Every public function that changes something names who acts and leaves a trace. What may never appear here: a call to
Meta, a word of Meta's JSON, SQL, HTTP.
"""
