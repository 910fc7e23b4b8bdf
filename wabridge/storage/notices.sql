-- name: add
-- One more than the last of the year, in this very transaction: no gap, and no number twice.
INSERT INTO notice (year, sequence, number, conversation_id, contact_id, author_kind, author_id, author_name, created_at)
VALUES (
    :year, :sequence, :number, :conversation_id, :contact_id, :author_kind, :author_id, :author_name, :now
)
RETURNING id;

-- name: add__last
SELECT max(sequence) AS last FROM notice WHERE year = :year;

-- name: add_version
INSERT INTO notice_version (
    notice_id, number, title, matter, text, document, language, wanted, deadline_at, content,
    author_kind, author_id, author_name, created_at
)
VALUES (
    :notice_id, :number, :title, :matter, :text, :document, :language, :wanted, :deadline_at, :content,
    :author_kind, :author_id, :author_name, :now
)
RETURNING id;

-- name: add_approval
INSERT INTO notice_approval (
    notice_id, version_id, at, actor_kind, actor_id, actor_name, sha256, recipient, recipient_name, key_hash, alert_id
)
VALUES (
    :notice_id, :version_id, :now, :actor_kind, :actor_id, :actor_name, :sha256, :recipient, :recipient_name, :key_hash, :alert_id
)
RETURNING id;

-- name: mark
UPDATE notice SET is_over = :is_over, next_at = :next_at WHERE id = :notice_id;

-- name: want_look
UPDATE notice SET next_at = :now
WHERE is_over = 0 AND id IN (
    SELECT notice_id FROM notice_message WHERE purpose = 'notice' AND message_id IN (SELECT value FROM json_each(:message_ids))
);

-- name: read_many
SELECT id, number, conversation_id, contact_id, author_kind, author_id, author_name, created_at
FROM notice
WHERE id IN (SELECT value FROM json_each(:notice_ids));

-- name: read_many__versions
SELECT id, notice_id, number, title, matter, text, document, language, wanted, deadline_at, content,
    author_kind, author_id, author_name, created_at
FROM notice_version
WHERE notice_id IN (SELECT value FROM json_each(:notice_ids))
ORDER BY notice_id, number;

-- name: read_many__approvals
SELECT notice_id, version_id, at, actor_kind AS author_kind, actor_id AS author_id, actor_name AS author_name, sha256, recipient,
    recipient_name, key_hash, alert_id
FROM notice_approval
WHERE notice_id IN (SELECT value FROM json_each(:notice_ids))
ORDER BY id;

-- name: list_open
SELECT id FROM notice WHERE is_over = 0 ORDER BY id DESC LIMIT :limit;

-- name: count_over
SELECT count(*) AS number FROM notice WHERE is_over = 1;

-- name: list_over
SELECT id FROM notice WHERE is_over = 1 AND id < :before ORDER BY id DESC LIMIT :limit;

-- name: list_page
SELECT id FROM notice WHERE id < :before ORDER BY id DESC LIMIT :limit;

-- name: list_in
SELECT id
FROM notice
WHERE conversation_id IN (SELECT id FROM conversation WHERE id = :conversation_id OR joined_to = :conversation_id)
ORDER BY id DESC;

-- name: list_due
-- What is due long ago was missed while the program was down; what is due after now is not, however far the clock had been ahead.
SELECT id FROM notice WHERE next_at IS NOT NULL AND next_at <= :now ORDER BY next_at, id LIMIT :limit;

-- name: list_of_matter
-- By any version: which of them the person was told, the model says.
SELECT DISTINCT notice_id AS id FROM notice_version WHERE matter = :matter ORDER BY notice_id DESC;

-- name: list_matters
-- Of each notice the version that went last, or the newest one if none did.
SELECT DISTINCT v.matter
FROM notice AS n
JOIN notice_version AS v ON v.id = coalesce(
    (
        SELECT c.version_id FROM notice_message AS c JOIN message AS m ON m.id = c.message_id
        WHERE c.notice_id = n.id AND c.purpose = 'notice' AND m.status <> 'cancelled'
        ORDER BY c.message_id DESC LIMIT 1
    ),
    (SELECT newest.id FROM notice_version AS newest WHERE newest.notice_id = n.id ORDER BY newest.number DESC LIMIT 1)
)
WHERE v.matter <> ''
ORDER BY v.matter;
