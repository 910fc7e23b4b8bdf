-- name: add
INSERT INTO seal (made_at, expires_at, key, certificate, root, revoked)
VALUES (:made_at, :expires_at, :key, :certificate, :root, :revoked);

-- name: newest
SELECT key, certificate, root, revoked, expires_at FROM seal ORDER BY id DESC LIMIT 1;
