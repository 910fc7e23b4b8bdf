-- What a scope of evidence holds.

-- name: list_conversations
-- Conversations with what was joined to them.
SELECT DISTINCT part.id
FROM conversation AS asked
JOIN conversation AS part ON part.id = coalesce(asked.joined_to, asked.id) OR part.joined_to = coalesce(asked.joined_to, asked.id)
WHERE asked.id IN (SELECT value FROM json_each(:conversation_ids))
ORDER BY part.id;

-- name: list_in_period
SELECT id
FROM message
WHERE conversation_id IN (SELECT value FROM json_each(:conversation_ids))
AND (:from_at IS NULL OR written_at >= :from_at) AND (:until_at IS NULL OR written_at < :until_at)
ORDER BY written_at, id;

-- name: count_around
SELECT
    coalesce(sum(:from_at IS NOT NULL AND written_at < :from_at), 0) AS earlier,
    coalesce(sum(:until_at IS NOT NULL AND written_at >= :until_at), 0) AS later
FROM message
WHERE conversation_id IN (SELECT value FROM json_each(:conversation_ids));

-- name: count_messages
SELECT coalesce(sum(direction = 'inbound'), 0) AS inbound, coalesce(sum(direction = 'outbound'), 0) AS outbound
FROM message
WHERE id IN (SELECT value FROM json_each(:message_ids));

-- name: count_files
SELECT count(*) AS files, coalesce(sum(state <> 'stored'), 0) AS missing
FROM media
WHERE message_id IN (SELECT value FROM json_each(:message_ids));

-- name: count_shared
-- Messages whose webhook holds items that are not of these messages.
SELECT count(*) AS shared
FROM message AS m
JOIN event AS e ON e.id = m.event_id
WHERE m.id IN (SELECT value FROM json_each(:message_ids))
AND EXISTS (
    SELECT 1
    FROM event AS beside
    LEFT JOIN message AS other ON other.event_id = beside.id
    WHERE beside.webhook_id = e.webhook_id AND beside.id <> e.id
    AND (other.id IS NULL OR other.id NOT IN (SELECT value FROM json_each(:message_ids)))
);

-- name: list_notices
SELECT notice_id FROM notice_message WHERE message_id IN (SELECT value FROM json_each(:message_ids))
UNION
SELECT notice_id FROM notice_event WHERE message_id IN (SELECT value FROM json_each(:message_ids));
