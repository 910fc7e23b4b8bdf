-- name: adopt
-- Intake gives a foreign item its arrival as its end; a status that nobody knew for weeks has another one.
UPDATE event SET state = 'new', settled_at = :now
WHERE state = 'foreign' AND settled_at = arrived_at AND CASE
    WHEN json_extract(CAST(payload AS TEXT), '$.phone_number_id') IS NOT NULL
    THEN json_extract(CAST(payload AS TEXT), '$.phone_number_id') IN (SELECT value FROM json_each(:phone_number_ids))
    ELSE :business_account_ids = '[]'
        OR json_extract(CAST(payload AS TEXT), '$.business_account_id') IN (SELECT value FROM json_each(:business_account_ids))
END;

-- name: count
SELECT count(*) AS items FROM event WHERE kind <> 'status' AND state = 'foreign';
