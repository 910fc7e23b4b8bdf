-- Legal notices: what was approved, what carried it, and everything that happened to it. Nothing of it changes but the two marks in `notice`.

-- number: the office's reference number, without gaps within a year. is_over, next_at: computed from the events; nothing more is awaited,
-- and when the follow-up has to look at it next.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    number TEXT NOT NULL UNIQUE,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    author_kind TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    author_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    is_over INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    UNIQUE (year, sequence)
) STRICT;
CREATE INDEX notice_open ON notice (id) WHERE is_over = 0;
CREATE INDEX notice_due ON notice (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_conversation ON notice (conversation_id);

-- What it says; a change is another version. content: the exact bytes that an approval freezes. document: JSON, of a stored file.
CREATE TABLE notice_version (
    id INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    matter TEXT NOT NULL,
    text TEXT NOT NULL,
    document BLOB,
    language TEXT NOT NULL CHECK (language IN ('id', 'en')),
    wanted TEXT NOT NULL CHECK (wanted IN ('delivered', 'displayed', 'confirmed')),
    deadline_at INTEGER,
    content BLOB NOT NULL,
    author_kind TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    author_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (notice_id, number)
) STRICT;

-- sha256: of the version's content. recipient: JSON, the identities that the approver was shown.
CREATE TABLE notice_approval (
    id INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    version_id INTEGER NOT NULL UNIQUE REFERENCES notice_version (id),
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    recipient BLOB NOT NULL,
    recipient_name TEXT NOT NULL,
    key_hash TEXT,
    alert_id INTEGER REFERENCES identity_alert (id)
) STRICT;
CREATE INDEX notice_approval_notice ON notice_approval (notice_id);

-- Which messages carry a notice, ask for an answer, or thank for it. nonce: what the buttons carry. salt, commitment: what the callback
-- token shows of the content; key_hash: what the recipient's keys must be when it is handed over.
CREATE TABLE notice_message (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    version_id INTEGER NOT NULL REFERENCES notice_version (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('notice', 'reminder', 'receipt')),
    nonce TEXT NOT NULL,
    salt BLOB NOT NULL,
    commitment TEXT NOT NULL,
    key_hash TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_message_notice ON notice_message (notice_id);
CREATE UNIQUE INDEX notice_message_receipt ON notice_message (notice_id) WHERE purpose = 'receipt';

CREATE TABLE notice_event (
    id INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    happened_at INTEGER,               -- by Meta's clock, or as somebody said
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    message_id INTEGER REFERENCES message (id),
    version_id INTEGER REFERENCES notice_version (id),
    word TEXT,
    objection TEXT,
    means TEXT,
    note TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    document BLOB,
    corrects INTEGER REFERENCES notice_event (id)
) STRICT;
CREATE INDEX notice_event_notice ON notice_event (notice_id);
CREATE UNIQUE INDEX notice_event_answer ON notice_event (notice_id, message_id) WHERE kind = 'answered';
CREATE UNIQUE INDEX notice_event_once ON notice_event (notice_id, kind) WHERE kind IN ('overdue', 'receipt', 'withdrawn');
CREATE UNIQUE INDEX notice_event_correction ON notice_event (corrects) WHERE corrects IS NOT NULL;

-- WhatsApp's fingerprint of a person's keys, while the identity check is switched on.
CREATE TABLE identity_key (
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    hash TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (contact_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER notice_is_final
BEFORE UPDATE OF id, year, sequence, number, conversation_id, contact_id, author_kind, author_id, author_name, created_at ON notice
BEGIN
    SELECT RAISE(ABORT, 'what makes a notice does not change');
END;
CREATE TRIGGER notice_stays BEFORE DELETE ON notice
BEGIN
    SELECT RAISE(ABORT, 'a notice does not go');
END;
CREATE TRIGGER notice_version_is_final BEFORE UPDATE ON notice_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a notice does not change');
END;
CREATE TRIGGER notice_version_stays BEFORE DELETE ON notice_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a notice does not go');
END;
CREATE TRIGGER notice_approval_is_final BEFORE UPDATE ON notice_approval
BEGIN
    SELECT RAISE(ABORT, 'an approval does not change');
END;
CREATE TRIGGER notice_approval_stays BEFORE DELETE ON notice_approval
BEGIN
    SELECT RAISE(ABORT, 'an approval does not go');
END;
CREATE TRIGGER notice_message_is_final BEFORE UPDATE ON notice_message
BEGIN
    SELECT RAISE(ABORT, 'what carries a notice does not change');
END;
CREATE TRIGGER notice_message_stays BEFORE DELETE ON notice_message
BEGIN
    SELECT RAISE(ABORT, 'what carries a notice does not go');
END;
CREATE TRIGGER notice_event_is_final BEFORE UPDATE ON notice_event
BEGIN
    SELECT RAISE(ABORT, 'what happened to a notice does not change');
END;
CREATE TRIGGER notice_event_stays BEFORE DELETE ON notice_event
BEGIN
    SELECT RAISE(ABORT, 'what happened to a notice does not go');
END;
