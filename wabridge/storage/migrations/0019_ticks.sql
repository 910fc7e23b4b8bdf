-- What Meta is to be told about our own reading and writing: one wish per conversation, taken before it is passed on. Losing one loses
-- nothing but blue ticks.
CREATE TABLE tick (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id),
    message_id INTEGER NOT NULL REFERENCES message (id),
    wanted_at INTEGER NOT NULL,
    is_typing INTEGER NOT NULL DEFAULT 0
) STRICT;
