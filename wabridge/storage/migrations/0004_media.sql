-- Files that came with messages, and how far their fetching has come. A message may have several over time: its content's,
-- and those of other contents that came under the same wamid. Rows are never deleted.
CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    file_id TEXT NOT NULL,             -- WhatsApp's; '' if it named none
    kind TEXT NOT NULL,
    mime_type TEXT,
    file_name TEXT,
    claimed_sha256 TEXT,               -- as it came, base64 or hexadecimal
    url TEXT,                          -- where it can be fetched for a few minutes
    state TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'failed')),
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    last_tries INTEGER NOT NULL DEFAULT 0,  -- those made after expires_at
    wanted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    alerted_at INTEGER,
    vault_name TEXT UNIQUE,
    vault_key TEXT,
    size INTEGER,
    sha256 TEXT,
    is_as_claimed INTEGER,
    stored_at INTEGER,
    seen_name TEXT,                    -- the file in the vault whose bytes were looked at; another one is looked at anew
    seen_type TEXT,
    thumbnail_name TEXT UNIQUE,
    thumbnail_key TEXT,
    thumbnail_size INTEGER,
    thumbnail_width INTEGER,
    thumbnail_height INTEGER,
    UNIQUE (message_id, file_id),
    CHECK (state <> 'stored' OR (vault_name IS NOT NULL AND vault_key IS NOT NULL AND size IS NOT NULL AND stored_at IS NOT NULL))
) STRICT;
CREATE INDEX media_waiting ON media (tries, next_try_at) WHERE state = 'waiting';
CREATE INDEX media_unseen ON media (id) WHERE state = 'stored' AND seen_name IS NOT vault_name;

-- Files of messages that are stored already. WhatsApp may have forgotten them: the first try tells.
WITH content AS (
    SELECT id AS message_id, created_at, CAST(content AS TEXT) AS said
    FROM message WHERE kind IN ('image', 'video', 'audio', 'document', 'sticker', 'edit') AND json_valid(CAST(content AS TEXT))
    UNION ALL
    SELECT message_id, created_at, CAST(content AS TEXT)
    FROM message_version
    WHERE kind IN ('image', 'video', 'audio', 'document', 'sticker', 'edit') AND json_valid(CAST(content AS TEXT))
),
body AS (
    SELECT message_id, created_at, json_extract(said, '$.body') AS file FROM content
    WHERE json_extract(said, '$.body.type') = 'media'
    UNION ALL
    SELECT message_id, created_at, json_extract(said, '$.body.body') FROM content
    WHERE json_extract(said, '$.body.type') = 'edit' AND json_extract(said, '$.body.body.type') = 'media'
)
INSERT INTO media (
    message_id, file_id, kind, mime_type, file_name, claimed_sha256, state, wanted_at, expires_at, next_try_at
)
SELECT
    message_id, json_extract(file, '$.file_id'), json_extract(file, '$.kind'), json_extract(file, '$.mime_type'),
    json_extract(file, '$.file_name'), json_extract(file, '$.sha256'), 'waiting', created_at, created_at + 604800000000,
    created_at
FROM body
WHERE json_extract(file, '$.file_id') IS NOT NULL
ON CONFLICT DO NOTHING;
