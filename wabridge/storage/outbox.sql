-- Messages on their way out. `status IN ('pending', 'unknown')` is written out wherever the index message_waiting must serve, and
-- `+number_id` keeps the planner from preferring the index of all messages of a number.

-- name: add_outbound
INSERT INTO message (
    conversation_id, number_id, direction, kind, text, content, target_wamid, quoted_wamid, written_at, created_at,
    author_kind, author_id, author_name, status, waited_from_at, not_before_at, undo_until_at, part_of, queued_with
)
VALUES (
    :conversation_id, :number_id, 'outbound', :kind, :text, :content, :target_wamid, :quoted_wamid, :now, :now,
    :author_kind, :author_id, :author_name, 'pending', coalesce(:undo_until, :now), :undo_until, :undo_until, :part_of, :queued_with
)
RETURNING id;

-- name: find_conversation
SELECT id FROM conversation WHERE number_id = :number_id AND contact_id = :contact_id;

-- name: find_state
SELECT message.conversation_id, kind, status, hold, tries, resends, coalesce(person.joined_to, person.id) AS contact_id
FROM message
JOIN conversation AS thread ON thread.id = message.conversation_id
LEFT JOIN contact AS person ON person.id = thread.contact_id
WHERE message.id = :message_id AND direction = 'outbound';

-- name: list_further
SELECT id FROM message WHERE queued_with = :message_id ORDER BY id;

-- name: list_ready
-- The first message of each thread that may go now (for the first time, again after a refusal, because a person decided so, or as the
-- second try of an unknown one: nothing goes before it), the longest waiting first; what was joined to a thread counts as part of it. What
-- an identity alert came upon after it was written, or after it was decided that it goes again, waits until a person has decided (see
-- alerts). An attempt opened in the future is one from before the clock was put back, and so is a pause or a rest that ends later than
-- any can: it keeps nobody waiting, or it would do so until that future has come. A further part of a text waits while an earlier one
-- did not go for certain (held_part).
SELECT head.thread_id AS conversation_id
FROM (
    SELECT
        coalesce(whole.joined_to, whole.id) AS thread_id, min(first.id) AS id, first.status, first.resends, first.not_before_at
    FROM (
        SELECT conversation_id, min(id) AS id, status, resends, not_before_at
        FROM message
        WHERE status IN ('pending', 'unknown') AND hold IS NULL AND +number_id = :number_id
        AND (status = 'pending' OR resends OR id IN (SELECT message_id FROM second_try WHERE closed_at IS NULL))
        AND (part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = message.id))
        AND NOT EXISTS (
            SELECT 1
            FROM conversation AS thread
            JOIN contact AS person ON person.id = thread.contact_id
            JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
            WHERE thread.id = message.conversation_id
            AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
        )
        GROUP BY conversation_id
    ) AS first
    JOIN conversation AS whole ON whole.id = first.conversation_id
    GROUP BY thread_id
) AS head
WHERE NOT (coalesce(head.not_before_at, 0) > :now AND head.not_before_at <= :longest_pause)
AND (head.status = 'pending' OR head.resends OR :may_try_again)
AND NOT EXISTS (SELECT 1 FROM standstill WHERE standstill.number_id = :number_id AND standstill.ended_at IS NULL)
AND NOT EXISTS (
    SELECT 1 FROM pair_pace AS pair
    WHERE pair.conversation_id = head.thread_id AND pair.rests_until > :now AND pair.rests_until <= :longest_rest
)
AND NOT EXISTS (
    SELECT 1
    FROM conversation AS part
    JOIN message AS earlier ON earlier.conversation_id = part.id
    JOIN attempt ON attempt.message_id = earlier.id
    WHERE (part.id = head.thread_id OR part.joined_to = head.thread_id) AND earlier.status IN ('pending', 'unknown')
    AND (
        attempt.outcome = 'open'
        OR (attempt.outcome = 'unknown' AND attempt.opened_at > :settled_before AND attempt.opened_at <= :now)
    )
    AND (
        attempt.outcome = 'open' OR earlier.decision_id IS NULL
        OR attempt.id > (SELECT after_attempt FROM decision WHERE decision.id = earlier.decision_id)
    )
)
ORDER BY head.id
LIMIT :limit;

