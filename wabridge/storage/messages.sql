-- name: add_inbound
INSERT INTO message (
    conversation_id, number_id, direction, kind, text, content, quoted_wamid, written_at, is_doubtful, created_at,
    wamid, event_id, author_name, target_wamid, author_kind, source, phone_status
)
VALUES (
    :conversation_id, :number_id, :direction, :kind, :text, :content, :quoted_wamid, :written_at, :is_doubtful, :created_at,
    :wamid, :event_id, :author_name, :target_wamid, :author_kind, :source, :phone_status
)
ON CONFLICT (number_id, wamid) DO NOTHING
RETURNING id;

-- name: set_source
UPDATE message SET source = :source WHERE id = :message_id;

-- name: find_by_wamid
SELECT id, conversation_id, kind, text, content, event_id, source
FROM message
WHERE number_id = :number_id AND wamid = :wamid;

-- name: find_echoes
SELECT id, wamid
FROM message
WHERE number_id = :number_id AND wamid IN (SELECT value FROM json_each(:wamids)) AND direction = 'outbound';

-- name: put_behind
UPDATE message SET same_as = :message_id WHERE id = :echo_id AND same_as IS NULL RETURNING conversation_id;

-- name: find_unreadable
-- The index holds nothing but these placeholders.
SELECT id, conversation_id, kind, text, content, event_id, source
FROM message
WHERE event_id = :event_id AND kind = 'unreadable' AND number_id = :number_id
LIMIT 1;

-- name: set_place
UPDATE message
SET conversation_id = :conversation_id, wamid = :wamid, written_at = :written_at, is_doubtful = :is_doubtful,
    author_name = :author_name, direction = :direction, author_kind = :author_kind, source = :source,
    phone_status = :phone_status
WHERE id = :message_id;

-- name: list_versions
SELECT kind, text, content
FROM message_version
WHERE message_id = :message_id
ORDER BY id;

-- name: add_version
INSERT INTO message_version (message_id, event_id, relation, kind, text, content, created_at)
VALUES (:message_id, :event_id, :relation, :kind, :text, :content, :now)
RETURNING id;

-- name: upgrade
UPDATE message
SET kind = :kind, text = :text, content = :content, quoted_wamid = :quoted_wamid, event_id = :event_id,
    target_wamid = :target_wamid
WHERE id = :message_id;

-- name: list_page
SELECT id, written_at
FROM message
WHERE conversation_id = :conversation_id AND (written_at, id) < (:before_at, :before_id) AND same_as IS NULL
ORDER BY written_at DESC, id DESC
LIMIT :limit;

-- name: list_lines
-- The same without what is shown with the message it was done to: see effects.read_many, which finds it there. What of ours did not arrive,
-- or may not have, stands on its own all the same: there is something to decide.
SELECT m.id, m.written_at
FROM message AS m
WHERE m.conversation_id = :conversation_id AND (m.written_at, m.id) < (:before_at, :before_id) AND m.same_as IS NULL
AND (
    m.target_wamid IS NULL
    OR m.status IN ('failed', 'unknown')
    OR NOT (
        EXISTS (
            SELECT 1 FROM message AS t
            WHERE t.number_id = m.number_id AND t.wamid = m.target_wamid
            AND t.target_wamid IS NULL AND (m.kind = 'reaction' OR t.direction = m.direction) AND (
                t.conversation_id = m.conversation_id
                OR (SELECT coalesce(joined_to, id) FROM conversation WHERE id = t.conversation_id)
                    = (SELECT coalesce(joined_to, id) FROM conversation WHERE id = m.conversation_id)
            )
        )
        OR (m.kind = 'reaction' OR m.direction = 'outbound') AND EXISTS (
            SELECT 1 FROM attempt AS a JOIN message AS t ON t.id = a.message_id
            WHERE a.number_id = m.number_id AND a.wamid = m.target_wamid AND (
                t.conversation_id = m.conversation_id
                OR (SELECT coalesce(joined_to, id) FROM conversation WHERE id = t.conversation_id)
                    = (SELECT coalesce(joined_to, id) FROM conversation WHERE id = m.conversation_id)
            )
        )
    )
)
ORDER BY m.written_at DESC, m.id DESC
LIMIT :limit;

