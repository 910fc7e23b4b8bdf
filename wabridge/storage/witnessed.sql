-- What a leaf says of a row. id and conversation_id come first; part_*: bytes that get a commitment of their own; digest_*: the SHA-256 of such;
-- note_*: stands in the leaf in the clear; is_in_flux: what is in the row at this moment is not what will stay. All else is the row, in
-- this order. A column that comes to be here later goes last, and only with a value in rows that are new: what was recorded is compared
-- with what the same query says years later.

-- name: message
SELECT
    m.id, m.conversation_id, m.number_id, m.direction, m.kind, m.text, m.content, m.quoted_wamid, m.target_wamid, m.written_at,
    m.created_at, m.wamid, m.author_kind, m.author_id, m.author_name, e.pointer,
    e.item_digest AS digest_item, w.digest AS digest_body
FROM message AS m
LEFT JOIN event AS e ON e.id = m.event_id
LEFT JOIN webhook AS w ON w.id = e.webhook_id
WHERE m.id IN (SELECT value FROM json_each(:ids));

-- name: version
SELECT
    v.id, m.conversation_id, v.message_id, v.relation, v.kind, v.text, v.content, v.created_at, e.pointer,
    e.item_digest AS digest_item, w.digest AS digest_body
FROM message_version AS v
JOIN message AS m ON m.id = v.message_id
LEFT JOIN event AS e ON e.id = v.event_id
LEFT JOIN webhook AS w ON w.id = e.webhook_id
WHERE v.id IN (SELECT value FROM json_each(:ids));

-- name: attempt
SELECT
    a.id, m.conversation_id, a.message_id, a.number_id, a.token, a.recipient, a.opened_at, a.monotonic_ns, a.boot_id, a.request_url,
    a.request_body AS part_request
FROM attempt AS a
JOIN message AS m ON m.id = a.message_id
WHERE a.id IN (SELECT value FROM json_each(:ids));

-- name: answer
SELECT
    a.id, m.conversation_id, a.message_id, a.response_status, a.accepted_at,
    a.response_headers AS part_headers, a.response_body AS part_response, a.outcome AS note_outcome, a.settled_by AS note_by
FROM attempt AS a
JOIN message AS m ON m.id = a.message_id
WHERE a.id IN (SELECT value FROM json_each(:ids));

-- name: status
SELECT
    s.id, m.conversation_id, s.number_id, s.wamid, s.token, s.recipient, s.status, s.reported_at, s.arrived_at, s.code, s.title, s.details,
    e.pointer, e.item_digest AS digest_item, w.digest AS digest_body
FROM status_event AS s
JOIN event AS e ON e.id = s.event_id
JOIN webhook AS w ON w.id = e.webhook_id
LEFT JOIN attempt AS a ON a.id = s.attempt_id
LEFT JOIN message AS m ON m.id = coalesce(a.message_id, s.message_id)
WHERE s.id IN (SELECT value FROM json_each(:ids));

-- name: decision
SELECT
    d.id, m.conversation_id, d.message_id, d.kind, d.at, d.actor_kind, d.actor_id, d.actor_name, d.after_attempt, d.status, d.note
FROM decision AS d
JOIN message AS m ON m.id = d.message_id
WHERE d.id IN (SELECT value FROM json_each(:ids));

-- name: act
SELECT
    a.id,
    CASE a.subject_kind
        WHEN 'message' THEN (SELECT m.conversation_id FROM message AS m WHERE m.id = a.subject_id)
        WHEN 'conversation' THEN (SELECT c.id FROM conversation AS c WHERE c.id = a.subject_id)
        -- what is done to a person counts in their newest conversation; with nobody who has one it counts nowhere
        WHEN 'contact' THEN (SELECT max(c.id) FROM conversation AS c WHERE c.contact_id = a.subject_id)
    END AS conversation_id,
    a.at, a.actor_kind, a.actor_id, a.actor_name, a.verb, a.subject_kind, a.subject_id, a.detail
FROM act AS a
WHERE a.id IN (SELECT value FROM json_each(:ids));

-- name: alert
SELECT
    i.id, (SELECT max(c.id) FROM conversation AS c WHERE c.contact_id = i.contact_id) AS conversation_id,
    i.kind, i.old_value, i.new_value, i.event_id, i.happened_at, i.raised_at
FROM identity_alert AS i
WHERE i.id IN (SELECT value FROM json_each(:ids));

-- name: media
SELECT
    f.id, m.conversation_id, f.message_id, f.file_id, f.kind, f.mime_type, f.file_name, f.claimed_sha256, f.size, f.sha256, f.is_as_claimed,
    f.stored_at, unhex(f.sha256) AS digest_file, f.state <> 'stored' AS is_in_flux
FROM media AS f
JOIN message AS m ON m.id = f.message_id
WHERE f.id IN (SELECT value FROM json_each(:ids)) AND f.stored_at IS NOT NULL;

-- name: upload
SELECT
    u.id, m.conversation_id, f.message_id, u.media_id, u.number_id, u.opened_at, u.monotonic_ns, u.boot_id, u.request_url, u.sha256, u.size,
    u.code, u.settled_at, u.file_id, u.response_status, unhex(u.sha256) AS digest_file, u.request_head AS part_request,
    u.response_headers AS part_headers, u.response_body AS part_response, u.outcome AS note_outcome, u.outcome = 'open' AS is_in_flux
FROM upload AS u
JOIN media AS f ON f.id = u.media_id
JOIN message AS m ON m.id = f.message_id
WHERE u.id IN (SELECT value FROM json_each(:ids));

-- name: news
SELECT id, NULL AS conversation_id, event_id, kind, section, severity, at, reported_at, arrived_at, details
FROM account_news
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: notice_version
SELECT
    v.id, n.conversation_id, v.notice_id, n.number AS reference, v.number, v.title, v.matter, v.text, v.document, v.language, v.wanted,
    v.deadline_at, v.author_kind, v.author_id, v.author_name, v.created_at, v.content AS part_content
FROM notice_version AS v
JOIN notice AS n ON n.id = v.notice_id
WHERE v.id IN (SELECT value FROM json_each(:ids));

-- name: notice_approval
SELECT
    a.id, n.conversation_id, a.notice_id, a.version_id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.sha256, a.recipient,
    a.recipient_name, a.key_hash, a.alert_id
FROM notice_approval AS a
JOIN notice AS n ON n.id = a.notice_id
WHERE a.id IN (SELECT value FROM json_each(:ids));

-- name: notice_carrier
SELECT
    c.message_id AS id, n.conversation_id, c.notice_id, c.version_id, c.purpose, c.nonce, c.salt, c.commitment, c.key_hash, c.at
FROM notice_message AS c
JOIN notice AS n ON n.id = c.notice_id
WHERE c.message_id IN (SELECT value FROM json_each(:ids));

-- name: notice_event
SELECT
    e.id, n.conversation_id, e.notice_id, e.kind, e.at, e.happened_at, e.actor_kind, e.actor_id, e.actor_name, e.message_id, e.version_id,
    e.word, e.objection, e.means, e.note, e.reference, e.document, e.corrects
FROM notice_event AS e
JOIN notice AS n ON n.id = e.notice_id
WHERE e.id IN (SELECT value FROM json_each(:ids));
