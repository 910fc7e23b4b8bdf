-- name: list_unseen
-- The newest first: somebody waits for it.
SELECT f.id, f.vault_name, f.vault_key, f.size, m.conversation_id
FROM media AS f
JOIN message AS m ON m.id = f.message_id
WHERE f.state = 'stored' AND f.seen_name IS NOT f.vault_name
ORDER BY f.id DESC
LIMIT :limit;

-- name: set_
-- Only for the file that was looked at. A former small picture is left to the vault's sweep.
UPDATE media
SET seen_name = :seen_name, seen_type = :seen_type, thumbnail_name = :thumbnail_name, thumbnail_key = :thumbnail_key,
    thumbnail_size = :thumbnail_size, thumbnail_width = :thumbnail_width, thumbnail_height = :thumbnail_height
WHERE id = :media_id AND state = 'stored' AND vault_name = :seen_name;

-- name: forget_thumbnail
UPDATE media
SET thumbnail_name = NULL, thumbnail_key = NULL, thumbnail_size = NULL, thumbnail_width = NULL, thumbnail_height = NULL,
    seen_name = NULL
WHERE id = :media_id AND thumbnail_name = :thumbnail_name;
