-- name: add
-- The same file announced again brings a fresh address; what is here, or was given up, stays as it is.
INSERT INTO media (
    message_id, file_id, kind, mime_type, file_name, claimed_sha256, url, state, wanted_at, expires_at, next_try_at, is_past
)
VALUES (
    :message_id, :file_id, :kind, :mime_type, :file_name, :claimed_sha256, :url, 'waiting', :now, :expires_at, :now, :is_past
)
ON CONFLICT (message_id, file_id) DO UPDATE SET url = excluded.url, next_try_at = excluded.next_try_at
WHERE state = 'waiting' AND excluded.url IS NOT NULL;

-- name: set_present
UPDATE media SET is_past = 0 WHERE message_id = :message_id AND is_past;

-- name: get
SELECT f.*, m.conversation_id, c.contact_id, m.author_kind IN ('staff', 'token', 'rule', 'operator') AS is_ours
FROM media AS f
JOIN message AS m ON m.id = f.message_id
JOIN conversation AS c ON c.id = m.conversation_id
WHERE f.id = :media_id;

-- name: find_for_messages
SELECT f.*, m.conversation_id, c.contact_id, m.author_kind IN ('staff', 'token', 'rule', 'operator') AS is_ours
FROM media AS f
JOIN message AS m ON m.id = f.message_id
JOIN conversation AS c ON c.id = m.conversation_id
WHERE f.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY f.id;

-- name: list_due
-- What is new comes before what a history brought; those never tried come first: their addresses last for minutes. What is
-- due implausibly late was written while the clock was ahead.
SELECT f.*, m.conversation_id, c.contact_id, m.author_kind IN ('staff', 'token', 'rule', 'operator') AS is_ours
FROM media AS f
JOIN message AS m ON m.id = f.message_id
JOIN conversation AS c ON c.id = m.conversation_id
WHERE f.state = 'waiting' AND (f.next_try_at <= :now OR f.next_try_at > :implausible)
AND m.conversation_id NOT IN (SELECT value FROM json_each(:busy))
ORDER BY f.is_past, f.tries, f.next_try_at
LIMIT :limit;

-- name: mark_stored
UPDATE media
SET state = 'stored', reason = NULL, url = NULL, vault_name = :name, vault_key = :key, size = :size, sha256 = :sha256,
    is_as_claimed = :is_as_claimed, stored_at = :now
WHERE id = :media_id AND state = 'waiting';

-- name: postpone
-- An address is asked once, then the id; without an id there is nothing else to ask.
UPDATE media
SET reason = :reason, sha256 = coalesce(:sha256, sha256), url = iif(file_id = '', url, NULL), tries = tries + 1,
    last_tries = last_tries + (expires_at <= :now), next_try_at = :next_try_at
WHERE id = :media_id AND state = 'waiting';

-- name: mark_failed
UPDATE media
SET state = 'failed', reason = :reason, url = NULL, tries = tries + 1
WHERE id = :media_id AND state = 'waiting';

-- name: set_reason
UPDATE media SET reason = :reason WHERE state = 'waiting' AND reason IS NOT :reason;

-- name: is_anything_waiting
SELECT 1 FROM media WHERE state = 'waiting' AND (reason IS :because OR :because IS NULL) AND reason IS NOT :unless LIMIT 1;

-- name: hurry
UPDATE media SET next_try_at = :now WHERE state = 'waiting' AND reason = :reason AND next_try_at > :now;

-- name: retry_now
-- After the end a person's wish is good for one more try.
UPDATE media
SET state = 'waiting', reason = NULL, next_try_at = :now, last_tries = iif(expires_at <= :now, :last_tries, 0)
WHERE id = :media_id AND state <> 'stored';

-- name: set_alerted
UPDATE media SET alerted_at = :now WHERE id = :media_id AND alerted_at IS NULL;

-- name: count_waiting
SELECT count(*) AS waiting, coalesce(sum(tries > 0), 0) AS failing FROM media WHERE state = 'waiting';

-- name: list_expiring
SELECT f.id, f.message_id, m.conversation_id
FROM media AS f
JOIN message AS m ON m.id = f.message_id
WHERE f.state = 'waiting' AND f.alerted_at IS NULL AND f.expires_at > :now AND f.expires_at <= :before
AND f.wanted_at <= :wanted_before
LIMIT :limit;

-- name: is_there
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'media';

-- name: list_kept
SELECT f.*, m.conversation_id, c.contact_id, m.author_kind IN ('staff', 'token', 'rule', 'operator') AS is_ours
FROM media AS f
JOIN message AS m ON m.id = f.message_id
JOIN conversation AS c ON c.id = m.conversation_id
WHERE f.id > :after AND f.vault_name IS NOT NULL
ORDER BY f.id
LIMIT :limit;

-- name: mark_lost
UPDATE media
SET state = :state, reason = 'lost', tries = 0, last_tries = 0, next_try_at = :now
WHERE id = :media_id AND state = 'stored' AND vault_name = :name;

-- name: mark_found
UPDATE media SET state = 'stored', reason = NULL WHERE id = :media_id AND vault_name IS NOT NULL;
