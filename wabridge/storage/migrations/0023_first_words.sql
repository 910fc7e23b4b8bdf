-- A file can also be meant for a contact nothing was exchanged with, or for a number that nobody here knows: whoever is no contact becomes
-- one when a message is sent to them, and not before.
CREATE TABLE enclosure_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER REFERENCES conversation (id),
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
    sha256 TEXT NOT NULL,
    contact_id INTEGER REFERENCES contact (id),
    phone TEXT,                        -- digits
    CHECK ((conversation_id IS NOT NULL) + (contact_id IS NOT NULL) + (phone IS NOT NULL) = 1)
) STRICT;
INSERT INTO enclosure_anew SELECT *, NULL, NULL FROM enclosure;
DROP TABLE enclosure;
ALTER TABLE enclosure_anew RENAME TO enclosure;
CREATE INDEX enclosure_age ON enclosure (handed_in_at);
CREATE INDEX enclosure_conversation ON enclosure (conversation_id);
