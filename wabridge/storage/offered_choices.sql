-- name: add
INSERT INTO offered_choice (choice_id, message_id, position, title)
VALUES (:choice_id, :message_id, :position, :title)
ON CONFLICT (choice_id) DO NOTHING;

-- name: find_many
SELECT o.choice_id, o.message_id, o.position, o.title, coalesce(c.joined_to, c.id) AS conversation_id
FROM offered_choice AS o
JOIN message AS m ON m.id = o.message_id
JOIN conversation AS c ON c.id = m.conversation_id
WHERE o.choice_id IN (SELECT value FROM json_each(:choice_ids));
