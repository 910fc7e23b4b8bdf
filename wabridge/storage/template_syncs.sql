-- name: get
SELECT * FROM template_sync WHERE account_id = :account_id;

-- name: ask
INSERT INTO template_sync (account_id, asked_at) VALUES (:account_id, :now)
ON CONFLICT (account_id) DO UPDATE SET asked_at = excluded.asked_at;

-- name: set_good
INSERT INTO template_sync (account_id, begun_at, good_at, unreadable, next_at)
VALUES (:account_id, :begun_at, :begun_at, :unreadable, :next_at)
ON CONFLICT (account_id) DO UPDATE
SET begun_at = excluded.begun_at, good_at = excluded.good_at, unreadable = excluded.unreadable, failures = 0,
    next_at = excluded.next_at, asked_at = CASE WHEN asked_at > excluded.begun_at THEN asked_at END;

-- name: set_failed
INSERT INTO template_sync (account_id, begun_at, failed_at, failures, reason, code, said, next_at)
VALUES (:account_id, :begun_at, :now, :failures, :reason, :code, :said, :next_at)
ON CONFLICT (account_id) DO UPDATE
SET begun_at = excluded.begun_at, failed_at = excluded.failed_at, failures = excluded.failures, reason = excluded.reason,
    code = excluded.code, said = excluded.said, next_at = excluded.next_at,
    asked_at = CASE WHEN asked_at > excluded.begun_at THEN asked_at END;
