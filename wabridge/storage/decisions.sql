-- name: add
-- The newest attempt is the one that counts: what is handed over afterwards follows from this decision.
INSERT INTO decision (message_id, kind, at, actor_kind, actor_id, actor_name, after_attempt, status, note)
VALUES (
    :message_id, :kind, :now, :actor_kind, :actor_id, :actor_name,
    (SELECT coalesce(max(id), 0) FROM attempt WHERE attempt.message_id = :message_id), :status, :note
)
RETURNING id;

-- name: set_resend
UPDATE message
SET decision_id = :decision_id, closed_as = NULL, tries = 0, waited_from_at = :now, not_before_at = NULL, undo_until_at = NULL
WHERE id = :message_id;

-- name: set_closed
UPDATE message
SET decision_id = :decision_id, closed_as = :status
WHERE id = :message_id;

-- name: find_newest
SELECT kind, actor_kind, actor_id, at, actor_name, note, status,
    (SELECT count(*) FROM attempt AS a WHERE a.message_id = d.message_id AND a.id <= d.after_attempt) AS after_attempts
FROM decision AS d
WHERE d.message_id = :message_id
ORDER BY d.id DESC
LIMIT 1;

-- name: list_for
SELECT d.message_id, d.kind, d.actor_kind, d.at, d.actor_name, d.note, d.status,
    (SELECT count(*) FROM attempt AS a WHERE a.message_id = d.message_id AND a.id <= d.after_attempt) AS after_attempts
FROM decision AS d
WHERE d.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY d.id;

-- name: list_likenesses
-- Failures without a token to somebody of whom a send was unknown then. The remark keeps pointing there after it was seen.
SELECT n.message_id, s.reported_at, s.arrived_at, s.code, s.title
FROM notification AS n
JOIN status_event AS s ON s.event_id = n.event_id
WHERE n.kind = 'possible_match' AND n.message_id IN (SELECT value FROM json_each(:message_ids)) AND s.attempt_id IS NULL
ORDER BY n.id;
