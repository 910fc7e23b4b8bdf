-- name: want
INSERT INTO anchor_wish (why, wanted_at, after_checkpoint)
SELECT :why, :now, newest.id
FROM (SELECT coalesce(max(id), 0) AS id FROM checkpoint) AS newest
WHERE NOT EXISTS (
    SELECT 1 FROM anchor_wish AS w
    WHERE w.checkpoint_id IS NULL AND w.why = :why AND w.after_checkpoint = newest.id
);

-- name: want_for_notices
INSERT INTO anchor_wish (why, wanted_at, after_checkpoint)
SELECT 'notice', :now, newest.id
FROM (SELECT coalesce(max(id), 0) AS id FROM checkpoint) AS newest
WHERE
    EXISTS (SELECT 1 FROM notice_message WHERE message_id IN (SELECT value FROM json_each(:message_ids)))
    AND NOT EXISTS (
        SELECT 1 FROM anchor_wish AS w
        WHERE w.checkpoint_id IS NULL AND w.why = 'notice' AND w.after_checkpoint = newest.id
    );

-- name: list_wishes
SELECT id, why, wanted_at, after_checkpoint FROM anchor_wish WHERE checkpoint_id IS NULL ORDER BY id;

-- name: last_wanted
SELECT wanted_at FROM anchor_wish WHERE why = :why ORDER BY id DESC LIMIT 1;

-- name: fulfil
UPDATE anchor_wish SET checkpoint_id = :checkpoint_id WHERE checkpoint_id IS NULL AND id <= :through;

-- name: add
INSERT INTO anchor (checkpoint_id, kind, address, wanted_at, next_try_at)
VALUES (:checkpoint_id, :kind, :address, :wanted_at, :now)
ON CONFLICT DO NOTHING;

-- name: find_due
SELECT a.id, a.checkpoint_id, a.kind, a.address, a.wanted_at, a.state, a.tries, a.next_try_at, a.reason, c.note
FROM anchor AS a JOIN checkpoint AS c ON c.id = a.checkpoint_id
WHERE
    a.state = 'wanted' AND a.next_try_at <= :now
    AND EXISTS (SELECT 1 FROM json_each(:places) AS p WHERE p.value = a.kind || ' ' || a.address)
    AND NOT EXISTS (
        SELECT 1 FROM anchor AS later
        WHERE later.kind = a.kind AND later.address = a.address AND later.state = 'wanted' AND later.checkpoint_id > a.checkpoint_id
    )
ORDER BY a.next_try_at, a.id
LIMIT 1;

-- name: mark_failed
UPDATE anchor SET tries = tries + 1, next_try_at = :next_try_at, reason = :reason WHERE id = :anchor_id AND state = 'wanted';

-- name: keep
UPDATE anchor SET state = 'made', tries = tries + 1, reason = NULL WHERE id = :anchor_id AND state = 'wanted';

-- name: keep__proof
INSERT INTO anchor_proof (anchor_id, made_at, stated_at, authority, is_trusted, request, answer)
VALUES (:anchor_id, :made_at, :stated_at, :authority, :is_trusted, :request, :answer);

-- name: keep__supersede
UPDATE anchor
SET state = 'superseded'
WHERE
    state = 'wanted'
    AND (kind, address) = (SELECT kind, address FROM anchor WHERE id = :anchor_id)
    AND checkpoint_id < (SELECT checkpoint_id FROM anchor WHERE id = :anchor_id);

-- name: list_newest
SELECT
    a.id, a.checkpoint_id, a.kind, a.address, a.wanted_at, a.state, a.tries, a.next_try_at, a.reason,
    p.made_at, p.stated_at, p.authority, p.is_trusted
FROM anchor AS a JOIN anchor_proof AS p ON p.anchor_id = a.id
WHERE a.state = 'made' AND NOT EXISTS (
    SELECT 1 FROM anchor AS later
    WHERE later.kind = a.kind AND later.address = a.address AND later.state = 'made' AND later.checkpoint_id > a.checkpoint_id
)
ORDER BY a.kind DESC, a.address;

-- name: list_wanted
SELECT id, checkpoint_id, kind, address, wanted_at, state, tries, next_try_at, reason
FROM anchor
WHERE
    state = 'wanted'
    AND EXISTS (SELECT 1 FROM json_each(:places) AS p WHERE p.value = anchor.kind || ' ' || anchor.address)
ORDER BY id;

-- name: list_kept
SELECT
    a.id, a.checkpoint_id, a.kind, a.address, a.wanted_at, a.state, a.tries, a.next_try_at, a.reason,
    p.made_at, p.stated_at, p.authority, p.is_trusted, p.request, p.answer, c.size, c.note
FROM anchor AS a
JOIN anchor_proof AS p ON p.anchor_id = a.id
JOIN checkpoint AS c ON c.id = a.checkpoint_id
WHERE a.id > :after
ORDER BY a.id
LIMIT :limit;

-- name: list_kept_newest
SELECT
    a.id, a.checkpoint_id, a.kind, a.address, a.wanted_at, a.state, a.tries, a.next_try_at, a.reason,
    p.made_at, p.stated_at, p.authority, p.is_trusted, p.request, p.answer, c.size, c.note
FROM anchor AS a
JOIN anchor_proof AS p ON p.anchor_id = a.id
JOIN checkpoint AS c ON c.id = a.checkpoint_id
WHERE a.state = 'made' AND NOT EXISTS (
    SELECT 1 FROM anchor AS later
    WHERE later.kind = a.kind AND later.address = a.address AND later.state = 'made' AND later.checkpoint_id > a.checkpoint_id
)
ORDER BY a.kind DESC, a.address;

-- name: list_covering
SELECT
    a.id, a.checkpoint_id, a.kind, a.address, a.wanted_at, a.state, a.tries, a.next_try_at, a.reason,
    p.made_at, p.stated_at, p.authority, p.is_trusted, p.request, p.answer, c.size, c.note
FROM anchor AS a
JOIN anchor_proof AS p ON p.anchor_id = a.id
JOIN checkpoint AS c ON c.id = a.checkpoint_id
WHERE a.state = 'made' AND c.size > :position AND NOT EXISTS (
    SELECT 1 FROM anchor AS earlier JOIN checkpoint AS e ON e.id = earlier.checkpoint_id
    WHERE
        earlier.kind = a.kind AND earlier.address = a.address AND earlier.state = 'made'
        AND earlier.checkpoint_id < a.checkpoint_id AND e.size > :position
)
ORDER BY p.made_at, a.id;
