-- name: get_number
SELECT per_second, rests_until, begun_at, rounds, code FROM number_pace WHERE number_id = :number_id;

-- name: set_throughput
INSERT INTO number_pace (number_id, per_second) VALUES (:number_id, :per_second)
ON CONFLICT (number_id) DO UPDATE SET per_second = excluded.per_second;

-- name: set_number_rest
INSERT INTO number_pace (number_id, rests_until, begun_at, rounds, code)
VALUES (:number_id, :rests_until, :now, :rounds, :code)
ON CONFLICT (number_id) DO UPDATE SET
    rests_until = excluded.rests_until, begun_at = excluded.begun_at, rounds = excluded.rounds, code = excluded.code;

-- name: forget_number_rounds
-- An answer that came to something sent before the rest began says nothing about the speed after it.
UPDATE number_pace SET rounds = 0 WHERE number_id = :number_id AND rounds > 0 AND begun_at < :opened_at;

-- name: get_pair
SELECT borrowed_until, rests_until, rounds, code FROM pair_pace WHERE conversation_id = :conversation_id;

-- name: set_borrowed
INSERT INTO pair_pace (conversation_id, borrowed_until) VALUES (:conversation_id, :borrowed_until)
ON CONFLICT (conversation_id) DO UPDATE SET borrowed_until = excluded.borrowed_until;

-- name: set_pair_rest
INSERT INTO pair_pace (conversation_id, rests_until, rounds, code, borrowed_until)
VALUES (:conversation_id, :rests_until, :rounds, :code, :borrowed_until)
ON CONFLICT (conversation_id) DO UPDATE SET
    rests_until = excluded.rests_until, rounds = excluded.rounds, code = excluded.code,
    borrowed_until = excluded.borrowed_until;

-- name: forget_pair_rounds
UPDATE pair_pace SET rounds = 0 WHERE conversation_id = :conversation_id AND rounds > 0;

-- name: find_due
-- When the next thing that waits for the clock alone may go.
SELECT min(at) AS at
FROM (
    SELECT min(not_before_at) AS at
    FROM message
    WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL AND not_before_at > :now
    UNION ALL
    SELECT min(rests_until) FROM pair_pace WHERE rests_until > :now
    UNION ALL
    SELECT rests_until FROM number_pace WHERE number_id = :number_id AND rests_until > :now
);
