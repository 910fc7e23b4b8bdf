-- Who a person is, by every identity seen.

-- An identity leads to one contact at a time. A phone number that passes to somebody else keeps its row where it was (moved_at) and gets
-- another one where it is. A username leads nowhere: it can be changed, and taken over.
CREATE TABLE identity_anew (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    origin_id INTEGER REFERENCES contact (id),     -- whose it was before two contacts were joined
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'user_id', 'parent_user_id', 'username')),
    value TEXT NOT NULL,
    learned TEXT NOT NULL CHECK (learned IN ('message', 'status', 'system', 'hand', 'card')),
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    confirmed_at INTEGER,              -- WhatsApp itself showed it; NULL while only a person said so
    replaced_at INTEGER,               -- another one took its place; in use again if it was seen later
    moved_at INTEGER                   -- passed to another contact: does not lead here any more
) STRICT;
INSERT INTO identity_anew (id, contact_id, kind, value, learned, first_seen_at, last_seen_at, confirmed_at)
SELECT id, contact_id, kind, value, 'message', first_seen_at, last_seen_at, first_seen_at FROM identity;
DROP TABLE identity;
ALTER TABLE identity_anew RENAME TO identity;
CREATE UNIQUE INDEX identity_holder ON identity (kind, value) WHERE moved_at IS NULL AND kind <> 'username';
CREATE INDEX identity_contact ON identity (contact_id, kind, value);

-- name: what a person calls themselves on WhatsApp; given_name: what the office calls them.
ALTER TABLE contact ADD COLUMN given_name TEXT;
-- Two contacts turned out to be one person: this one is read as part of the other.
ALTER TABLE contact ADD COLUMN joined_to INTEGER REFERENCES contact (id);
CREATE INDEX contact_joined ON contact (joined_to) WHERE joined_to IS NOT NULL;
ALTER TABLE conversation ADD COLUMN joined_to INTEGER REFERENCES conversation (id);
CREATE INDEX conversation_joined ON conversation (joined_to) WHERE joined_to IS NOT NULL;

-- Something about who a person is has changed, and a person has to make sure. Resolved once, and never changed after that.
CREATE TABLE identity_alert (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    origin_id INTEGER REFERENCES contact (id),     -- whose it was before two contacts were joined
    kind TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    other_contact_id INTEGER REFERENCES contact (id),
    event_id INTEGER REFERENCES event (id),
    happened_at INTEGER NOT NULL,      -- Meta's time
    raised_at INTEGER NOT NULL,
    resolved_at INTEGER,
    resolution TEXT CHECK (resolution IN ('call', 'visit', 'other')),
    note TEXT,
    actor_kind TEXT,
    actor_id INTEGER,
    actor_name TEXT,
    CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
    CHECK ((resolved_at IS NULL) = (actor_name IS NULL))
) STRICT;
CREATE INDEX identity_alert_contact ON identity_alert (contact_id);
CREATE INDEX identity_alert_open ON identity_alert (contact_id, id) WHERE resolved_at IS NULL;

-- Until now it was a notification, which anybody could take down.
INSERT INTO identity_alert (contact_id, kind, event_id, happened_at, raised_at)
SELECT c.contact_id, 'other_account', n.event_id, n.created_at, n.created_at
FROM notification AS n
JOIN conversation AS c ON c.id = n.conversation_id
WHERE n.kind = 'identity_changed' AND n.seen_at IS NULL AND c.contact_id IS NOT NULL;
UPDATE notification SET seen_at = created_at WHERE kind = 'identity_changed' AND seen_at IS NULL;

-- Somebody was asked and let this message go in spite of every alert up to this one.
CREATE TABLE clearance (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    alert_id INTEGER NOT NULL REFERENCES identity_alert (id)
) STRICT;
CREATE INDEX clearance_alert ON clearance (alert_id);

CREATE TRIGGER identity_alert_is_final
BEFORE UPDATE OF id, kind, old_value, new_value, event_id, happened_at, raised_at ON identity_alert
BEGIN
    SELECT RAISE(ABORT, 'what raised an alert does not change');
END;
CREATE TRIGGER identity_alert_is_resolved_once
BEFORE UPDATE OF resolved_at, resolution, note, actor_kind, actor_id, actor_name ON identity_alert
WHEN OLD.resolved_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an alert is resolved once');
END;
CREATE TRIGGER identity_alert_stays BEFORE DELETE ON identity_alert
BEGIN
    SELECT RAISE(ABORT, 'an alert does not go');
END;