-- name: find_place
SELECT written_at, id FROM message WHERE id = :message_id AND conversation_id = :conversation_id;

-- name: list_conversations
SELECT id FROM conversation WHERE contact_id = :contact_id
UNION
SELECT part.id FROM conversation AS whole JOIN conversation AS part ON part.joined_to = whole.id
WHERE whole.contact_id = :contact_id;

-- name: get_many
SELECT
    m.id, m.conversation_id, coalesce(p.joined_to, p.id) AS contact_id, m.direction, m.kind, m.text, m.content, m.written_at, m.created_at, m.is_doubtful,
    m.author_kind, m.author_name, m.source, m.phone_status, m.status, m.failure_details, m.tries, m.undo_until_at, m.closed_as, m.part_of, m.queued_with,
    coalesce(CASE
        WHEN (m.status = 'pending' OR m.resends) AND EXISTS (
            SELECT 1 FROM identity_alert AS alert
            WHERE alert.contact_id = coalesce(p.joined_to, p.id) AND alert.resolved_at IS NULL
            AND alert.id > coalesce((SELECT alert_id FROM clearance WHERE clearance.message_id = m.id), 0)
        ) THEN 'identity'
        WHEN m.hold = 'restored' THEN m.hold -- what may have gone already is asked before what would leave a gap
        WHEN m.part_of IS NOT NULL AND EXISTS (SELECT 1 FROM held_part WHERE held_part.message_id = m.id) THEN 'part'
    END, m.hold) AS hold,
    coalesce(a.message_id, q.id) AS quoted_id, m.quoted_wamid IS NOT NULL AS is_reply,
    (SELECT count(*) FROM message_version AS v WHERE v.message_id = m.id) AS versions
FROM message AS m
JOIN conversation AS c ON c.id = m.conversation_id
LEFT JOIN contact AS p ON p.id = c.contact_id
LEFT JOIN message AS q ON q.number_id = m.number_id AND q.wamid = m.quoted_wamid
LEFT JOIN attempt AS a ON a.number_id = m.number_id AND a.wamid = m.quoted_wamid
WHERE m.id IN (SELECT value FROM json_each(:message_ids));

-- name: find_blocking
-- The newest handing-over without a trustworthy answer, as long as its message is unknown. The first condition on status
-- repeats the index's own words; without it every message of the conversation is read.
SELECT max(a.opened_at) AS opened_at
FROM conversation AS part
JOIN message AS m ON m.conversation_id = part.id
JOIN attempt AS a ON a.message_id = m.id
WHERE (part.id = :conversation_id OR part.joined_to = :conversation_id)
AND m.status IN ('pending', 'unknown') AND m.status = 'unknown' AND a.outcome = 'unknown'
AND (m.decision_id IS NULL OR a.id > (SELECT after_attempt FROM decision AS d WHERE d.id = m.decision_id));

-- name: count_held
SELECT count(*) AS held, min(conversation_id) AS conversation_id
FROM message
WHERE status IN ('pending', 'unknown') AND hold IS NOT NULL;

-- name: find_newer
-- What came from somebody after a message that was seen: up to an hour out of order. A history that is filed later is older, and a
-- reaction is no new question; nor is what nobody wrote. What was joined to the conversation is read as part of it.
SELECT m.id
FROM conversation AS part
JOIN message AS m ON m.conversation_id = part.id
WHERE (part.id = :conversation_id OR part.joined_to = :conversation_id)
AND m.direction = 'inbound' AND m.id > :seen AND m.kind NOT IN ('reaction', 'system', 'handover')
AND m.written_at > coalesce((SELECT s.written_at FROM message AS s WHERE s.id = :seen), 0) - 3600000000
LIMIT 1;
