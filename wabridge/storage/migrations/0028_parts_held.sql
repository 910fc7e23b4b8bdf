-- What one request queued together: each message but the first names the first.
ALTER TABLE message ADD COLUMN queued_with INTEGER REFERENCES message (id);
UPDATE message SET queued_with = part_of WHERE part_of IS NOT NULL;
CREATE INDEX message_queued_with ON message (queued_with) WHERE queued_with IS NOT NULL;

-- A person decided that a part goes although earlier ones of its text did not. through_id: the last of those that they knew of.
CREATE TABLE part_release (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    through_id INTEGER NOT NULL REFERENCES message (id)
) STRICT;

-- Parts of a text that are still to go, with each earlier part that did not go for certain and that nobody has let pass: while there is
-- one, the part waits. Computed, so that whatever a report says later counts at once.
CREATE VIEW held_part AS
SELECT
    part.id AS message_id, broken.id AS broken_id, broken.status <> 'unknown' OR broken.closed_as IS broken.status AS is_decided
FROM message AS part
JOIN message AS broken ON broken.id < part.id AND (broken.id = part.part_of OR broken.part_of = part.part_of)
WHERE part.part_of IS NOT NULL AND (part.status = 'pending' OR part.resends)
AND broken.status IN ('failed', 'unknown', 'cancelled')
AND broken.id > coalesce((SELECT through_id FROM part_release WHERE part_release.message_id = part.id), 0);
