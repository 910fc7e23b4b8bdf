-- name: list_overdue
-- What has waited too long and nobody was told of yet.
SELECT id, conversation_id
FROM message INDEXED BY message_waiting
WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL AND +number_id = :number_id
AND waited_from_at < :waiting_since
AND NOT EXISTS (SELECT 1 FROM notification AS n WHERE n.message_id = message.id AND n.kind IN ('overdue', 'unknown') AND n.kind = 'overdue')
ORDER BY id
LIMIT :limit;

-- name: list_undecided
-- What is unknown for longer than Meta's time to report, has no further attempt to come, and nobody was told of or has decided about yet.
SELECT id, conversation_id
FROM message INDEXED BY message_waiting
WHERE status IN ('pending', 'unknown') AND status = 'unknown' AND decision_id IS NULL AND +number_id = :number_id
AND id NOT IN (SELECT message_id FROM second_try WHERE closed_at IS NULL)
AND NOT EXISTS (
    SELECT 1 FROM attempt
    WHERE attempt.message_id = message.id AND attempt.outcome IN ('open', 'unknown') AND attempt.opened_at > :asked_before
    AND attempt.opened_at <= :now
)
AND NOT EXISTS (SELECT 1 FROM notification AS n WHERE n.message_id = message.id AND n.kind IN ('overdue', 'unknown') AND n.kind = 'unknown')
ORDER BY id
LIMIT :limit;

-- name: add_told
INSERT INTO notification (kind, conversation_id, message_id, created_at)
VALUES (:kind, :conversation_id, :message_id, :now)
ON CONFLICT (message_id, kind) WHERE kind IN ('overdue', 'unknown') DO NOTHING;
