-- Each list has an index of its own that holds nothing but what waits; conditions repeat the index's own words.

-- name: list__unknown
-- Not yet what Meta itself was unsure of and what has its second try to come, unless that does not go either.
SELECT message_id, conversation_id, NULL AS contact_id, since
FROM (
    SELECT m.id AS message_id, m.conversation_id, (
        SELECT max(a.opened_at) FROM attempt AS a WHERE a.message_id = m.id AND a.outcome = 'unknown'
    ) AS since
    FROM message AS m
    WHERE m.status IN ('pending', 'unknown') AND m.status = 'unknown' AND m.resends = 0 AND m.closed_as IS NOT m.status
)
WHERE since <= :asked_before
AND (since <= :late_before OR message_id NOT IN (SELECT message_id FROM second_try WHERE closed_at IS NULL))
ORDER BY since, message_id
LIMIT :limit;

-- name: count__unknown
SELECT count(*) AS number
FROM (
    SELECT m.id AS message_id, (
        SELECT max(a.opened_at) FROM attempt AS a WHERE a.message_id = m.id AND a.outcome = 'unknown'
    ) AS since
    FROM message AS m
    WHERE m.status IN ('pending', 'unknown') AND m.status = 'unknown' AND m.resends = 0 AND m.closed_as IS NOT m.status
)
WHERE since <= :asked_before
AND (since <= :late_before OR message_id NOT IN (SELECT message_id FROM second_try WHERE closed_at IS NULL));

-- name: list__failed
-- What was written elsewhere is nobody's to repeat: its failure is told, and asks for no decision here.
SELECT id AS message_id, conversation_id, NULL AS contact_id, created_at AS since
FROM message
WHERE (status = 'failed' OR conflict = 1) AND closed_as IS NOT status AND author_kind NOT IN ('app', 'partner')
ORDER BY id
LIMIT :limit;

-- name: count__failed
SELECT count(*) AS number
FROM message
WHERE (status = 'failed' OR conflict = 1) AND closed_as IS NOT status AND author_kind NOT IN ('app', 'partner');

-- name: list__held
-- Held by its row, because it became doubtful who gets it (see messages.get_many), or because an earlier part of its text did not go. What
-- came of that part is asked first, if nobody knows.
SELECT id AS message_id, conversation_id, NULL AS contact_id, waited_from_at AS since
FROM message
WHERE status IN ('pending', 'unknown') AND (hold IS NOT NULL OR ((status = 'pending' OR resends) AND EXISTS (
    SELECT 1
    FROM conversation AS thread
    JOIN contact AS person ON person.id = thread.contact_id
    JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
    WHERE thread.id = message.conversation_id
    AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
)) OR (part_of IS NOT NULL AND EXISTS (
    SELECT 1 FROM held_part WHERE held_part.message_id = message.id AND (held_part.is_decided OR message.waited_from_at < :late_before)
)))
ORDER BY waited_from_at, id
LIMIT :limit;

-- name: count__held
SELECT count(*) AS number
FROM message
WHERE status IN ('pending', 'unknown') AND (hold IS NOT NULL OR ((status = 'pending' OR resends) AND EXISTS (
    SELECT 1
    FROM conversation AS thread
    JOIN contact AS person ON person.id = thread.contact_id
    JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
    WHERE thread.id = message.conversation_id
    AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
)) OR (part_of IS NOT NULL AND EXISTS (
    SELECT 1 FROM held_part WHERE held_part.message_id = message.id AND (held_part.is_decided OR message.waited_from_at < :late_before)
)));

-- name: list__overdue
SELECT id AS message_id, conversation_id, NULL AS contact_id, waited_from_at AS since
FROM message
WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL AND waited_from_at < :late_before
AND (part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = message.id))
AND NOT EXISTS (
    SELECT 1
    FROM conversation AS thread
    JOIN contact AS person ON person.id = thread.contact_id
    JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
    WHERE thread.id = message.conversation_id
    AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
)
ORDER BY waited_from_at, id
LIMIT :limit;

-- name: count__overdue
SELECT count(*) AS number
FROM message
WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL AND waited_from_at < :late_before
AND (part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = message.id))
AND NOT EXISTS (
    SELECT 1
    FROM conversation AS thread
    JOIN contact AS person ON person.id = thread.contact_id
    JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
    WHERE thread.id = message.conversation_id
    AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
);

-- name: list__undelivered
-- A reaction is never reported further than `sent`.
SELECT m.id AS message_id, m.conversation_id, NULL AS contact_id, max(coalesce(a.accepted_at, a.settled_at)) AS since
FROM message AS m
JOIN attempt AS a ON a.message_id = m.id AND a.outcome = 'accepted'
WHERE m.status = 'sent' AND m.closed_as IS NOT m.status AND m.kind <> 'reaction' AND m.created_at < :taken_before
GROUP BY m.id
HAVING since < :taken_before
ORDER BY m.id
LIMIT :limit;

-- name: count__undelivered
SELECT count(*) AS number
FROM (
    SELECT max(coalesce(a.accepted_at, a.settled_at)) AS since
    FROM message AS m
    JOIN attempt AS a ON a.message_id = m.id AND a.outcome = 'accepted'
    WHERE m.status = 'sent' AND m.closed_as IS NOT m.status AND m.kind <> 'reaction' AND m.created_at < :taken_before
    GROUP BY m.id
    HAVING since < :taken_before
);

-- name: list__identity_changed
-- By person: whoever makes sure answers all that is open about somebody.
SELECT NULL AS message_id, NULL AS conversation_id, contact_id, min(raised_at) AS since
FROM identity_alert
WHERE resolved_at IS NULL
GROUP BY contact_id
ORDER BY since, contact_id
LIMIT :limit;

-- name: count__identity_changed
SELECT count(DISTINCT contact_id) AS number FROM identity_alert WHERE resolved_at IS NULL;

-- name: count_waiting
SELECT count(*) AS number
FROM message
WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND +number_id = :number_id;
