-- name: next_sequence
SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM export WHERE year = :year;

-- name: add
INSERT INTO export (
    year, sequence, number, scope, language, reason, handed_to, actor_kind, actor_id, actor_name, actor_role, requested_at
)
VALUES (
    :year, :sequence, :number, :scope, :language, :reason, :handed_to, :actor_kind, :actor_id, :actor_name, :actor_role, :now
)
RETURNING id;

-- name: get
SELECT e.*, r.removed_at, r.actor_name AS removed_by
FROM export AS e
LEFT JOIN export_removal AS r ON r.export_id = e.id
WHERE e.id = :export_id;

-- name: list_page
SELECT e.*, r.removed_at, r.actor_name AS removed_by
FROM export AS e
LEFT JOIN export_removal AS r ON r.export_id = e.id
WHERE e.id < :before
ORDER BY e.id DESC
LIMIT :limit;

-- name: find_next
-- What was running when the program ended is begun anew.
SELECT *, NULL AS removed_at, NULL AS removed_by FROM export WHERE state IN ('wanted', 'running') ORDER BY id LIMIT 1;

-- name: mark_running
UPDATE export SET state = 'running', percent = 0 WHERE id = :export_id AND state IN ('wanted', 'running');

-- name: set_percent
UPDATE export SET percent = :percent WHERE id = :export_id AND state = 'running' AND percent < :percent;

-- name: mark_done
UPDATE export
SET state = 'done', percent = 100, messages = :messages, finished_at = :now,
    vault_name = :name, vault_key = :key, size = :size, sha256 = :sha256, seal_time = :seal_time
WHERE id = :export_id AND state = 'running';

-- name: mark_failed
UPDATE export SET state = 'failed', failure = :failure, finished_at = :now
WHERE id = :export_id AND state IN ('wanted', 'running');

-- name: cancel
UPDATE export SET state = 'cancelled', finished_at = :now WHERE id = :export_id AND state IN ('wanted', 'running');

-- name: list_kept
SELECT vault_name FROM export
WHERE vault_name IS NOT NULL AND id NOT IN (SELECT export_id FROM export_removal);

-- name: remove
INSERT INTO export_removal (export_id, removed_at, actor_kind, actor_id, actor_name)
VALUES (:export_id, :now, :actor_kind, :actor_id, :actor_name)
ON CONFLICT (export_id) DO NOTHING;
