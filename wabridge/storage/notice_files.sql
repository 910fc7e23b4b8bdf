-- name: add
INSERT INTO notice_file (notice_id, handed_in_at, mime_type, file_name, vault_name, vault_key, size, sha256)
VALUES (:notice_id, :now, :mime_type, :file_name, :vault_name, :vault_key, :size, :sha256)
RETURNING id;

-- name: find
SELECT vault_name, vault_key, size FROM notice_file WHERE id = :file_id AND notice_id = :notice_id;

-- name: list_all
SELECT id, notice_id, vault_name, vault_key, size, sha256 FROM notice_file WHERE id > :after ORDER BY id LIMIT :limit;

-- name: is_there
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'notice_file';
