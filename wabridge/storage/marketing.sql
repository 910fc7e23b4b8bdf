-- name: set_choice
INSERT INTO marketing_choice (contact_id, choice, said_at, event_id)
VALUES (:contact_id, :choice, :said_at, :event_id)
ON CONFLICT (contact_id) DO UPDATE SET
    choice = excluded.choice, said_at = excluded.said_at, event_id = excluded.event_id
WHERE excluded.said_at >= said_at;

-- name: find
-- What they said as one who was joined to this contact counts as well.
SELECT choice, said_at
FROM marketing_choice
WHERE contact_id = :contact_id OR contact_id IN (SELECT id FROM contact WHERE joined_to = :contact_id)
ORDER BY said_at DESC
LIMIT 1;

-- name: is_refused
-- Their own last word is no, or Meta said so later than that.
WITH person AS (SELECT id FROM contact WHERE id = :contact_id OR joined_to = :contact_id),
newest AS (
    SELECT choice, said_at FROM marketing_choice WHERE contact_id IN (SELECT id FROM person) ORDER BY said_at DESC LIMIT 1
)
SELECT 1
WHERE EXISTS (SELECT 1 FROM newest WHERE choice = 'stop')
OR EXISTS (
    SELECT 1 FROM contact_mark
    WHERE kind = 'opted_out' AND contact_id IN (SELECT id FROM person)
    AND last_at > coalesce((SELECT said_at FROM newest), 0)
);
