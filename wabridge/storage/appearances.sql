-- name: find_unseen
-- The newest first: somebody waits for it.
SELECT id FROM media WHERE state = 'stored' AND seen_name IS NOT vault_name ORDER BY id DESC LIMIT 1;

-- name: find_slow
-- Those tried least often come first.
SELECT id FROM media WHERE state = 'stored' AND slow_tries > 0 AND slow_tries < :most ORDER BY slow_tries, id DESC LIMIT 1;

-- name: set_
-- Only for the file that was looked at. A former small picture is left to the vault's sweep.
UPDATE media
SET seen_name = :seen_name, seen_type = :seen_type, thumbnail_name = :thumbnail_name, thumbnail_key = :thumbnail_key,
    thumbnail_size = :thumbnail_size, thumbnail_width = :thumbnail_width, thumbnail_height = :thumbnail_height,
    slow_tries = :slow_tries
WHERE id = :media_id AND state = 'stored' AND vault_name = :seen_name;

-- name: forget_thumbnail
UPDATE media
SET thumbnail_name = NULL, thumbnail_key = NULL, thumbnail_size = NULL, thumbnail_width = NULL, thumbnail_height = NULL,
    seen_name = NULL
WHERE id = :media_id AND thumbnail_name = :thumbnail_name;
