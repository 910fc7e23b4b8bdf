-- name: find_by_identity
-- The user id speaks first: a phone number can pass to another person.
SELECT
    c.id, c.name, c.standing, c.created_at, i.kind, i.value, i.first_seen_at, i.last_seen_at,
    (SELECT b.name FROM address_book AS b WHERE b.kind = i.kind AND b.value = i.value) AS own_name
FROM contact AS c
JOIN identity AS i ON i.contact_id = c.id
WHERE c.id = coalesce(
    (SELECT contact_id FROM identity WHERE kind = 'user_id' AND value = :user_id),
    (SELECT contact_id FROM identity WHERE kind = 'phone' AND value = :phone)
);

-- name: get_many
SELECT
    c.id, c.name, c.standing, c.created_at, i.kind, i.value, i.first_seen_at, i.last_seen_at,
    (SELECT b.name FROM address_book AS b WHERE b.kind = i.kind AND b.value = i.value) AS own_name
FROM contact AS c
LEFT JOIN identity AS i ON i.contact_id = c.id
WHERE c.id IN (SELECT value FROM json_each(:contact_ids))
ORDER BY c.id DESC, i.first_seen_at, i.id;

-- name: list_page
SELECT id
FROM contact
WHERE id < :before
ORDER BY id DESC
LIMIT :limit;

-- name: add
INSERT INTO contact (name, standing, created_at)
VALUES (:name, :standing, :now)
RETURNING id;

-- name: see
-- An identity stays with the contact who had it first: what was written under it is not handed to somebody else.
INSERT INTO identity (contact_id, kind, value, first_seen_at, last_seen_at)
VALUES (:contact_id, :kind, :value, :now, :now)
ON CONFLICT (kind, value) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at)
WHERE contact_id = excluded.contact_id;

-- name: set_name
UPDATE contact SET name = :name WHERE id = :contact_id AND name <> :name;