-- name: find_ready
-- The same for one thread with what was joined to it, and everything that is checked before it goes. Who decided that it goes again
-- answers for it.
SELECT
    m.id, m.conversation_id, m.number_id, m.status, m.resends, m.kind, m.text, m.content, m.quoted_wamid, m.waited_from_at,
    coalesce((SELECT joined_to FROM contact WHERE contact.id = c.contact_id), c.contact_id) AS contact_id,
    coalesce((SELECT window_opened_at FROM conversation AS whole WHERE whole.id = c.joined_to), c.window_opened_at) AS window_opened_at,
    coalesce(d.actor_kind, m.author_kind) AS author_kind,
    CASE coalesce(d.actor_kind, m.author_kind)
        WHEN 'staff' THEN (
            SELECT role FROM staff WHERE staff.id = coalesce(d.actor_id, m.author_id) AND staff.disabled_at IS NULL
        )
        WHEN 'token' THEN (
            SELECT 'token' FROM api_token
            WHERE api_token.id = coalesce(d.actor_id, m.author_id) AND api_token.revoked_at IS NULL
        )
    END AS author_role
FROM (
    SELECT min(id) AS id, not_before_at
    FROM message
    WHERE conversation_id IN (SELECT id FROM conversation WHERE id = :conversation_id OR joined_to = :conversation_id)
    AND status IN ('pending', 'unknown') AND hold IS NULL
    AND (status = 'pending' OR resends OR id IN (SELECT message_id FROM second_try WHERE closed_at IS NULL))
    AND (part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = message.id))
    AND NOT EXISTS (
        SELECT 1
        FROM conversation AS thread
        JOIN contact AS person ON person.id = thread.contact_id
        JOIN identity_alert AS alert ON alert.contact_id = coalesce(person.joined_to, person.id) AND alert.resolved_at IS NULL
        WHERE thread.id = message.conversation_id
        AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = message.id), 0)
    )
) AS head
JOIN message AS m ON m.id = head.id
JOIN conversation AS c ON c.id = m.conversation_id
JOIN number AS n ON n.id = m.number_id
LEFT JOIN decision AS d ON d.id = m.decision_id AND d.kind = 'resend'
LEFT JOIN number_pace AS pace ON pace.number_id = n.id
LEFT JOIN pair_pace AS pair ON pair.conversation_id = :conversation_id
WHERE n.paused_at IS NULL
AND NOT EXISTS (SELECT 1 FROM standstill WHERE standstill.number_id = n.id AND standstill.ended_at IS NULL)
AND NOT (coalesce(head.not_before_at, 0) > :now AND head.not_before_at <= :longest_pause)
AND (m.status = 'pending' OR m.resends OR :may_try_again)
AND NOT (coalesce(pace.rests_until, 0) > :now AND pace.rests_until <= :longest_rest)
AND NOT (coalesce(pair.rests_until, 0) > :now AND pair.rests_until <= :longest_rest)
AND NOT EXISTS (
    SELECT 1
    FROM conversation AS part
    JOIN message AS earlier ON earlier.conversation_id = part.id
    JOIN attempt ON attempt.message_id = earlier.id
    WHERE (part.id = :conversation_id OR part.joined_to = :conversation_id) AND earlier.status IN ('pending', 'unknown')
    AND (
        attempt.outcome = 'open'
        OR (attempt.outcome = 'unknown' AND attempt.opened_at > :settled_before AND attempt.opened_at <= :now)
    )
    AND (
        attempt.outcome = 'open' OR earlier.decision_id IS NULL
        OR attempt.id > (SELECT after_attempt FROM decision WHERE decision.id = earlier.decision_id)
    )
);

-- name: list_together
SELECT
    each.id, coalesce(each.text, json_extract(each.content, '$.body.caption')) AS text, each.part_of, each.status, each.kind
FROM message AS asked
JOIN message AS each ON each.id = coalesce(asked.queued_with, asked.id) OR each.queued_with = coalesce(asked.queued_with, asked.id)
WHERE asked.id = :message_id
ORDER BY each.id;

-- name: find_broken
SELECT max(broken_id) AS id FROM held_part WHERE message_id = :message_id;

