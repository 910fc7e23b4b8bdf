-- name: add
INSERT INTO notification (kind, conversation_id, message_id, event_id, created_at)
VALUES (:kind, :conversation_id, :message_id, :event_id, :now);

-- name: add_messages
INSERT INTO notification (kind, conversation_id, message_id, created_at)
VALUES ('message', :conversation_id, :message_id, :now);

-- name: count_open
SELECT count(*) AS open, min(created_at) AS since, min(conversation_id) AS conversation_id
FROM notification
WHERE kind = :kind AND seen_at IS NULL;

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
