-- What was written elsewhere, as it seemed when it came, and turned out to be a message of ours: it stays as it came, behind that one.
ALTER TABLE message ADD COLUMN same_as INTEGER REFERENCES message (id);
CREATE INDEX message_behind ON message (same_as) WHERE same_as IS NOT NULL;
CREATE TRIGGER message_is_the_same_for_ever BEFORE UPDATE OF same_as ON message
WHEN OLD.same_as IS NOT NULL AND NEW.same_as IS NOT OLD.same_as
BEGIN
    SELECT RAISE(ABORT, 'a message stands behind one other');
END;
