-- name: open_
INSERT INTO attempt (
    message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url, request_body, outcome
)
VALUES (
    :message_id, :number_id, :token, :recipient, :opened_at, :monotonic_ns, :boot_id, :request_url, :request_body, 'open'
)
RETURNING id;

-- name: settle
-- Compare and set: whoever knows first has said it, and an unknown outcome never replaces a known one.
UPDATE attempt SET
    outcome = :outcome,
    reason = coalesce(:reason, reason),
    code = coalesce(:code, code),
    refusal_is_final = :refusal_is_final,
    settled_at = :now,
    settled_by = :settled_by
WHERE id = :attempt_id AND (outcome = 'open' OR (outcome = 'unknown' AND :outcome <> 'unknown'));

-- name: record_answer
-- Evidence, whatever else is known already. accepted_at: an HTTP 200 with an id came, and nothing else counts as that.
UPDATE attempt SET
    response_status = :response_status,
    response_headers = :response_headers,
    response_body = :response_body,
    accepted_at = coalesce(accepted_at, :accepted_at),
    held = coalesce(held, :held)
WHERE id = :attempt_id;

-- name: set_wamid
UPDATE OR IGNORE attempt
SET wamid = :wamid
WHERE id = :attempt_id AND wamid IS NULL;

-- name: add_remark
UPDATE attempt
SET reason = CASE WHEN reason IS NULL THEN :remark ELSE reason || '; ' || :remark END
WHERE id = :attempt_id;

-- name: get
SELECT id, message_id, number_id, outcome, token, wamid, opened_at FROM attempt WHERE id = :attempt_id;

-- name: list_undecided
SELECT id, message_id, outcome, recipient, opened_at
FROM attempt
WHERE outcome IN ('open', 'unknown')
ORDER BY id;

-- name: find_unknown_to
SELECT a.id, a.message_id, m.conversation_id
FROM attempt AS a
JOIN message AS m ON m.id = a.message_id
WHERE a.outcome IN ('open', 'unknown') AND a.outcome = 'unknown' AND +a.number_id = :number_id
AND a.recipient = :recipient
ORDER BY a.id DESC
LIMIT 1;

-- name: find_by_tokens
SELECT id, message_id, number_id, outcome, token, wamid, opened_at
FROM attempt
WHERE token IN (SELECT value FROM json_each(:tokens));

-- name: find_by_wamids
SELECT id, message_id, number_id, outcome, token, wamid, opened_at
FROM attempt
WHERE number_id = :number_id AND wamid IN (SELECT value FROM json_each(:wamids));
