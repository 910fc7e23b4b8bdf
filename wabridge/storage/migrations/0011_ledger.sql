-- The ledger: what was recorded, as a tree of leaves that nobody can change without it showing (docs/ledger.md).

-- text: the leaf's bytes, one line of JSON, never built again. hash: RFC 6962's over them. subject: the row it speaks of; revision: how
-- often that row was recorded before. cseq counts the leaves of a conversation.
CREATE TABLE leaf (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_kind TEXT,
    subject_id INTEGER,
    revision INTEGER NOT NULL DEFAULT 0,
    conversation_id INTEGER REFERENCES conversation (id),
    cseq INTEGER,
    at INTEGER NOT NULL,
    is_backfilled INTEGER NOT NULL DEFAULT 0,
    text BLOB NOT NULL,
    hash BLOB NOT NULL,
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    CHECK ((conversation_id IS NULL) = (cseq IS NULL))
) STRICT;
CREATE UNIQUE INDEX leaf_subject ON leaf (subject_kind, subject_id, revision) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX leaf_conversation ON leaf (conversation_id, cseq) WHERE conversation_id IS NOT NULL;
CREATE INDEX leaf_of_no_row ON leaf (kind, position) WHERE subject_id IS NULL;

-- What a leaf's salts come from. Deleted with what the leaf speaks of: from then on its commitments say nothing.
CREATE TABLE leaf_secret (
    position INTEGER PRIMARY KEY REFERENCES leaf (position),
    secret BLOB NOT NULL
) STRICT;

-- The hash over 256 leaves (level 1), over 256 of those (level 2), and so on.
CREATE TABLE ledger_tile (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

-- The name by which leaves call a conversation: random, so that it tells nothing.
CREATE TABLE ledger_thread (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The public keys that have signed checkpoints. signature: of the key before over this one; NULL for the first.
CREATE TABLE ledger_key (
    id INTEGER PRIMARY KEY,
    verifier TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL REFERENCES leaf (position),
    since INTEGER NOT NULL,
    signature BLOB
) STRICT;

-- Signed heads of the tree.
CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    at INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoint_size ON checkpoint (size);

-- Rows from before the ledger, up to which id they get leaves afterwards, and how far that has come.
CREATE TABLE ledger_backfill (
    subject_kind TEXT PRIMARY KEY,
    through INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_backfill (subject_kind, through)
SELECT * FROM (
    SELECT 'message', coalesce(max(id), 0) AS through FROM message
    UNION ALL SELECT 'version', coalesce(max(id), 0) FROM message_version
    UNION ALL SELECT 'attempt', coalesce(max(id), 0) FROM attempt
    UNION ALL SELECT 'answer', coalesce(max(id), 0) FROM attempt
    UNION ALL SELECT 'status', coalesce(max(id), 0) FROM status_event
    UNION ALL SELECT 'decision', coalesce(max(id), 0) FROM decision
    UNION ALL SELECT 'act', coalesce(max(id), 0) FROM act
    UNION ALL SELECT 'alert', coalesce(max(id), 0) FROM identity_alert
    UNION ALL SELECT 'media', coalesce(max(id), 0) FROM media
    UNION ALL SELECT 'news', coalesce(max(id), 0) FROM account_news
) WHERE through > 0;

-- SHA-256 of one item of a webhook, as JSON with sorted keys and plain Unicode, or as it came if it is no JSON.
ALTER TABLE event ADD COLUMN item_digest BLOB;

-- REPLACE deletes before it inserts, and an upsert updates: the triggers meet both.
CREATE TRIGGER leaf_is_the_last BEFORE INSERT ON leaf WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM leaf)
BEGIN
    SELECT RAISE(ABORT, 'a leaf comes behind all others');
END;
CREATE TRIGGER leaf_is_final BEFORE UPDATE ON leaf
BEGIN
    SELECT RAISE(ABORT, 'a leaf does not change');
END;
CREATE TRIGGER leaf_stays BEFORE DELETE ON leaf
BEGIN
    SELECT RAISE(ABORT, 'a leaf does not go');
END;
CREATE TRIGGER leaf_secret_is_new BEFORE INSERT ON leaf_secret
WHEN EXISTS (SELECT 1 FROM leaf_secret WHERE position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'a leaf has one secret');
END;
CREATE TRIGGER leaf_secret_is_final BEFORE UPDATE ON leaf_secret
BEGIN
    SELECT RAISE(ABORT, 'the secret of a leaf does not change');
END;
CREATE TRIGGER ledger_tile_is_final BEFORE UPDATE ON ledger_tile
BEGIN
    SELECT RAISE(ABORT, 'a part of the tree does not change');
END;
CREATE TRIGGER ledger_tile_stays BEFORE DELETE ON ledger_tile
BEGIN
    SELECT RAISE(ABORT, 'a part of the tree does not go');
END;
CREATE TRIGGER ledger_thread_is_final BEFORE UPDATE ON ledger_thread
BEGIN
    SELECT RAISE(ABORT, 'the name of a conversation in the ledger does not change');
END;
CREATE TRIGGER ledger_thread_stays BEFORE DELETE ON ledger_thread
BEGIN
    SELECT RAISE(ABORT, 'the name of a conversation in the ledger does not go');
END;
CREATE TRIGGER ledger_key_is_final BEFORE UPDATE ON ledger_key
BEGIN
    SELECT RAISE(ABORT, 'a key that has signed does not change');
END;
CREATE TRIGGER ledger_key_stays BEFORE DELETE ON ledger_key
BEGIN
    SELECT RAISE(ABORT, 'a key that has signed does not go');
END;
CREATE TRIGGER checkpoint_is_final BEFORE UPDATE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint does not change');
END;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint does not go');
END;
