-- name: add_many
INSERT INTO postponed_webhook (webhook_id, arrived_at)
SELECT id, arrived_at FROM webhook WHERE id = ?
ON CONFLICT (webhook_id) DO NOTHING;

-- name: find_oldest
SELECT id, arrived_at, body
FROM webhook
WHERE id = (SELECT min(webhook_id) FROM postponed_webhook);

-- name: remove
DELETE FROM postponed_webhook WHERE webhook_id = ?;
