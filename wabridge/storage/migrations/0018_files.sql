-- Files that the office sends.

-- A file that somebody handed in to be sent to one person, and that no message has taken yet. When one takes it, it becomes a row of
-- `media`; what nobody sends within a day goes.
CREATE TABLE enclosure (
    id INTEGER PRIMARY KEY,
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
CREATE INDEX enclosure_age ON enclosure (handed_in_at);
CREATE INDEX enclosure_conversation ON enclosure (conversation_id);

-- One handing-over of a file's bytes to Meta, before the message that names it: written before the call, settled once. A second one of
-- the same bytes harms nobody, so that whatever has no good answer is made again.
CREATE TABLE upload (
    id INTEGER PRIMARY KEY,
    media_id INTEGER NOT NULL REFERENCES media (id),
    number_id INTEGER NOT NULL REFERENCES number (id),
    opened_at INTEGER NOT NULL,
    monotonic_ns INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    request_url TEXT NOT NULL,
    request_head BLOB NOT NULL,        -- the form as it is sent, up to the file's first byte
    sha256 TEXT NOT NULL,              -- of the file's bytes, which lie in the vault
    size INTEGER NOT NULL,
    token_mark TEXT NOT NULL,          -- by which the access token is recognised; never the token
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'taken', 'refused', 'not_sent', 'unknown')),
    reason TEXT,
    code INTEGER,
    settled_at INTEGER,
    file_id TEXT,                      -- Meta's; good for thirty days
    forgotten_at INTEGER,              -- when Meta said that it does not know this id (any more)
    response_status INTEGER,
    response_headers BLOB,
    response_body BLOB,
    CHECK ((outcome = 'taken') = (file_id IS NOT NULL))
) STRICT;
CREATE INDEX upload_media ON upload (media_id);
CREATE INDEX upload_open ON upload (id) WHERE outcome = 'open';
CREATE TRIGGER upload_request_is_final
BEFORE UPDATE OF media_id, number_id, opened_at, monotonic_ns, boot_id, request_url, request_head, sha256, size, token_mark ON upload
BEGIN
    SELECT RAISE(ABORT, 'what was uploaded does not change');
END;
CREATE TRIGGER upload_answer_is_final
BEFORE UPDATE OF outcome, reason, code, settled_at, file_id, response_status, response_headers, response_body ON upload
WHEN OLD.outcome <> 'open'
BEGIN
    SELECT RAISE(ABORT, 'what came of an upload does not change');
END;
CREATE TRIGGER upload_stays BEFORE DELETE ON upload
BEGIN
    SELECT RAISE(ABORT, 'an upload does not go');
END;
