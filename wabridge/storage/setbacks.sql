-- name: add
INSERT INTO setback (attempt_id, code, came_by, at)
VALUES (:attempt_id, :code, :came_by, :now)
ON CONFLICT (attempt_id, code) DO NOTHING;

-- name: mark_contact
INSERT INTO contact_mark (contact_id, kind, code, first_at, last_at)
VALUES (:contact_id, :kind, :code, :now, :now)
ON CONFLICT (contact_id, kind) DO UPDATE SET code = excluded.code, last_at = excluded.last_at, times = times + 1;

-- name: list_marks
-- Whoever writes, or gets something, can be reached again; what they wished or who they are is not changed by that. What was said of
-- a contact that was joined to this one is said of this one.
SELECT m.kind, m.code, min(m.first_at) AS first_at, max(m.last_at) AS last_at, sum(m.times) AS times
FROM contact_mark AS m
WHERE m.contact_id IN (SELECT id FROM contact WHERE id = :contact_id OR joined_to = :contact_id)
AND (
    m.kind NOT IN ('unreachable', 'not_listed', 'country', 'blocked_by_us')
    OR NOT EXISTS (
        SELECT 1 FROM conversation AS c
        WHERE c.contact_id IN (m.contact_id, :contact_id) AND c.window_opened_at > m.last_at
    )
)
GROUP BY m.kind
ORDER BY last_at DESC, m.kind;

-- name: forget_mark
DELETE FROM contact_mark
WHERE kind = 'unreachable' AND contact_id IN (
    SELECT contact_id FROM conversation
    WHERE id IN (:conversation_id, (SELECT joined_to FROM conversation WHERE id = :conversation_id))
);

-- name: forget_doubt
DELETE FROM contact_mark
WHERE kind = 'identity_changed' AND contact_id IN (SELECT id FROM contact WHERE id = :contact_id OR joined_to = :contact_id);

-- name: find_resumed
-- The end of a stop by a person says nothing about what Meta refused.
SELECT max(at) AS at
FROM act
WHERE subject_kind = 'number' AND subject_id = :number_id AND verb = 'resumed_sending' AND coalesce(detail, '') <> 'stopped';
