-- name: find_last
SELECT at, text FROM leaf ORDER BY position DESC LIMIT 1;

-- name: count_refusals
SELECT coalesce(sum(refused), 0) AS refused FROM refusal WHERE minute >= :first AND minute < :last;
