-- name: pages
PRAGMA cipher_integrity_check;

-- name: list_tables
SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;

-- name: table
SELECT integrity_check AS fault FROM pragma_integrity_check(:table) WHERE integrity_check <> 'ok';

-- name: references
SELECT "table" AS child, parent FROM pragma_foreign_key_check;
