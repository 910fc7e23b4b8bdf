-- name: plan
-- Once a person has decided about a message nothing happens to it by itself any more.
INSERT INTO second_try (message_id, planned_at)
SELECT :message_id, :now WHERE NOT EXISTS (SELECT 1 FROM decision WHERE decision.message_id = :message_id)
ON CONFLICT (message_id) DO NOTHING;

-- name: close_all
UPDATE second_try SET closed_at = planned_at WHERE closed_at IS NULL;

-- name: close
UPDATE second_try SET closed_at = :now WHERE message_id = :message_id AND closed_at IS NULL;
