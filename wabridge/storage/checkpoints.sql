-- name: add
INSERT INTO checkpoint (size, root, at, note) VALUES (:size, :root, :at, :note) RETURNING id;

-- name: newest
SELECT id, size, root, at, note FROM checkpoint ORDER BY id DESC LIMIT 1;

-- name: find_covering
SELECT id, size, root, at, note FROM checkpoint WHERE size > :position ORDER BY size, id LIMIT 1;

-- name: list_page
SELECT id, size, root, at, note FROM checkpoint WHERE id > :after ORDER BY id LIMIT :limit;

-- name: list_keys
SELECT verifier, position, since, signature FROM ledger_key ORDER BY id;

-- name: add_key
INSERT INTO ledger_key (verifier, position, since, signature) VALUES (:verifier, :position, :since, :signature);
