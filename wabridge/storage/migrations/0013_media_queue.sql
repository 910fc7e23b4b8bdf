-- Files of the past come after all others, so their order stands in the index: looking for what is due was a sort of all that waits.

ALTER TABLE media ADD COLUMN is_past INTEGER NOT NULL DEFAULT 0;
UPDATE media SET is_past = 1 WHERE message_id IN (SELECT id FROM message WHERE source = 'history');

DROP INDEX media_waiting;
CREATE INDEX media_waiting ON media (is_past, tries, next_try_at) WHERE state = 'waiting';
CREATE INDEX media_expiring ON media (expires_at) WHERE state = 'waiting' AND alerted_at IS NULL;
