-- The first schema. Times ending in _at are microseconds since 1970 UTC.
-- What invariant 12 keeps is append-only: webhook, attempt's request, status_event.

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every webhook body whose signature was right, byte for byte.
CREATE TABLE webhook (
    id INTEGER PRIMARY KEY,
    arrived_at INTEGER NOT NULL,
    monotonic_ns INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    secret_name TEXT NOT NULL,         -- which app secret verified it: a fingerprint, never the secret
    digest BLOB NOT NULL,              -- SHA-256 of the body
    headers BLOB NOT NULL,             -- JSON list of [name, value], as received
    peer TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- The same body, delivered again.
CREATE TABLE webhook_repeat (
    webhook_id INTEGER NOT NULL REFERENCES webhook (id),
    arrived_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_repeat_webhook ON webhook_repeat (webhook_id);

-- Refused signatures: nothing but a count a minute.
CREATE TABLE refusal (
    minute INTEGER PRIMARY KEY,        -- minutes since 1970
    refused INTEGER NOT NULL
) STRICT;

-- One row per item of a webhook. key: 4 bytes of Meta's time, then an HMAC of what makes the item the same item.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    webhook_id INTEGER NOT NULL REFERENCES webhook (id),
    pointer TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'status', 'account', 'unreadable')),
    key BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('new', 'done', 'quarantined', 'foreign')),
    reason TEXT,
    arrived_at INTEGER NOT NULL,
    settled_at INTEGER,
    repeats INTEGER NOT NULL DEFAULT 0,
    last_arrived_at INTEGER NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX event_new ON event (kind, id) WHERE state = 'new';
CREATE INDEX event_quarantined ON event (id) WHERE state = 'quarantined';
CREATE INDEX event_webhook ON event (webhook_id);

-- Our own numbers.
CREATE TABLE number (
    id INTEGER PRIMARY KEY,
    phone_number_id TEXT NOT NULL UNIQUE,
    paused_at INTEGER,
    paused_reason TEXT,
    paused_token TEXT,                 -- fingerprint of the access token Meta refused
    paused_code INTEGER
) STRICT;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('lead', 'client', 'former', 'other')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'user_id')),
    value TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (kind, value)
) STRICT;
CREATE INDEX identity_contact ON identity (contact_id);

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    number_id INTEGER NOT NULL REFERENCES number (id),
    contact_id INTEGER REFERENCES contact (id),
    group_id TEXT,
    unread INTEGER NOT NULL DEFAULT 0,
    last_activity_at INTEGER NOT NULL,
    last_message_id INTEGER,
    window_opened_at INTEGER,          -- newest opening message, by Meta's time
    window_is_doubtful INTEGER NOT NULL DEFAULT 0,
    UNIQUE (number_id, contact_id),
    UNIQUE (number_id, group_id),
    CHECK ((contact_id IS NULL) <> (group_id IS NULL))
) STRICT;
CREATE INDEX conversation_inbox ON conversation (unread > 0 DESC, last_activity_at DESC, id DESC);
CREATE INDEX conversation_contact ON conversation (contact_id);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    number_id INTEGER NOT NULL REFERENCES number (id),
    direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    kind TEXT NOT NULL,
    text TEXT,
    content BLOB,                      -- JSON, for kinds other than text
    quoted_wamid TEXT,
    written_at INTEGER NOT NULL,       -- Meta's time inbound, ours outbound
    is_doubtful INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    -- inbound
    wamid TEXT,
    event_id INTEGER REFERENCES event (id),
    -- outbound
    author_kind TEXT CHECK (author_kind IN ('staff', 'token', 'rule', 'operator')),
    author_id INTEGER,
    author_name TEXT,
    status TEXT CHECK (status IN ('pending', 'unknown', 'sent', 'delivered', 'read', 'failed', 'cancelled')),
    conflict INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    not_before_at INTEGER,
    waited_from_at INTEGER,            -- when it could first have gone: creation, or the moment a person let it go on
    hold TEXT CHECK (hold IN ('late', 'restored')),
    failure_code INTEGER,
    failure_details TEXT,
    UNIQUE (number_id, wamid),
    CHECK ((direction = 'outbound') = (status IS NOT NULL)),
    CHECK ((direction = 'outbound') = (author_kind IS NOT NULL))
) STRICT;
CREATE INDEX message_conversation ON message (conversation_id, written_at, id);
CREATE INDEX message_waiting ON message (conversation_id, id) WHERE status IN ('pending', 'unknown');

