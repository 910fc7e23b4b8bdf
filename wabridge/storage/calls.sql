-- name: set_course
UPDATE message SET content = :content, written_at = min(written_at, :began_at) WHERE id = :message_id;
