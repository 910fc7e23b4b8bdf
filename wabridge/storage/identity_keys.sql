-- name: see
INSERT INTO identity_key (contact_id, hash, first_seen_at, last_seen_at)
VALUES (:contact_id, :hash, :at, :at)
ON CONFLICT (contact_id, hash) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at);

-- name: find
-- The newest; of two that were seen in the same second the one that is news.
SELECT hash FROM identity_key WHERE contact_id = :contact_id ORDER BY last_seen_at DESC, first_seen_at DESC LIMIT 1;
