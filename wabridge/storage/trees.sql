-- name: list_hashes
SELECT hash FROM leaf WHERE position >= :start AND position < :end ORDER BY position;

-- name: list_tiles
SELECT hash FROM ledger_tile WHERE level = :level AND number >= :start AND number < :end ORDER BY number;

-- name: add_tile
INSERT INTO ledger_tile (level, number, hash) VALUES (:level, :number, :hash);
