-- name: add
INSERT INTO setback (attempt_id, code, came_by, at)
VALUES (:attempt_id, :code, :came_by, :now)
ON CONFLICT (attempt_id, code) DO NOTHING;

-- name: mark_contact
INSERT INTO contact_mark (contact_id, kind, code, first_at, last_at)
VALUES (:contact_id, :kind, :code, :now, :now)
ON CONFLICT (contact_id, kind) DO UPDATE SET code = excluded.code, last_at = excluded.last_at, times = times + 1;

-- name: list_marks
-- Whoever writes, or gets something, can be reached again; what they wished or who they are is not changed by that.
SELECT m.kind, m.code, m.first_at, m.last_at, m.times
FROM contact_mark AS m
WHERE m.contact_id = :contact_id
AND (
    m.kind NOT IN ('unreachable', 'not_listed', 'country', 'blocked_by_us')
    OR NOT EXISTS (
        SELECT 1 FROM conversation AS c
        WHERE c.contact_id = m.contact_id AND c.window_opened_at > m.last_at
    )
)
ORDER BY m.last_at DESC, m.kind;

-- name: forget_mark
DELETE FROM contact_mark
WHERE kind = 'unreachable' AND contact_id = (SELECT contact_id FROM conversation WHERE id = :conversation_id);

-- name: find_resumed
SELECT max(at) AS at
FROM act
WHERE subject_kind = 'number' AND subject_id = :number_id AND verb = 'resumed_sending';
