-- held: Meta's word for keeping an accepted template back for a while.
ALTER TABLE attempt ADD COLUMN held TEXT;

-- What a message offered a person to tap: what comes back leads to the message and the button, also where Meta leaves out which message
-- is answered. position: from 1.
CREATE TABLE offered_choice (
    choice_id TEXT PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL
) STRICT, WITHOUT ROWID;