-- Another content that came under the same wamid: an upgrade of a placeholder, or a contradiction.
CREATE TABLE message_version (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    event_id INTEGER NOT NULL REFERENCES event (id),
    relation TEXT NOT NULL CHECK (relation IN ('replaced', 'conflicting')),
    kind TEXT NOT NULL,
    text TEXT,
    content BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX message_version_message ON message_version (message_id);

-- One handing-over to Meta: written before the call, settled once by what is known of it.
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    number_id INTEGER NOT NULL REFERENCES number (id),
    token TEXT NOT NULL UNIQUE,        -- callback data of its own: 'a:' and 128 random bits
    recipient TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    monotonic_ns INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    request_url TEXT NOT NULL,
    request_body BLOB NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'accepted', 'refused', 'not_sent', 'unknown')),
    reason TEXT,
    settled_at INTEGER,
    settled_by TEXT CHECK (settled_by IN ('answer', 'status', 'restart', 'staff')),
    accepted_at INTEGER,
    wamid TEXT,
    code INTEGER,
    refusal_is_final INTEGER NOT NULL DEFAULT 0,
    response_status INTEGER,
    response_headers BLOB,
    response_body BLOB,
    UNIQUE (number_id, wamid)
) STRICT;
CREATE INDEX attempt_message ON attempt (message_id);
CREATE INDEX attempt_open ON attempt (id) WHERE outcome IN ('open', 'unknown');

-- Every delivery status, for ever. attempt_id is NULL while nobody knows whose it is.
CREATE TABLE status_event (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL UNIQUE REFERENCES event (id),
    attempt_id INTEGER REFERENCES attempt (id),
    number_id INTEGER NOT NULL REFERENCES number (id),
    wamid TEXT NOT NULL,
    token TEXT,
    recipient TEXT,
    status TEXT NOT NULL,
    reported_at INTEGER,
    arrived_at INTEGER NOT NULL,
    code INTEGER,
    title TEXT,
    details TEXT
) STRICT;
CREATE INDEX status_event_attempt ON status_event (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX status_event_waiting ON status_event (number_id, wamid) WHERE attempt_id IS NULL;

-- Something staff should know. seen_at: somebody said so.
CREATE TABLE notification (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    conversation_id INTEGER REFERENCES conversation (id),
    message_id INTEGER REFERENCES message (id),
    event_id INTEGER REFERENCES event (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER,
    seen_by INTEGER
) STRICT;
CREATE INDEX notification_open ON notification (kind, id) WHERE seen_at IS NULL;
CREATE INDEX notification_conversation ON notification (conversation_id, kind) WHERE seen_at IS NULL;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'lawyer', 'assistant')),
    language TEXT NOT NULL CHECK (language IN ('id', 'en')),
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX session_staff ON session (staff_id);

CREATE TABLE signin_link (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE TABLE signin_failure (
    id INTEGER PRIMARY KEY,
    account_hash BLOB NOT NULL,        -- HMAC of the login, known or not
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX signin_failure_at ON signin_failure (at);

CREATE TABLE api_token (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- One key, one message: form tokens of pages, Idempotency-Key of the API.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,               -- 'staff:3' or 'token:5'
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Who did what: every change made by a person, a token, or the program on its own account.
CREATE TABLE act (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX act_subject ON act (subject_kind, subject_id);

-- REPLACE deletes before it inserts, so what stays for ever needs a trigger against DELETE as well as one against UPDATE.
CREATE TRIGGER webhook_is_final BEFORE UPDATE ON webhook
BEGIN
    SELECT RAISE(ABORT, 'a stored webhook does not change');
END;
CREATE TRIGGER webhook_stays BEFORE DELETE ON webhook
BEGIN
    SELECT RAISE(ABORT, 'a stored webhook does not go');
END;
CREATE TRIGGER act_is_final BEFORE UPDATE ON act
BEGIN
    SELECT RAISE(ABORT, 'a recorded act does not change');
END;
CREATE TRIGGER act_stays BEFORE DELETE ON act
BEGIN
    SELECT RAISE(ABORT, 'a recorded act does not go');
END;
CREATE TRIGGER attempt_request_is_final
BEFORE UPDATE OF message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url, request_body ON attempt
BEGIN
    SELECT RAISE(ABORT, 'what was handed over does not change');
END;
CREATE TRIGGER attempt_response_is_final
BEFORE UPDATE OF response_status, response_headers, response_body ON attempt
WHEN OLD.response_status IS NOT NULL
    AND (OLD.response_status, OLD.response_headers, OLD.response_body)
        IS NOT (NEW.response_status, NEW.response_headers, NEW.response_body)
BEGIN
    SELECT RAISE(ABORT, 'what was answered does not change');
END;
CREATE TRIGGER attempt_wamid_is_final BEFORE UPDATE OF wamid ON attempt WHEN OLD.wamid IS NOT NULL AND NEW.wamid IS NOT OLD.wamid
BEGIN
    SELECT RAISE(ABORT, 'an attempt has one wamid');
END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt
BEGIN
    SELECT RAISE(ABORT, 'an attempt does not go');
END;
CREATE TRIGGER status_event_is_final
BEFORE UPDATE OF event_id, number_id, wamid, token, recipient, status, reported_at, arrived_at, code, title, details ON status_event
BEGIN
    SELECT RAISE(ABORT, 'a status event does not change');
END;
CREATE TRIGGER status_event_has_one_attempt BEFORE UPDATE OF attempt_id ON status_event
WHEN OLD.attempt_id IS NOT NULL AND NEW.attempt_id IS NOT OLD.attempt_id
BEGIN
    SELECT RAISE(ABORT, 'a status event belongs to one attempt');
END;
CREATE TRIGGER status_event_stays BEFORE DELETE ON status_event WHEN OLD.attempt_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a status event of ours does not go');
END;
