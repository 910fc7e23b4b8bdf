-- name: add
INSERT INTO api_token (name, secret_hash, created_at) VALUES (:name, :secret_hash, :now)
ON CONFLICT (name) DO NOTHING
RETURNING id;

-- name: find
SELECT id, name, created_at, used_at, revoked_at FROM api_token WHERE secret_hash = :secret_hash AND revoked_at IS NULL;

-- name: find_by_name
SELECT id, name, created_at, used_at, revoked_at FROM api_token WHERE name = :name;

-- name: list_all
SELECT id, name, created_at, used_at, revoked_at FROM api_token ORDER BY id;

-- name: touch
UPDATE api_token SET used_at = :now WHERE id = :token_id;

-- name: revoke
UPDATE api_token SET revoked_at = :now WHERE id = :token_id AND revoked_at IS NULL;
