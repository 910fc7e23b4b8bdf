-- name: set_subject
INSERT INTO group_subject (number_id, group_id, subject, said_at, event_id)
VALUES (:number_id, :group_id, :subject, :said_at, :event_id)
ON CONFLICT (number_id, group_id) DO UPDATE SET
    subject = excluded.subject, said_at = excluded.said_at, event_id = excluded.event_id
WHERE excluded.said_at >= said_at;

-- name: find_many
SELECT c.id, c.group_id, g.subject
FROM conversation AS c
LEFT JOIN group_subject AS g ON g.number_id = c.number_id AND g.group_id = c.group_id
WHERE c.id IN (SELECT value FROM json_each(:conversation_ids)) AND c.group_id IS NOT NULL;

-- name: find_many__people
-- Who wrote last; looking further back would cost more than a name is worth.
SELECT author_name
FROM (
    SELECT author_name, written_at
    FROM message
    WHERE conversation_id = :conversation_id
    ORDER BY written_at DESC, id DESC
    LIMIT :messages
)
WHERE author_name IS NOT NULL
GROUP BY author_name
ORDER BY max(written_at) DESC
LIMIT :people;
