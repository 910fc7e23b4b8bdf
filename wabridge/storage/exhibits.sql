-- What a bundle of evidence shows: read for an export, in the order in which it is told.

-- name: list_messages
SELECT
    m.id, m.conversation_id, coalesce(p.joined_to, p.id) AS contact_id, m.direction, m.kind, m.text, m.content, m.quoted_wamid,
    m.written_at, m.created_at, m.is_doubtful, m.wamid, m.author_kind, m.author_id, m.author_name, m.source, m.target_wamid, m.event_id,
    coalesce(q.same_as, q.id, a.message_id) AS quoted_id,
    CASE m.author_kind WHEN 'staff' THEN (SELECT role FROM staff WHERE staff.id = m.author_id) END AS author_role
FROM message AS m
JOIN conversation AS c ON c.id = m.conversation_id
LEFT JOIN contact AS p ON p.id = c.contact_id
LEFT JOIN message AS q ON q.number_id = m.number_id AND q.wamid = m.quoted_wamid
LEFT JOIN attempt AS a ON a.number_id = m.number_id AND a.wamid = m.quoted_wamid
WHERE m.id IN (SELECT value FROM json_each(:message_ids))
ORDER BY m.written_at, m.id;

-- name: list_echoes
-- What came as written elsewhere, and turned out to be these messages.
SELECT id, same_as AS message_id, event_id, wamid, written_at, is_doubtful, text
FROM message
WHERE same_as IN (SELECT value FROM json_each(:message_ids)) AND event_id IS NOT NULL
ORDER BY id;

-- name: list_versions
SELECT v.id, v.message_id, v.relation, v.kind, v.text, v.event_id
FROM message_version AS v
WHERE v.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY v.id;

-- name: list_attempts
SELECT
    id, message_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url, request_body, outcome, reason, settled_at, settled_by,
    accepted_at, wamid, code, response_status, response_headers, response_body
FROM attempt
WHERE message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY id;

-- name: list_statuses
SELECT
    s.id, coalesce(a.message_id, s.message_id) AS message_id, s.attempt_id, s.event_id, s.wamid, s.status, s.reported_at, s.arrived_at, s.code,
    s.title, s.details
FROM attempt AS a
JOIN status_event AS s ON s.attempt_id = a.id
WHERE a.message_id IN (SELECT value FROM json_each(:message_ids))
UNION ALL
SELECT s.id, s.message_id, s.attempt_id, s.event_id, s.wamid, s.status, s.reported_at, s.arrived_at, s.code, s.title, s.details
FROM status_event AS s
WHERE s.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY 1;

-- name: list_decisions
SELECT id, message_id, kind, at, actor_kind, actor_name, note
FROM decision
WHERE message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY id;

-- name: list_items
SELECT
    e.id, e.webhook_id, e.pointer, e.repeats, e.arrived_at, e.last_arrived_at, e.item_digest,
    w.arrived_at AS body_arrived_at, w.monotonic_ns, w.boot_id, w.secret_name, w.digest
FROM event AS e
JOIN webhook AS w ON w.id = e.webhook_id
WHERE e.id IN (SELECT value FROM json_each(:event_ids))
ORDER BY e.webhook_id, e.id;

-- name: get_body
SELECT headers, body FROM webhook WHERE id = :webhook_id;

-- name: list_acts
SELECT a.id, a.subject_id AS message_id, a.at, a.actor_kind, a.actor_name, a.verb, a.detail
FROM act AS a
WHERE a.subject_kind = 'message' AND a.subject_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY a.id;

-- name: list_leaves
SELECT
    l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.subject_kind = :kind AND l.subject_id IN (SELECT value FROM json_each(:ids)) AND l.position < :size
ORDER BY l.position;

-- name: list_run
-- All leaves of a conversation between two of its numbers, whatever they speak of.
SELECT
    l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.conversation_id = :conversation_id AND l.cseq BETWEEN :first AND :last AND l.position < :size
ORDER BY l.cseq;

-- name: find_last_number
SELECT max(cseq) AS last FROM leaf WHERE conversation_id = :conversation_id AND position < :size;

-- name: has_moved
SELECT 1 FROM leaf
WHERE position >= :size AND +conversation_id IN (SELECT value FROM json_each(:conversation_ids))
LIMIT 1;

-- name: find_thread
SELECT name FROM ledger_thread WHERE conversation_id = :conversation_id;

-- name: list_of_the_system
-- Leaves that speak of no row (heartbeats, starts, restores, key changes) in a period.
SELECT
    l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.subject_id IS NULL AND l.at >= :from_at AND l.at < :until_at AND l.position < :size
ORDER BY l.position
LIMIT :limit;

-- name: list_access
SELECT name, role, created_at, disabled_at FROM staff WHERE disabled_at IS NULL OR disabled_at >= :from_at ORDER BY id;

-- name: list_whole
-- Webhooks all of whose items, as far as they are stored under it, are of these messages.
WITH shown (id) AS (
    SELECT event_id FROM message WHERE id IN (SELECT value FROM json_each(:message_ids)) AND event_id IS NOT NULL
    UNION
    SELECT event_id FROM message WHERE same_as IN (SELECT value FROM json_each(:message_ids)) AND event_id IS NOT NULL
    UNION
    SELECT event_id FROM message_version WHERE message_id IN (SELECT value FROM json_each(:message_ids))
    UNION
    SELECT s.event_id FROM attempt AS a JOIN status_event AS s ON s.attempt_id = a.id
    WHERE a.message_id IN (SELECT value FROM json_each(:message_ids))
    UNION
    SELECT event_id FROM status_event WHERE message_id IN (SELECT value FROM json_each(:message_ids))
)
SELECT webhook_id, count(*) AS items
FROM event
WHERE webhook_id IN (SELECT e.webhook_id FROM event AS e JOIN shown ON shown.id = e.id)
GROUP BY webhook_id
HAVING count(*) = sum(id IN (SELECT id FROM shown));


-- name: find_contact
SELECT coalesce(p.joined_to, p.id) AS id FROM conversation AS c JOIN contact AS p ON p.id = c.contact_id WHERE c.id = :conversation_id;

-- name: list_office_acts
-- What was done to staff, tokens, sending and the office's own settings in a period.
SELECT a.at, a.actor_kind, a.actor_name, a.verb, a.subject_kind, a.detail
FROM act AS a
WHERE a.subject_kind IN ('staff', 'token', 'number') AND a.at >= :from_at AND a.at < :until_at
ORDER BY a.id
LIMIT :limit;

-- name: list_approvals
SELECT id FROM notice_approval WHERE notice_id = :notice_id ORDER BY id;

-- name: list_newest_bodies
-- Webhooks of the newest messages and reports, which name the office's number.
SELECT body FROM webhook
WHERE id IN (SELECT webhook_id FROM event WHERE kind IN ('message', 'status') AND state = 'done' ORDER BY id DESC LIMIT :limit)
ORDER BY id DESC;
