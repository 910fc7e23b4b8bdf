-- The id of a file that has gone must never come to mean another one: a page that is still open, or a program that asks late, names files
-- by it. Without AUTOINCREMENT the next file gets the id of the newest one that was sent or taken back.
CREATE TABLE enclosure_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    handed_in_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'document', 'sticker')),
    mime_type TEXT NOT NULL,           -- by its bytes
    file_name TEXT NOT NULL,           -- the one it is sent under
    is_voice INTEGER NOT NULL DEFAULT 0,
    is_animated INTEGER NOT NULL DEFAULT 0,
    vault_name TEXT NOT NULL UNIQUE,
    vault_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
INSERT INTO enclosure_anew SELECT * FROM enclosure;
DROP TABLE enclosure;
ALTER TABLE enclosure_anew RENAME TO enclosure;
CREATE INDEX enclosure_age ON enclosure (handed_in_at);
CREATE INDEX enclosure_conversation ON enclosure (conversation_id);
