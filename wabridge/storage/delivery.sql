-- name: read_many__messages
SELECT
    m.id, m.conversation_id, m.status, m.conflict, m.failure_code, m.failure_details, m.author_kind,
    d.kind AS decided, d.after_attempt
FROM message AS m
LEFT JOIN decision AS d ON d.id = m.decision_id
WHERE m.id IN (SELECT value FROM json_each(:message_ids)) AND m.direction = 'outbound'
ORDER BY m.id;

-- name: read_many__attempts
SELECT id, message_id, outcome, held, accepted_at, refusal_is_final, code, reason, opened_at, response_status, settled_by
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
    hold = CASE WHEN :status IN ('pending', 'unknown') THEN hold END,
    -- A decision to send again lapses when it turns out that the message got further: it must not come to life again later.
    decision_id = CASE WHEN :has_lapsed THEN NULL ELSE decision_id END,
    resends = :resends
WHERE id = :message_id;
