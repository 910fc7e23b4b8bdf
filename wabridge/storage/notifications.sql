-- name: add
INSERT INTO notification (kind, conversation_id, message_id, event_id, created_at)
VALUES (:kind, :conversation_id, :message_id, :event_id, :now);

-- name: add_messages
INSERT INTO notification (kind, conversation_id, message_id, created_at)
VALUES ('message', :conversation_id, :message_id, :now);

-- name: add_for_author
INSERT INTO notification (kind, conversation_id, message_id, created_at, staff_id)
SELECT 'own_failed', m.conversation_id, m.id, :now, m.author_id
FROM message AS m
WHERE m.id = :message_id AND m.author_kind = 'staff' AND EXISTS (SELECT 1 FROM staff AS s WHERE s.id = m.author_id);

-- name: count_open
-- Nobody is told twice: what a person is told as the author is left out here.
SELECT count(*) AS open, min(created_at) AS since, min(conversation_id) AS conversation_id
FROM notification AS n
WHERE n.kind = :kind AND n.seen_at IS NULL
AND (:staff_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM notification AS own WHERE own.staff_id = :staff_id AND own.message_id = n.message_id
));

-- name: count_own
SELECT count(*) AS open, min(n.created_at) AS since, min(n.conversation_id) AS conversation_id, max(c.contact_id) AS contact_id
FROM notification AS n
JOIN conversation AS c ON c.id = n.conversation_id
WHERE n.staff_id = :staff_id AND n.seen_at IS NULL AND n.kind = 'own_failed';

-- name: set_seen_own
-- The author will see to it: the others need not be told any more.
UPDATE notification SET seen_at = :now, seen_by = :staff_id
WHERE seen_at IS NULL AND kind <> 'message' AND message_id IN (
    SELECT own.message_id FROM notification AS own
    WHERE own.staff_id = :staff_id AND own.kind = 'own_failed' AND own.seen_at IS NULL
)
AND (staff_id = :staff_id OR kind = 'failed');

-- name: set_decided
UPDATE notification SET seen_at = :now, seen_by = :staff_id
WHERE message_id = :message_id AND seen_at IS NULL AND kind <> 'message';

-- name: list_open
SELECT id, kind, conversation_id, message_id, event_id, created_at
FROM notification
WHERE kind = :kind AND seen_at IS NULL
ORDER BY id
LIMIT :limit;

-- name: set_seen
UPDATE notification SET seen_at = :now, seen_by = :staff_id WHERE kind = :kind AND seen_at IS NULL;

-- name: set_seen_of
UPDATE notification SET seen_at = :now WHERE kind = :kind AND message_id = :message_id AND seen_at IS NULL;

-- name: is_open_in
SELECT 1
FROM notification
WHERE conversation_id = :conversation_id AND kind = 'message' AND seen_at IS NULL
LIMIT 1

-- name: set_seen_in
-- A possible match stays until somebody has decided; reading the conversation is no decision.
UPDATE notification SET seen_at = :now, seen_by = :staff_id
WHERE conversation_id = :conversation_id AND kind = 'message' AND seen_at IS NULL;

-- name: add_for
INSERT INTO notification (kind, conversation_id, created_at, staff_id)
SELECT :kind, :conversation_id, :now, :staff_id
WHERE NOT EXISTS (
    SELECT 1 FROM notification AS n
    WHERE n.staff_id = :staff_id AND n.kind = :kind AND n.conversation_id = :conversation_id AND n.seen_at IS NULL
);

-- name: count_for
SELECT count(*) AS open, min(created_at) AS since, min(conversation_id) AS conversation_id
FROM notification
WHERE kind = :kind AND staff_id = :staff_id AND seen_at IS NULL;

-- name: set_seen_for
UPDATE notification SET seen_at = :now, seen_by = :staff_id WHERE kind = :kind AND staff_id = :staff_id AND seen_at IS NULL;
