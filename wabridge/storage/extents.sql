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
AND same_as IS NULL -- what turned out to be a message of ours is told with that one
ORDER BY written_at, id;

-- name: count_around
SELECT
    coalesce(sum(:from_at IS NOT NULL AND written_at < :from_at), 0) AS earlier,
    coalesce(sum(:until_at IS NOT NULL AND written_at >= :until_at), 0) AS later
FROM message
WHERE conversation_id IN (SELECT value FROM json_each(:conversation_ids)) AND same_as IS NULL;

-- name: count_messages
SELECT coalesce(sum(direction = 'inbound'), 0) AS inbound, coalesce(sum(direction = 'outbound'), 0) AS outbound
FROM message
WHERE id IN (SELECT value FROM json_each(:message_ids));

-- name: count_files
SELECT count(*) AS files, coalesce(sum(state <> 'stored'), 0) AS missing
FROM media
WHERE message_id IN (SELECT value FROM json_each(:message_ids));

-- name: count_beside
-- Other messages of the conversations of these messages, with what is read as one with them.
WITH shown (id) AS (SELECT value FROM json_each(:message_ids)),
asked (id) AS (
    SELECT DISTINCT coalesce(c.joined_to, c.id) FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE m.id IN (SELECT id FROM shown)
)
SELECT count(*) AS beside
FROM message
WHERE conversation_id IN (
    SELECT part.id FROM asked JOIN conversation AS part ON part.id = asked.id OR part.joined_to = asked.id
)
AND id NOT IN (SELECT id FROM shown) AND same_as IS NULL;

-- name: count_shared
-- Messages whose webhook holds items that are not of these messages.
WITH shown (id) AS (
    SELECT event_id FROM message WHERE id IN (SELECT value FROM json_each(:message_ids)) AND event_id IS NOT NULL
    UNION
    SELECT event_id FROM message WHERE same_as IN (SELECT value FROM json_each(:message_ids)) AND event_id IS NOT NULL
    UNION
    SELECT event_id FROM message_version WHERE message_id IN (SELECT value FROM json_each(:message_ids))
    UNION
    SELECT s.event_id FROM attempt AS a JOIN status_event AS s ON s.attempt_id = a.id
    WHERE a.message_id IN (SELECT value FROM json_each(:message_ids))
    UNION
    SELECT event_id FROM status_event WHERE message_id IN (SELECT value FROM json_each(:message_ids))
)
SELECT count(*) AS shared
FROM message AS m
JOIN event AS e ON e.id = m.event_id
WHERE m.id IN (SELECT value FROM json_each(:message_ids))
AND EXISTS (
    SELECT 1 FROM event AS beside WHERE beside.webhook_id = e.webhook_id AND beside.id NOT IN (SELECT id FROM shown)
);

-- name: find_shown
-- The message that is told in place of one: itself, or the one that it turned out to be.
SELECT coalesce(same_as, id) AS id FROM message WHERE id = :message_id;

-- name: list_notices
SELECT notice_id FROM notice_message WHERE message_id IN (SELECT value FROM json_each(:message_ids))
UNION
SELECT notice_id FROM notice_event WHERE message_id IN (SELECT value FROM json_each(:message_ids));
