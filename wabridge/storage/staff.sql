-- name: add
INSERT INTO staff (login, name, role, language, created_at)
VALUES (:login, :name, :role, :language, :now)
ON CONFLICT (login) DO NOTHING
RETURNING id;

-- name: find
SELECT id, login, name, role, language, password_hash IS NOT NULL AS has_password, disabled_at
FROM staff
WHERE id = :staff_id;

-- name: find_by_login
SELECT id, login, name, role, language, password_hash IS NOT NULL AS has_password, disabled_at
FROM staff
WHERE login = :login;

-- name: list_all
SELECT id, login, name, role, language, password_hash IS NOT NULL AS has_password, disabled_at
FROM staff
ORDER BY id;

-- name: find_password_hash
SELECT password_hash FROM staff WHERE id = :staff_id AND disabled_at IS NULL;

-- name: set_password_hash
UPDATE staff SET password_hash = :password_hash WHERE id = :staff_id;

-- name: set_language
UPDATE staff SET language = :language WHERE id = :staff_id;

-- name: disable
UPDATE staff SET disabled_at = :now, password_hash = NULL WHERE id = :staff_id AND disabled_at IS NULL;
