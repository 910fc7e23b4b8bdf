-- name: add_many
-- The same item a second time changes nothing: the event is its key.
INSERT INTO status_event (
    event_id, attempt_id, message_id, number_id, wamid, token, recipient, status, reported_at, arrived_at, code, title, details
)
VALUES (
    :event_id, :attempt_id, :message_id, :number_id, :wamid, :token, :recipient, :status, :reported_at, :arrived_at, :code, :title,
    :details
)
ON CONFLICT (event_id) DO NOTHING;

-- name: list_unrecorded
SELECT s.id
FROM status_event AS s
WHERE s.event_id IN (SELECT value FROM json_each(:event_ids))
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'status' AND leaf.subject_id = s.id)
ORDER BY s.id;

-- name: adopt
UPDATE status_event
SET attempt_id = :attempt_id
WHERE number_id = :number_id AND wamid = :wamid AND attempt_id IS NULL AND message_id IS NULL
RETURNING id;

-- name: adopt_for_echo
UPDATE status_event
SET message_id = :message_id
WHERE number_id = :number_id AND wamid = :wamid AND attempt_id IS NULL AND message_id IS NULL
RETURNING id;

-- name: adopt_from_echo
-- It keeps the message it was given to first.
UPDATE status_event
SET attempt_id = :attempt_id
WHERE message_id = :echo_id AND attempt_id IS NULL
RETURNING id;

-- name: count_waiting
SELECT count(*) AS waiting FROM status_event WHERE attempt_id IS NULL AND message_id IS NULL;

-- name: prune
DELETE FROM status_event
WHERE id IN (
    SELECT id FROM status_event
    WHERE attempt_id IS NULL AND message_id IS NULL AND arrived_at < :before
    LIMIT :limit
)
RETURNING id, event_id;
