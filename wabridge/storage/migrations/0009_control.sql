-- What people decide about messages on their way out.

-- One decision about a message that may have gone out, or did not: send it again, or close it with a note. after_attempt: the newest
-- attempt when it was made (0: none); a repetition is an attempt after that one. status: what was known of the message then.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    kind TEXT NOT NULL CHECK (kind IN ('resend', 'close')),
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    after_attempt INTEGER NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX decision_message ON decision (message_id);
CREATE TRIGGER decision_is_final BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision does not change');
END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision does not go');
END;

-- decision_id: the decision that counts now. resends: it says "send again", and nothing of that has reached Meta yet; computed with
-- the level (storage/delivery). closed_as: the status it was closed with; another status later is news. undo_until_at: so long the
-- author may take it back before it leaves.
ALTER TABLE message ADD COLUMN decision_id INTEGER;
ALTER TABLE message ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN closed_as TEXT;
ALTER TABLE message ADD COLUMN undo_until_at INTEGER;

-- Whatever comes of it: a decision to send again makes one attempt. Computing the level may say otherwise afterwards.
CREATE TRIGGER attempt_uses_up_the_decision AFTER INSERT ON attempt
BEGIN
    UPDATE message SET resends = 0 WHERE id = NEW.message_id AND resends = 1;
END;

-- What the worklist asks for; nothing but what waits is in these.
CREATE INDEX message_failed ON message (id) WHERE (status = 'failed' OR conflict = 1) AND closed_as IS NOT status;
CREATE INDEX message_on_its_way ON message (id) WHERE status = 'sent' AND closed_as IS NOT status;

-- All sending from a number stands still because a person said so. Meta's own refusals are kept with the number.
CREATE TABLE standstill (
    id INTEGER PRIMARY KEY,
    number_id INTEGER NOT NULL REFERENCES number (id),
    begun_at INTEGER NOT NULL,
    begun_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX standstill_now ON standstill (number_id) WHERE ended_at IS NULL;

-- staff_id: for this person alone, because it is about something they wrote.
ALTER TABLE notification ADD COLUMN staff_id INTEGER REFERENCES staff (id);
CREATE INDEX notification_own ON notification (staff_id, message_id) WHERE staff_id IS NOT NULL;
CREATE INDEX notification_message ON notification (message_id) WHERE seen_at IS NULL AND kind <> 'message';
CREATE INDEX notification_likeness ON notification (message_id) WHERE kind = 'possible_match';
