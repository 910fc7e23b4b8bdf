-- name: list_for
-- What is shown comes first, then what else came under the same id, then the reports on it, each in the order it came.
SELECT found.part, e.id, e.kind, e.webhook_id, e.pointer, e.arrived_at, w.digest, w.body
FROM (
    SELECT 1 AS place, 'shown' AS part, event_id FROM message WHERE id = :message_id AND event_id IS NOT NULL
    UNION ALL
    SELECT 2, relation, event_id FROM message_version WHERE message_id = :message_id
    UNION ALL
    SELECT 3, 'status', s.event_id
    FROM attempt AS a
    JOIN status_event AS s ON s.attempt_id = a.id
    WHERE a.message_id = :message_id
) AS found
JOIN event AS e ON e.id = found.event_id
JOIN webhook AS w ON w.id = e.webhook_id
ORDER BY found.place, e.id
LIMIT :limit;

-- name: get_known
SELECT id FROM message WHERE id = :message_id;
