-- name: newest
SELECT id FROM webhook ORDER BY id DESC LIMIT 1;

-- name: add
INSERT INTO webhook (id, arrived_at, monotonic_ns, boot_id, secret_name, digest, headers, peer, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- The id comes from the cache of bodies, which promises nothing.
-- name: note_repeat
INSERT INTO webhook_repeat (webhook_id, arrived_at) SELECT id, ? FROM webhook WHERE id = ?;

-- name: note_refusal
INSERT INTO refusal (minute, refused) VALUES (?, ?)
ON CONFLICT (minute) DO UPDATE SET refused = refused + excluded.refused;

-- name: list_after__sizes
SELECT id, length(body) AS bytes FROM webhook WHERE id > ? ORDER BY id LIMIT ?;

-- name: list_after
SELECT id, arrived_at, body FROM webhook WHERE id > ? AND id <= ? AND length(body) <= ? ORDER BY id;

-- name: get_body
SELECT body FROM webhook WHERE id = ?;

-- name: refusals_since
SELECT coalesce(sum(refused), 0) AS refused FROM refusal WHERE minute >= ?;
