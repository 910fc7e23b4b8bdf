-- name: find
SELECT id FROM number WHERE phone_number_id = :phone_number_id;

-- name: ensure
INSERT INTO number (phone_number_id)
VALUES (:phone_number_id)
RETURNING id;

-- name: list_all
SELECT phone_number_id, id FROM number;

-- name: get_pause
SELECT paused_at, paused_reason, paused_token, paused_code
FROM number
WHERE id = :number_id AND paused_at IS NOT NULL;

-- name: set_pause
-- The first reason stays: it is what a person has to put right.
UPDATE number
SET paused_at = :since, paused_reason = :reason, paused_token = :token, paused_code = :code
WHERE id = :number_id AND paused_at IS NULL;

-- name: set_paused_token
UPDATE number SET paused_token = :token
WHERE id = :number_id AND paused_at IS NOT NULL AND paused_token IS NULL;

-- name: clear_pause
UPDATE number
SET paused_at = NULL, paused_reason = NULL, paused_token = NULL, paused_code = NULL
WHERE id = :number_id AND paused_at IS NOT NULL;
