-- name: add
INSERT INTO notice_event (
    notice_id, kind, at, happened_at, actor_kind, actor_id, actor_name, message_id, version_id,
    word, objection, means, note, reference, document, corrects
)
VALUES (
    :notice_id, :kind, :at, :happened_at, :actor_kind, :actor_id, :actor_name, :message_id, :version_id,
    :word, :objection, :means, :note, :reference, :document, :corrects
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: list_for
SELECT id, notice_id, kind, at, happened_at, actor_kind, actor_id, actor_name, message_id, version_id,
    word, objection, means, note, reference, document, corrects
FROM notice_event
WHERE notice_id IN (SELECT value FROM json_each(:notice_ids))
ORDER BY id;

-- name: add_carrier
INSERT INTO notice_message (message_id, notice_id, version_id, purpose, nonce, salt, commitment, key_hash, at)
VALUES (:message_id, :notice_id, :version_id, :purpose, :nonce, :salt, :commitment, :key_hash, :at);

-- name: carriers_of
SELECT message_id, notice_id, version_id, purpose, nonce, commitment, at
FROM notice_message
WHERE notice_id IN (SELECT value FROM json_each(:notice_ids))
ORDER BY message_id;

-- name: list_attempts
SELECT message_id, wamid, outcome
FROM attempt
WHERE message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY id;

-- name: find_by_wamid
SELECT c.notice_id
FROM attempt AS a
JOIN notice_message AS c ON c.message_id = a.message_id
WHERE a.number_id = :number_id AND a.wamid = :wamid;

-- name: is_known
SELECT 1
WHERE EXISTS (SELECT 1 FROM attempt WHERE attempt.number_id = :number_id AND attempt.wamid = :wamid)
OR EXISTS (SELECT 1 FROM message WHERE message.number_id = :number_id AND message.wamid = :wamid);

-- name: find_handing
SELECT c.commitment, c.key_hash, a.recipient
FROM notice_message AS c
JOIN notice_approval AS a ON a.version_id = c.version_id
WHERE c.message_id = :message_id;

-- name: list_answered
SELECT notice_id FROM notice_event WHERE message_id = :message_id AND kind = 'answered';

-- name: list_about
-- Which notice a message carries, asks about, thanks for, or answers.
SELECT c.message_id, c.notice_id, n.number, c.purpose AS role, NULL AS word, NULL AS objection
FROM notice_message AS c
JOIN notice AS n ON n.id = c.notice_id
WHERE c.message_id IN (SELECT value FROM json_each(:message_ids))
UNION ALL
SELECT e.message_id, e.notice_id, n.number, 'answer', e.word, e.objection
FROM notice_event AS e
JOIN notice AS n ON n.id = e.notice_id
WHERE e.message_id IN (SELECT value FROM json_each(:message_ids)) AND e.kind = 'answered';
