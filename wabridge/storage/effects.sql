-- name: read_many
-- Only within one conversation (or those that are read as one), and only upon messages that are no effects themselves. Everybody may react to
-- anything; only the side that wrote a message can change it or take it back. The plus keeps the planner from reading whole conversations.
SELECT t.id AS target_id, e.id AS id, e.kind, e.text, e.content, e.author_name, e.direction, e.status, e.written_at AS written_at
FROM message AS t
JOIN message AS e ON e.number_id = t.number_id AND e.target_wamid = t.wamid
WHERE t.id IN (SELECT value FROM json_each(:message_ids))
AND t.target_wamid IS NULL AND (e.kind = 'reaction' OR e.direction = t.direction) AND (
    +e.conversation_id = t.conversation_id
    OR (SELECT coalesce(joined_to, id) FROM conversation WHERE id = e.conversation_id)
        = (SELECT coalesce(joined_to, id) FROM conversation WHERE id = t.conversation_id)
)
UNION ALL
SELECT t.id, e.id AS id, e.kind, e.text, e.content, e.author_name, e.direction, e.status, e.written_at AS written_at
FROM attempt AS a
JOIN message AS t ON t.id = a.message_id
JOIN message AS e ON e.number_id = a.number_id AND e.target_wamid = a.wamid
WHERE a.message_id IN (SELECT value FROM json_each(:message_ids))
AND (e.kind = 'reaction' OR e.direction = 'outbound') AND (
    +e.conversation_id = t.conversation_id
    OR (SELECT coalesce(joined_to, id) FROM conversation WHERE id = e.conversation_id)
        = (SELECT coalesce(joined_to, id) FROM conversation WHERE id = t.conversation_id)
)
ORDER BY written_at, id;