-- name: is_behind_gap
-- The same of a part that has gone once already, see held_part.
SELECT 1
FROM message AS part
JOIN message AS broken ON broken.id < part.id AND (broken.id = part.part_of OR broken.part_of = part.part_of)
WHERE part.id = :message_id AND broken.status IN ('failed', 'unknown', 'cancelled')
AND broken.id > coalesce((SELECT through_id FROM part_release WHERE part_release.message_id = part.id), 0)
LIMIT 1;

-- name: let_part_go
INSERT INTO part_release (message_id, through_id) VALUES (:message_id, :through_id)
ON CONFLICT (message_id) DO UPDATE SET through_id = excluded.through_id;

-- name: is_waiting_for
SELECT 1
FROM conversation AS thread
JOIN message ON message.conversation_id = thread.id
WHERE (
    thread.contact_id = :contact_id OR thread.contact_id IN (SELECT id FROM contact WHERE joined_to = :contact_id)
)
AND message.status IN ('pending', 'unknown')
AND (
    message.status = 'pending' OR message.resends
    OR message.id IN (SELECT message_id FROM second_try WHERE closed_at IS NULL)
)
LIMIT 1;

-- name: is_waiting_in
SELECT 1
FROM message
WHERE conversation_id IN (SELECT id FROM conversation WHERE id = :conversation_id OR joined_to = :conversation_id)
AND status IN ('pending', 'unknown') AND hold IS NULL
AND (status = 'pending' OR resends OR id IN (SELECT message_id FROM second_try WHERE closed_at IS NULL))
LIMIT 1;

-- name: set_failed
-- What was to go again and may have gone before stays unknown: only the decision is used up.
UPDATE message
SET status = CASE status WHEN 'pending' THEN 'failed' ELSE status END, failure_code = :code, failure_details = :details,
    hold = NULL, resends = 0, decision_id = NULL
WHERE id = :message_id AND status IN ('pending', 'unknown');

-- name: postpone
UPDATE message
SET tries = tries + 1, not_before_at = :not_before
WHERE id = :message_id;

-- name: hold_late
-- What was written behind a late message in the same thread waits with it: order is part of what people mean.
UPDATE message
SET hold = 'late'
WHERE +number_id = :number_id AND status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL
AND (
    :conversation_id IS NULL
    OR +conversation_id IN (SELECT id FROM conversation WHERE id = :conversation_id OR joined_to = :conversation_id)
)
AND id >= (
    SELECT min(late.id)
    FROM conversation AS own
    JOIN conversation AS part ON part.id = coalesce(own.joined_to, own.id) OR part.joined_to = coalesce(own.joined_to, own.id)
    JOIN message AS late ON late.conversation_id = part.id
    WHERE own.id = message.conversation_id
    AND late.status IN ('pending', 'unknown') AND (late.status = 'pending' OR late.resends) AND late.hold IS NULL
    AND late.waited_from_at < :waiting_since
    AND (late.part_of IS NULL OR NOT EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = late.id))
)
RETURNING id, conversation_id;

-- name: hold_all
UPDATE message
SET hold = 'restored'
WHERE status IN ('pending', 'unknown') AND (status = 'pending' OR resends) AND hold IS NULL;

-- name: release
UPDATE message
SET hold = NULL, waited_from_at = :now, not_before_at = NULL
WHERE id = :message_id AND (status = 'pending' OR resends);

-- name: cancel
UPDATE message
SET status = 'cancelled', hold = NULL, resends = 0, decision_id = NULL
WHERE id = :message_id AND status = 'pending'
AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.message_id = message.id AND attempt.outcome IN ('open', 'unknown'));

-- name: withdraw_resend
-- It stays what it was: unknown.
UPDATE message
SET hold = NULL, resends = 0, decision_id = NULL
WHERE id = :message_id AND status = 'unknown' AND resends = 1;

-- name: find_idempotent
SELECT i.message_id, i.body_hash, m.conversation_id
FROM idempotency AS i
JOIN message AS m ON m.id = i.message_id
WHERE i.scope = :scope AND i.key = :key AND i.created_at > :since;

-- name: add_idempotent
INSERT INTO idempotency (scope, key, body_hash, message_id, created_at)
VALUES (:scope, :key, :body_hash, :message_id, :now);

-- name: forget_idempotent
DELETE FROM idempotency WHERE created_at <= :before;
