-- How fast messages may go, and what Meta's errors have done to others than the message they were about.

-- Each code that Meta said of an attempt, once, whether it came as the answer, as a status, or as both.
CREATE TABLE setback (
    attempt_id INTEGER NOT NULL REFERENCES attempt (id),
    code INTEGER NOT NULL,
    came_by TEXT NOT NULL CHECK (came_by IN ('answer', 'status')),
    at INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, code)
) STRICT, WITHOUT ROWID;

-- One of our numbers. rounds: how often in a row Meta said that it is too fast; begun_at: when it said so last.
CREATE TABLE number_pace (
    number_id INTEGER PRIMARY KEY REFERENCES number (id),
    per_second INTEGER NOT NULL DEFAULT 80,
    rests_until INTEGER NOT NULL DEFAULT 0,
    begun_at INTEGER NOT NULL DEFAULT 0,
    rounds INTEGER NOT NULL DEFAULT 0,
    code INTEGER
) STRICT;

-- One of our numbers and one person. borrowed_until: when what was sent in a burst is paid back, one message in six seconds.
-- code: Meta's, if the rest was asked for by Meta; NULL if it is by our own count.
CREATE TABLE pair_pace (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id),
    borrowed_until INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER NOT NULL DEFAULT 0,
    rounds INTEGER NOT NULL DEFAULT 0,
    code INTEGER
) STRICT;
CREATE INDEX pair_pace_resting ON pair_pace (rests_until);

-- A message of which Meta itself did not know whether it took it: one further attempt, once in its life.
CREATE TABLE second_try (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    planned_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX second_try_open ON second_try (message_id) WHERE closed_at IS NULL;

-- What Meta's errors say about a person, until there is a sign of the contrary.
CREATE TABLE contact_mark (
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,
    code INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (contact_id, kind)
) STRICT, WITHOUT ROWID;

-- Staff are told once that a message has passed its time.
CREATE UNIQUE INDEX notification_once ON notification (message_id, kind) WHERE kind IN ('overdue', 'unknown');
