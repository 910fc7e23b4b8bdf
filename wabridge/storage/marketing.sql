-- name: set_choice
INSERT INTO marketing_choice (contact_id, choice, said_at, event_id)
VALUES (:contact_id, :choice, :said_at, :event_id)
ON CONFLICT (contact_id) DO UPDATE SET
    choice = excluded.choice, said_at = excluded.said_at, event_id = excluded.event_id
WHERE excluded.said_at >= said_at;

-- name: find
SELECT choice, said_at FROM marketing_choice WHERE contact_id = :contact_id;
