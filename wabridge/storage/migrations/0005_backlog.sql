-- What the phone app says: echoes, history, address book; and which webhooks may wait for live ones.

-- A message may now have been written by the office in the phone app, or by another party that holds the conversation. Of such a
-- message WhatsApp may say nothing at all: then it has no status, and can never wait to be sent. SQLite takes a CHECK away or loosens it only
-- by its text (sqlite.org/lang_altertable.html, section 7); copying a million messages for it would keep an office waiting, and what
-- other steps have added to the table would have to be known here.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'CHECK (author_kind IN (''staff'', ''token'', ''rule'', ''operator''))',
    'CHECK (author_kind IN (''staff'', ''token'', ''rule'', ''operator'', ''app'', ''partner''))'),
    'CHECK ((direction = ''outbound'') = (status IS NOT NULL))',
    'CHECK (direction = ''outbound'' OR status IS NULL)'),
    'CHECK ((direction = ''outbound'') = (author_kind IS NOT NULL))',
    'CHECK ((direction = ''outbound'') = (author_kind IS NOT NULL)),
    CHECK (status IS NOT NULL OR direction = ''inbound'' OR author_kind IN (''app'', ''partner''))')
WHERE type = 'table' AND name = 'message';
PRAGMA writable_schema = RESET;

-- source: how it came. phone_status: how far the phone app said it was when it handed its history over; Meta never reported that.
ALTER TABLE message ADD COLUMN source TEXT NOT NULL DEFAULT 'live' CHECK (source IN ('live', 'history', 'standby'));
ALTER TABLE message ADD COLUMN phone_status TEXT;

-- What was not written here is not sent from here, whatever else goes wrong.
CREATE TRIGGER message_of_others_is_not_sent BEFORE UPDATE OF status ON message
WHEN NEW.author_kind IN ('app', 'partner') AND NEW.status IN ('pending', 'unknown', 'cancelled')
BEGIN
    SELECT RAISE(ABORT, 'what was written elsewhere is not sent from here');
END;
CREATE TRIGGER message_of_others_is_not_queued BEFORE INSERT ON message
WHEN NEW.author_kind IN ('app', 'partner') AND NEW.status IN ('pending', 'unknown', 'cancelled')
BEGIN
    SELECT RAISE(ABORT, 'what was written elsewhere is not sent from here');
END;
CREATE TRIGGER message_of_others_has_no_attempt BEFORE INSERT ON attempt
WHEN (SELECT author_kind FROM message WHERE id = NEW.message_id) IN ('app', 'partner')
BEGIN
    SELECT RAISE(ABORT, 'what was written elsewhere is not sent from here');
END;

-- A status of such a message belongs to the message itself: nobody here has handed it over.
ALTER TABLE status_event ADD COLUMN message_id INTEGER REFERENCES message (id);
DROP INDEX status_event_waiting;
CREATE INDEX status_event_waiting ON status_event (number_id, wamid) WHERE attempt_id IS NULL AND message_id IS NULL;
CREATE INDEX status_event_message ON status_event (message_id) WHERE message_id IS NOT NULL;
CREATE TRIGGER status_event_has_one_message BEFORE UPDATE OF message_id ON status_event
WHEN OLD.message_id IS NOT NULL AND NEW.message_id IS NOT OLD.message_id
BEGIN
    SELECT RAISE(ABORT, 'a status event belongs to one message');
END;
CREATE TRIGGER status_event_of_a_message_stays BEFORE DELETE ON status_event WHEN OLD.message_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a status event of ours does not go');
END;

-- Live items first: what is backlog waits while there are any.
ALTER TABLE event ADD COLUMN is_backlog INTEGER NOT NULL DEFAULT 0;
DROP INDEX event_new;
CREATE INDEX event_new ON event (kind, is_backlog, id) WHERE state = 'new';

-- Large webhooks that the watermark has passed and that are not wholly cut into items yet.
CREATE TABLE postponed_webhook (
    webhook_id INTEGER PRIMARY KEY REFERENCES webhook (id),
    arrived_at INTEGER NOT NULL
) STRICT;

-- The phone app's address book: the office's own names for people, whether they have ever written or not. name is NULL for an entry that
-- was taken out: what was said of it earlier and comes later must not bring it back.
CREATE TABLE address_book (
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'user_id')),
    value TEXT NOT NULL,
    name TEXT,
    said_at INTEGER NOT NULL,          -- by the phone app
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- What the phone app told about handing over its history: how far it is, or that the office declined.
CREATE TABLE history_report (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL UNIQUE REFERENCES event (id),
    number_id INTEGER REFERENCES number (id), -- NULL: it came without saying which
    phase INTEGER,
    progress INTEGER,
    declined_code INTEGER,
    declined_title TEXT,
    arrived_at INTEGER NOT NULL
) STRICT;
CREATE INDEX history_report_number ON history_report (number_id, arrived_at);
