-- name: add
INSERT INTO session (staff_id, secret_hash, created_at, used_at) VALUES (:staff_id, :secret_hash, :now, :now)
RETURNING id;

-- name: find
SELECT session.id AS session_id, session.used_at, staff.id, staff.login, staff.name, staff.role, staff.language,
       staff.password_hash IS NOT NULL AS has_password, staff.disabled_at
FROM session
JOIN staff ON staff.id = session.staff_id
WHERE session.secret_hash = :secret_hash
  AND session.ended_at IS NULL
  AND session.used_at > :since
  AND staff.disabled_at IS NULL;

-- name: touch
UPDATE session SET used_at = :now WHERE id = :session_id AND used_at < :now;

-- name: end
UPDATE session SET ended_at = :now WHERE id = :session_id AND ended_at IS NULL;

-- name: end_all
UPDATE session SET ended_at = :now WHERE staff_id = :staff_id AND ended_at IS NULL AND id IS NOT :besides;

-- name: forget
DELETE FROM session WHERE used_at <= :before;
