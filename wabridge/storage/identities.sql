-- name: replace
-- Said again, the later time stays.
UPDATE identity SET replaced_at = max(coalesce(replaced_at, 0), :at)
WHERE contact_id = :contact_id AND kind = :kind AND value = :value AND moved_at IS NULL;

-- name: replace_others
UPDATE identity SET replaced_at = :at
WHERE contact_id = :contact_id AND kind = :kind AND value <> :value AND moved_at IS NULL AND confirmed_at IS NOT NULL
AND last_seen_at <= :at AND (replaced_at IS NULL OR replaced_at < last_seen_at);

-- name: replace_older
-- The sighting came late: what was seen after it had taken its place already.
UPDATE identity SET replaced_at = (
    SELECT min(newer.first_seen_at) FROM identity AS newer
    WHERE newer.contact_id = identity.contact_id AND newer.kind = identity.kind AND newer.value <> identity.value
    AND newer.moved_at IS NULL AND newer.confirmed_at IS NOT NULL AND newer.first_seen_at > identity.last_seen_at
)
WHERE contact_id = :contact_id AND kind = :kind AND value = :value AND moved_at IS NULL AND replaced_at IS NULL;

-- name: give_up
UPDATE identity SET moved_at = max(last_seen_at, :at)
WHERE kind = 'phone' AND value = :phone AND moved_at IS NULL AND kind <> 'username' AND contact_id <> :contact_id;

-- name: add_passed
-- Seen here before it passed to whoever has it now.
INSERT INTO identity (contact_id, kind, value, learned, first_seen_at, last_seen_at, confirmed_at, moved_at)
VALUES (:contact_id, 'phone', :phone, :learned, :at, :at, :at, :moved_at);

-- name: list_unknown
-- Most statuses name whom we know already; only the others are worth a look. pairs: [[message, user id, parent user id, phone], ...]
SELECT DISTINCT w.value ->> 0 AS message_id, coalesce(p.joined_to, p.id) AS contact_id
FROM json_each(:pairs) AS w
JOIN message AS m ON m.id = w.value ->> 0
JOIN conversation AS c ON c.id = m.conversation_id
JOIN contact AS p ON p.id = c.contact_id
WHERE (w.value ->> 1 IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM identity AS i
    WHERE i.contact_id = coalesce(p.joined_to, p.id) AND i.kind = 'user_id' AND i.value = w.value ->> 1 AND i.moved_at IS NULL
)) OR (w.value ->> 2 IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM identity AS i
    WHERE i.contact_id = coalesce(p.joined_to, p.id) AND i.kind = 'parent_user_id' AND i.value = w.value ->> 2 AND i.moved_at IS NULL
)) OR (w.value ->> 3 IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM identity AS i
    WHERE i.contact_id = coalesce(p.joined_to, p.id) AND i.kind = 'phone' AND i.value = w.value ->> 3
));
