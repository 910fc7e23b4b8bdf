-- name: list_waiting
-- What waits in a conversation and in what was joined to it, in its order, with what the last attempt of each has brought.
SELECT
    m.id, m.status, m.resends, m.not_before_at, m.number_id, last.outcome, last.code,
    -- What a person has decided about keeps nobody waiting any more.
    CASE WHEN last.id > coalesce(d.after_attempt, 0) THEN last.opened_at END AS opened_at,
    u.outcome AS upload_outcome, u.code AS upload_code,
    EXISTS (SELECT 1 FROM second_try AS s WHERE s.message_id = m.id AND s.closed_at IS NULL) AS has_second_try
FROM message AS m
LEFT JOIN attempt AS last ON last.id = (SELECT max(id) FROM attempt WHERE message_id = m.id)
LEFT JOIN upload AS u ON u.id = (
    SELECT max(upload.id) FROM media JOIN upload ON upload.media_id = media.id WHERE media.message_id = m.id
)
LEFT JOIN decision AS d ON d.id = m.decision_id
WHERE m.conversation_id IN (SELECT id FROM conversation WHERE id = :conversation_id OR joined_to = :conversation_id)
AND m.status IN ('pending', 'unknown') AND m.hold IS NULL
AND (m.part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = m.id))
ORDER BY m.id;
