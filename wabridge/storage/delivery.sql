-- name: read_many__messages
SELECT id, conversation_id, status, conflict, failure_code, failure_details, author_kind
FROM message
WHERE id IN (SELECT value FROM json_each(:message_ids)) AND direction = 'outbound'
ORDER BY id;

-- name: read_many__attempts
SELECT id, message_id, outcome, accepted_at, refusal_is_final, code, reason
FROM attempt
WHERE message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY id;

-- name: read_many__events
SELECT
    s.attempt_id, s.message_id, s.status, s.reported_at, s.code, s.title, s.details,
    e.arrived_at, e.last_arrived_at, e.repeats
FROM status_event AS s
JOIN event AS e ON e.id = s.event_id
WHERE s.attempt_id IN (SELECT value FROM json_each(:attempt_ids))
ORDER BY s.id;

-- name: read_many__events_of_echoes
SELECT
    s.attempt_id, s.message_id, s.status, s.reported_at, s.code, s.title, s.details,
    e.arrived_at, e.last_arrived_at, e.repeats
FROM status_event AS s
JOIN event AS e ON e.id = s.event_id
WHERE s.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY s.id;

-- name: refresh_many
UPDATE message SET
    status = :status,
    conflict = :conflict,
    failure_code = :failure_code,
    failure_details = :failure_details,
    hold = CASE WHEN :status = 'pending' THEN hold END
WHERE id = :message_id;
