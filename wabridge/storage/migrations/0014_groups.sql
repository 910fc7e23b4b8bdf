-- What a group is called, as far as a webhook said so; it may have said it before anybody wrote in the group.

CREATE TABLE group_subject (
    number_id INTEGER NOT NULL REFERENCES number (id),
    group_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    event_id INTEGER NOT NULL REFERENCES event (id),
    PRIMARY KEY (number_id, group_id)
) STRICT;
