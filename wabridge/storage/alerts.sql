-- name: add
-- The same change is told several times: by a message, by Meta's own word, by a status. It is one alert.
INSERT INTO identity_alert (contact_id, kind, old_value, new_value, other_contact_id, event_id, happened_at, raised_at)
SELECT :contact_id, :kind, :old_value, :new_value, :other, :event_id, :at, :now
WHERE NOT EXISTS (
    SELECT 1 FROM identity_alert AS known
    WHERE known.contact_id = :contact_id AND (
        (known.event_id = :event_id AND known.kind = :kind)
        OR (known.new_value = :new_value AND abs(known.happened_at - :at) < :same_news)
    )
)
RETURNING id;

-- name: list_for
SELECT id, contact_id, kind, old_value, new_value, other_contact_id, happened_at, raised_at, resolved_at, resolution, note, actor_name
FROM identity_alert
WHERE contact_id = :contact_id
ORDER BY id DESC;

-- name: find_newest_open
SELECT max(id) AS id FROM identity_alert WHERE contact_id = :contact_id AND resolved_at IS NULL;

-- name: is_known
-- A doubt of before somebody made sure is answered by that.
SELECT 1 AS known FROM identity_alert
WHERE contact_id = :contact_id AND kind = :kind AND (resolved_at IS NULL OR resolved_at > :at)
LIMIT 1;

-- name: resolve
UPDATE identity_alert
SET resolved_at = :now, resolution = :how, note = :note, actor_kind = :actor_kind, actor_id = :actor_id, actor_name = :actor_name
WHERE contact_id = :contact_id AND resolved_at IS NULL AND id <= :through;

-- name: count_open
SELECT count(DISTINCT contact_id) AS people, min(raised_at) AS since, min(contact_id) AS contact_id
FROM identity_alert
WHERE resolved_at IS NULL;

-- name: clear
INSERT INTO clearance (message_id, alert_id)
VALUES (:message_id, :alert_id)
ON CONFLICT (message_id) DO UPDATE SET alert_id = max(alert_id, excluded.alert_id);
