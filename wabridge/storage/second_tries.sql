-- name: plan
INSERT INTO second_try (message_id, planned_at) VALUES (:message_id, :now)
ON CONFLICT (message_id) DO NOTHING;

-- name: close_all
UPDATE second_try SET closed_at = planned_at WHERE closed_at IS NULL;

-- name: close
UPDATE second_try SET closed_at = :now WHERE message_id = :message_id AND closed_at IS NULL;
