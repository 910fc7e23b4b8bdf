-- Rows that no leaf speaks of, by id: from before the ledger, or written around it.

-- name: message
SELECT r.id FROM message AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'message' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: version
SELECT r.id FROM message_version AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'version' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: attempt
SELECT r.id FROM attempt AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'attempt' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: answer
SELECT r.id FROM attempt AS r
WHERE r.id > :after AND r.id <= :through
AND (r.settled_by IN ('answer', 'restart', 'staff') OR r.response_status IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'answer' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: status
SELECT r.id FROM status_event AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'status' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: decision
SELECT r.id FROM decision AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'decision' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: act
SELECT r.id FROM act AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'act' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: alert
SELECT r.id FROM identity_alert AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'alert' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: media
SELECT r.id FROM media AS r
WHERE r.id > :after AND r.id <= :through
AND r.stored_at IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'media' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: upload
SELECT r.id FROM upload AS r
WHERE r.id > :after AND r.id <= :through
AND r.outcome <> 'open'
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'upload' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: news
SELECT r.id FROM account_news AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'news' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: notice_version
SELECT r.id AS id FROM notice_version AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'notice_version' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: notice_approval
SELECT r.id AS id FROM notice_approval AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'notice_approval' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;

-- name: notice_carrier
SELECT r.message_id AS id FROM notice_message AS r
WHERE r.message_id > :after AND r.message_id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'notice_carrier' AND leaf.subject_id = r.message_id)
ORDER BY r.message_id
LIMIT :limit;

-- name: notice_event
SELECT r.id AS id FROM notice_event AS r
WHERE r.id > :after AND r.id <= :through
AND NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.subject_kind = 'notice_event' AND leaf.subject_id = r.id)
ORDER BY r.id
LIMIT :limit;
