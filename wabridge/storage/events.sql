-- name: add_many
-- Taking the same webhook a second time, after a crash, is no repeat.
INSERT INTO event (webhook_id, pointer, kind, key, state, arrived_at, settled_at, last_arrived_at, payload, is_backlog, item_digest)
VALUES (:webhook_id, :pointer, :kind, :key, :state, :arrived_at, :settled_at, :arrived_at, :payload, :is_backlog, :item_digest)
ON CONFLICT (key) DO UPDATE SET
    repeats = repeats + 1,
    is_backlog = min(is_backlog, excluded.is_backlog),
    last_arrived_at = max(last_arrived_at, excluded.last_arrived_at)
WHERE webhook_id <> excluded.webhook_id OR pointer <> excluded.pointer;

-- name: list_lane
SELECT id, payload, arrived_at, settled_at, state, is_backlog
FROM event
WHERE kind = :kind AND is_backlog = :is_backlog AND state = 'new'
ORDER BY id
LIMIT :limit;

-- name: get
SELECT id, payload, arrived_at, settled_at, state, is_backlog
FROM event
WHERE id = :event_id;

-- name: settle
UPDATE event
SET state = :state, reason = :reason, settled_at = :now
WHERE id = :event_id;

-- name: find_oldest_new
-- One step into the index per kind. What was put back waits since then, however long ago it came.
SELECT min(waits_since) AS waits_since
FROM (
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'message' AND is_backlog = 0 AND state = 'new' ORDER BY id LIMIT 1
    ) AS waits_since
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'status' AND is_backlog = 0 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'account' AND is_backlog = 0 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'unreadable' AND is_backlog = 0 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (SELECT arrived_at FROM webhook WHERE id > :watermark ORDER BY id LIMIT 1)
);

-- name: find_oldest_backlog
SELECT min(waits_since) AS waits_since
FROM (
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'message' AND is_backlog = 1 AND state = 'new' ORDER BY id LIMIT 1
    ) AS waits_since
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'status' AND is_backlog = 1 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'account' AND is_backlog = 1 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT coalesce(settled_at, arrived_at) FROM event
        WHERE kind = 'unreadable' AND is_backlog = 1 AND state = 'new' ORDER BY id LIMIT 1
    )
    UNION ALL
    SELECT (SELECT arrived_at FROM postponed_webhook ORDER BY webhook_id LIMIT 1)
);
