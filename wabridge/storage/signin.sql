-- name: add_link
INSERT INTO signin_link (staff_id, secret_hash, created_at, expires_at) VALUES (:staff_id, :secret_hash, :now, :expires_at);

-- name: find_link
SELECT staff.id, staff.login, staff.name, staff.role, staff.language,
       staff.password_hash IS NOT NULL AS has_password, staff.disabled_at
FROM signin_link
JOIN staff ON staff.id = signin_link.staff_id
WHERE signin_link.secret_hash = :secret_hash
  AND signin_link.used_at IS NULL
  AND signin_link.expires_at > :now
  AND staff.disabled_at IS NULL;

-- name: use_link
UPDATE signin_link SET used_at = :now WHERE secret_hash = :secret_hash AND used_at IS NULL AND expires_at > :now;

-- name: end_links
DELETE FROM signin_link WHERE staff_id = :staff_id OR expires_at <= :now;

-- name: add_failure
INSERT INTO signin_failure (account_hash, at) VALUES (:account_hash, :now);

-- name: find_nth_failure
SELECT at FROM signin_failure WHERE account_hash = :account_hash AND at > :since ORDER BY at DESC LIMIT 1 OFFSET :n - 1;

-- name: find_nth_failure__any
SELECT at FROM signin_failure WHERE at > :since ORDER BY at DESC LIMIT 1 OFFSET :n - 1;

-- name: forget_failures
DELETE FROM signin_failure WHERE account_hash = :account_hash;

-- name: forget_failures__old
DELETE FROM signin_failure WHERE at <= :before;
