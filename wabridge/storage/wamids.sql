-- name: find
-- What came from outside has its wamid itself; what we send has that of its newest attempt that Meta took.
SELECT
    m.conversation_id, m.kind, m.direction, m.written_at,
    coalesce(
        m.wamid,
        (SELECT a.wamid FROM attempt AS a WHERE a.message_id = m.id AND a.wamid IS NOT NULL ORDER BY a.id DESC LIMIT 1)
    ) AS wamid
FROM message AS m
WHERE m.id = :message_id;
