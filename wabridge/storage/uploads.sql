-- name: find_usable
SELECT id, media_id, file_id FROM upload
WHERE media_id = :media_id AND outcome = 'taken' AND forgotten_at IS NULL AND number_id = :number_id
AND token_mark = :token_mark AND opened_at > :since
ORDER BY id DESC LIMIT 1;

-- name: open_
INSERT INTO upload (
    media_id, number_id, opened_at, monotonic_ns, boot_id, request_url, request_head, sha256, size, token_mark, outcome
)
VALUES (
    :media_id, :number_id, :opened_at, :monotonic_ns, :boot_id, :request_url, :request_head, :sha256, :size, :token_mark,
    'open'
)
RETURNING id;

-- name: settle
UPDATE upload
SET outcome = :outcome, reason = :reason, code = :code, file_id = :file_id, settled_at = :now,
    response_status = :response_status, response_headers = :response_headers, response_body = :response_body
WHERE id = :upload_id AND outcome = 'open';

-- name: settle_left_open
UPDATE upload SET outcome = 'unknown', reason = 'the program ended before the answer came', settled_at = :now
WHERE outcome = 'open'
RETURNING id;

-- name: forget
UPDATE upload SET forgotten_at = :now WHERE media_id = :media_id AND outcome = 'taken' AND forgotten_at IS NULL;

-- name: forget_of
UPDATE upload SET forgotten_at = :now
WHERE media_id IN (SELECT id FROM media WHERE message_id = (SELECT message_id FROM attempt WHERE id = :attempt_id))
AND outcome = 'taken' AND forgotten_at IS NULL;

-- name: was_forgotten
SELECT 1 FROM upload WHERE media_id = :media_id AND forgotten_at > :since LIMIT 1;

-- name: list_for
SELECT media.message_id, upload.*
FROM media JOIN upload ON upload.media_id = media.id
WHERE media.message_id IN (SELECT value FROM json_each(:message_ids))
ORDER BY upload.id;
