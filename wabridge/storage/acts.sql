-- name: add
INSERT INTO act (at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, detail)
VALUES (:now, :actor_kind, :actor_id, :actor_name, :verb, :subject_kind, :subject_id, :detail)
RETURNING id;

-- name: list_for
SELECT at, actor_kind, actor_id, actor_name, verb, detail
FROM act
WHERE subject_kind = :subject_kind AND subject_id = :subject_id
ORDER BY id;
