-- name: find_newest
-- The newest message of the person that came live and has an id of WhatsApp's; a call has another sort of id.
SELECT id, written_at
FROM message
WHERE conversation_id = :conversation_id AND written_at > :since AND direction = 'inbound' AND source = 'live' AND wamid LIKE 'wamid.%'
ORDER BY written_at DESC, id DESC
LIMIT 1;

-- name: want
INSERT INTO tick (conversation_id, message_id, wanted_at, is_typing)
VALUES (:conversation_id, :message_id, :now, :is_typing)
ON CONFLICT (conversation_id) DO UPDATE
SET message_id = excluded.message_id, wanted_at = excluded.wanted_at, is_typing = max(is_typing, excluded.is_typing);

-- name: is_any
SELECT 1 FROM tick LIMIT 1;

-- name: list_all
SELECT tick.conversation_id, tick.wanted_at, tick.is_typing, message.wamid, message.number_id
FROM tick
JOIN message ON message.id = tick.message_id
ORDER BY tick.wanted_at;

-- name: delete_all
DELETE FROM tick;
