-- name: set_aside__reason
SELECT reason FROM event WHERE id = :event_id;

-- name: count
SELECT count(*) AS items FROM event WHERE state = 'quarantined';

-- name: count_unseen
-- An item that was applied meanwhile leaves the count by itself. A remark without an item stands for one.
SELECT
    count(DISTINCT coalesce(n.event_id, -n.id)) AS open,
    min(n.created_at) AS since,
    min(n.conversation_id) AS conversation_id
FROM notification AS n
WHERE n.kind = 'quarantined' AND n.seen_at IS NULL
AND (n.event_id IS NULL OR EXISTS (
    SELECT 1 FROM event AS e INDEXED BY event_quarantined WHERE e.id = n.event_id AND e.state = 'quarantined'
));

-- name: list_page
-- A placeholder that has got its content stands for nothing any more.
SELECT
    e.id, e.webhook_id, e.pointer, e.kind, e.reason, e.arrived_at, e.last_arrived_at, e.settled_at, e.repeats,
    m.id AS message_id, m.conversation_id
FROM event AS e
LEFT JOIN message AS m ON m.event_id = e.id AND m.kind = 'unreadable'
WHERE e.state = 'quarantined' AND e.id < :before
ORDER BY e.id DESC
LIMIT :limit;

-- name: find
SELECT
    e.id, e.webhook_id, e.pointer, e.kind, e.reason, e.arrived_at, e.last_arrived_at, e.settled_at, e.repeats,
    m.id AS message_id, m.conversation_id
FROM event AS e
LEFT JOIN message AS m ON m.event_id = e.id AND m.kind = 'unreadable'
WHERE e.state = 'quarantined' AND e.id = :event_id;

-- name: newest
SELECT max(id) AS newest FROM event WHERE state = 'quarantined';

-- name: list_chosen
SELECT id, webhook_id, pointer, kind, key, reason, arrived_at, payload
FROM event
WHERE state = 'quarantined' AND id > :after AND id <= :newest
AND (:event_id IS NULL OR id = :event_id)
AND (:reason IS NULL OR instr(lower(reason), lower(:reason)) > 0)
ORDER BY id
LIMIT :limit;

-- name: put_back
-- reason and settled_at stay until the worker has settled it anew: by them the worker knows that it is not the first to try.
UPDATE event
SET kind = :kind, key = :key, state = :state, payload = :payload, settled_at = :now, is_backlog = :is_backlog
WHERE id = :event_id AND state = 'quarantined'
AND NOT EXISTS (SELECT 1 FROM event AS other WHERE other.key = :key AND other.id <> :event_id);

-- name: find_other
SELECT id FROM event WHERE key = :key AND id <> :event_id;

-- name: close
UPDATE event
SET state = 'done', reason = :reason, settled_at = :now
WHERE id = :event_id AND state = 'quarantined';
