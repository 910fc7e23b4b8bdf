-- name: size
SELECT coalesce(max(position) + 1, 0) AS size FROM leaf;

-- name: add
INSERT INTO leaf (position, kind, subject_kind, subject_id, revision, conversation_id, cseq, at, is_backfilled, text, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_secret
INSERT INTO leaf_secret (position, secret) VALUES (?, ?);

-- name: list_revisions
SELECT subject_id, max(revision) AS revision
FROM leaf
WHERE subject_kind = :subject_kind AND subject_id IN (SELECT value FROM json_each(:ids))
GROUP BY subject_id;

-- name: list_threads
SELECT
    t.conversation_id, t.name,
    (SELECT l.position FROM leaf AS l WHERE l.conversation_id = t.conversation_id ORDER BY l.cseq DESC LIMIT 1) AS last
FROM ledger_thread AS t
WHERE t.conversation_id IN (SELECT value FROM json_each(:conversation_ids));

-- name: list_tails
SELECT conversation_id, cseq, hash FROM leaf WHERE position IN (SELECT value FROM json_each(:positions));

-- name: add_thread
INSERT INTO ledger_thread (conversation_id, name) VALUES (?, ?);

-- name: forget
DELETE FROM leaf_secret
WHERE position IN (SELECT position FROM leaf WHERE subject_kind = :subject_kind AND subject_id IN (SELECT value FROM json_each(:ids)));
