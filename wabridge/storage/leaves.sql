-- name: get
SELECT l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.position = :position;

-- name: find
SELECT position FROM leaf WHERE subject_kind = :subject_kind AND subject_id = :subject_id ORDER BY revision;

-- name: list_page
SELECT l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.position >= :start
ORDER BY l.position
LIMIT :limit;

-- name: list_for_conversation
SELECT l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.conversation_id = :conversation_id AND l.cseq > :after
ORDER BY l.cseq
LIMIT :limit;

-- name: list_of_kind
SELECT l.position, l.kind, l.subject_kind, l.subject_id, l.revision, l.conversation_id, l.cseq, l.at, l.is_backfilled, l.text, l.hash, s.secret
FROM leaf AS l
LEFT JOIN leaf_secret AS s ON s.position = l.position
WHERE l.kind = :kind AND l.subject_id IS NULL
ORDER BY l.position DESC
LIMIT :limit;

-- name: keep_newest
SELECT l.position
FROM leaf AS l
WHERE l.position IN (SELECT value FROM json_each(:positions)) AND l.subject_id IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM leaf AS later
    WHERE later.subject_kind = l.subject_kind AND later.subject_id = l.subject_id AND later.revision > l.revision
);
