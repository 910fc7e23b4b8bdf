-- name: find
SELECT value FROM fact WHERE name = ?;

-- name: set_
INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

