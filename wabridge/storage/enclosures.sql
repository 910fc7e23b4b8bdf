-- name: add
INSERT INTO enclosure (
    conversation_id, actor_kind, actor_id, handed_in_at, kind, mime_type, file_name, is_voice, is_animated,
    vault_name, vault_key, size, sha256, contact_id, phone
)
VALUES (
    :conversation_id, :actor_kind, :actor_id, :now, :kind, :mime_type, :file_name, :is_voice, :is_animated,
    :vault_name, :vault_key, :size, :sha256, :contact_id, :phone
)
RETURNING id;

-- name: find
SELECT * FROM enclosure WHERE id = :enclosure_id;

-- name: list_of
SELECT * FROM enclosure
WHERE conversation_id = :conversation_id AND actor_kind = :actor_kind AND actor_id = :actor_id
ORDER BY id;

-- name: list_all
SELECT * FROM enclosure WHERE id > :after ORDER BY id LIMIT :limit;

-- name: is_there
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'enclosure';

-- name: attach
-- Nothing is fetched, so its times mean nothing but that it is here.
INSERT INTO media (
    message_id, file_id, kind, mime_type, file_name, claimed_sha256, state, wanted_at, expires_at, next_try_at,
    vault_name, vault_key, size, sha256, is_as_claimed, stored_at
)
SELECT
    :message_id, '', kind, mime_type, file_name, sha256, 'stored', :now, :now, :now,
    vault_name, vault_key, size, sha256, 1, handed_in_at
FROM enclosure WHERE id = :enclosure_id
RETURNING id;

-- name: delete
DELETE FROM enclosure WHERE id = :enclosure_id RETURNING vault_name;

-- name: delete_old
DELETE FROM enclosure WHERE handed_in_at < :before RETURNING vault_name;
