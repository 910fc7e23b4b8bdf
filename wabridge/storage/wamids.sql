-- name: find
-- What came from outside has its wamid itself; what we send has that of its newest attempt that Meta took.
SELECT
    m.conversation_id, m.kind, m.direction, m.written_at, e.payload,
    (SELECT a.recipient FROM attempt AS a WHERE a.message_id = m.id AND a.wamid IS NOT NULL ORDER BY a.id DESC LIMIT 1) AS recipient,
    coalesce(
        m.wamid,
        (SELECT a.wamid FROM attempt AS a WHERE a.message_id = m.id AND a.wamid IS NOT NULL ORDER BY a.id DESC LIMIT 1)
    ) AS wamid
FROM message AS m
LEFT JOIN event AS e ON e.id = m.event_id
WHERE m.id = :message_id;
