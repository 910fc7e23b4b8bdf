-- `kind <> 'username'` repeats the words of the index identity_holder, which must serve.

-- name: find_holders
SELECT
    c.id, c.name, c.given_name, c.standing, c.created_at,
    i.kind, i.value, i.learned, i.first_seen_at, i.last_seen_at, i.confirmed_at, i.replaced_at, i.moved_at,
    (SELECT b.name FROM address_book AS b WHERE b.kind = i.kind AND b.value = i.value) AS own_name
FROM contact AS c
JOIN identity AS i ON i.contact_id = c.id
WHERE c.id IN (
    SELECT contact_id FROM identity
    WHERE kind = 'user_id' AND value = :user_id AND moved_at IS NULL AND kind <> 'username'
    UNION ALL
    SELECT contact_id FROM identity
    WHERE kind = 'parent_user_id' AND value = :parent_user_id AND moved_at IS NULL AND kind <> 'username'
    UNION ALL
    SELECT contact_id FROM identity
    WHERE kind = 'phone' AND value = :phone AND moved_at IS NULL AND kind <> 'username'
)
ORDER BY c.id, i.first_seen_at, i.id;

-- name: get_many
SELECT
    c.id, c.name, c.given_name, c.standing, c.created_at,
    i.kind, i.value, i.learned, i.first_seen_at, i.last_seen_at, i.confirmed_at, i.replaced_at, i.moved_at,
    (SELECT b.name FROM address_book AS b WHERE b.kind = i.kind AND b.value = i.value) AS own_name
FROM contact AS c
LEFT JOIN identity AS i ON i.contact_id = c.id
WHERE c.id IN (SELECT value FROM json_each(:contact_ids))
ORDER BY c.id DESC, i.first_seen_at, i.id;

-- name: find_whole
SELECT coalesce(joined_to, id) AS id FROM contact WHERE id = :contact_id;

-- name: list_page
SELECT id
FROM contact
WHERE id < :before AND joined_to IS NULL
ORDER BY id DESC
LIMIT :limit;

-- name: add
INSERT INTO contact (name, given_name, standing, created_at)
VALUES (:name, :given_name, :standing, :now)
RETURNING id;

-- name: see
UPDATE identity SET
    first_seen_at = min(first_seen_at, :at),
    last_seen_at = max(last_seen_at, :at),
    confirmed_at = coalesce(min(confirmed_at, :confirmed_at), confirmed_at, :confirmed_at)
WHERE contact_id = :contact_id AND kind = :kind AND value = :value AND moved_at IS NULL;

-- name: see__add
-- What leads to somebody else stays there: it is moved by a decision, never by a sighting.
INSERT INTO identity (contact_id, kind, value, learned, first_seen_at, last_seen_at, confirmed_at)
VALUES (:contact_id, :kind, :value, :learned, :at, :at, :confirmed_at)
ON CONFLICT (kind, value) WHERE moved_at IS NULL AND kind <> 'username' DO NOTHING;

-- name: set_name
UPDATE contact SET name = :name WHERE id = :contact_id AND name <> :name;

-- name: set_given_name
UPDATE contact SET given_name = :name WHERE id = :contact_id AND given_name IS NOT :name;

-- name: set_standing
UPDATE contact SET standing = :standing WHERE id = :contact_id AND standing <> :standing;
