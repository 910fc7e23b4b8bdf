-- name: set_name
-- The phone's word is known by its time; they come in no order. Of two with the same time a removal counts.
INSERT INTO address_book (kind, value, name, said_at)
VALUES (:kind, :value, :name, :said_at)
ON CONFLICT (kind, value) DO UPDATE SET name = excluded.name, said_at = excluded.said_at
WHERE excluded.said_at > said_at OR (excluded.said_at = said_at AND name IS NOT NULL AND excluded.name IS NULL);

-- name: add_report
INSERT INTO history_report (event_id, number_id, phase, progress, declined_code, declined_title, arrived_at)
VALUES (:event_id, :number_id, :phase, :progress, :declined_code, :declined_title, :arrived_at)
ON CONFLICT (event_id) DO NOTHING;

-- name: find_history
SELECT
    count(*) AS reports,
    max(CASE WHEN declined_title IS NULL THEN phase END) AS phase,
    max(CASE WHEN declined_title IS NULL THEN progress END) AS progress,
    max(CASE WHEN declined_title IS NULL THEN arrived_at END) AS at
FROM history_report;

-- name: find_history__declined
SELECT arrived_at, declined_code, declined_title
FROM history_report
WHERE declined_title IS NOT NULL
ORDER BY arrived_at DESC
LIMIT 1;
