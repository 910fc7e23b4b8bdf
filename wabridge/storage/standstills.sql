-- name: begin
INSERT INTO standstill (number_id, begun_at, begun_by, reason)
VALUES (:number_id, :now, :by, :reason)
ON CONFLICT DO NOTHING;

-- name: end
UPDATE standstill
SET ended_at = :now, ended_by = :by
WHERE number_id = :number_id AND ended_at IS NULL;

-- name: find
SELECT begun_at, begun_by, reason
FROM standstill
WHERE number_id = :number_id AND ended_at IS NULL;
