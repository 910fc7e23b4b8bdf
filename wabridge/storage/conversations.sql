-- name: ensure__find
SELECT id FROM conversation WHERE number_id = :number_id AND contact_id = :contact_id;

-- name: ensure__find_group
SELECT id FROM conversation WHERE number_id = :number_id AND group_id = :group_id;

-- name: ensure__add
INSERT INTO conversation (number_id, contact_id, group_id, last_activity_at)
VALUES (:number_id, :contact_id, :group_id, :now)
RETURNING id;

-- name: get
SELECT id, number_id, contact_id, group_id, unread, last_activity_at, last_message_id, window_opened_at, joined_to
FROM conversation
WHERE id = :conversation_id;

-- name: list_page__unread
SELECT id, last_activity_at
FROM conversation
WHERE (unread > 0) = 1 AND joined_to IS NULL AND (last_activity_at, id) < (:before_at, :before_id)
ORDER BY last_activity_at DESC, id DESC
LIMIT :limit;

-- name: list_page__seen
SELECT id, last_activity_at
FROM conversation
WHERE (unread > 0) = 0 AND joined_to IS NULL AND (last_activity_at, id) < (:before_at, :before_id)
ORDER BY last_activity_at DESC, id DESC
LIMIT :limit;

-- name: list_for_contact
SELECT id FROM conversation WHERE contact_id = :contact_id AND joined_to IS NULL ORDER BY last_activity_at DESC;

-- name: list_parts
SELECT id FROM conversation WHERE joined_to = :conversation_id;

-- name: find_wholes
SELECT id, coalesce(joined_to, id) AS whole FROM conversation WHERE id IN (SELECT value FROM json_each(:conversation_ids));

-- name: get_lines
SELECT
    c.id, c.contact_id, c.group_id, c.unread, c.last_activity_at, c.window_opened_at,
    m.kind AS preview_kind, m.text AS preview_text, m.content AS preview_content, m.direction AS preview_direction, m.status AS preview_status,
    EXISTS (SELECT 1 FROM identity_alert AS alert WHERE alert.contact_id = c.contact_id AND alert.resolved_at IS NULL) AS is_in_doubt
FROM conversation AS c
LEFT JOIN message AS m ON m.id = c.last_message_id
WHERE c.id IN (SELECT value FROM json_each(:conversation_ids));

-- name: list_of_contact
SELECT id FROM conversation WHERE contact_id = :contact_id;

-- name: record_inbound
-- Messages may come late and out of order: the preview is the newest by Meta's time, and so is the message that opened the window.
UPDATE conversation SET
    unread = unread + :unread,
    last_message_id = CASE
        WHEN last_message_id IS NULL OR :written_at >= last_activity_at THEN :message_id ELSE last_message_id
    END,
    last_activity_at = max(last_activity_at, :written_at),
    window_is_doubtful = CASE
        WHEN :opened_at > coalesce(window_opened_at, 0) THEN :is_doubtful ELSE window_is_doubtful
    END,
    window_opened_at = CASE
        WHEN :opened_at > coalesce(window_opened_at, 0) THEN :opened_at ELSE window_opened_at
    END
WHERE id = :conversation_id;

-- name: record_outbound
UPDATE conversation SET
    last_message_id = CASE WHEN :now >= last_activity_at THEN :message_id ELSE last_message_id END,
    last_activity_at = max(last_activity_at, :now)
WHERE id = :conversation_id;

-- name: set_preview
UPDATE conversation SET last_message_id = (
    SELECT m.id FROM message AS m
    WHERE m.conversation_id = conversation.id AND m.same_as IS NULL
    ORDER BY m.written_at DESC, m.id DESC
    LIMIT 1
)
WHERE id = :conversation_id;

-- name: mark_unread
UPDATE conversation SET unread = max(unread, 1) WHERE id = :conversation_id;

-- name: set_seen
UPDATE conversation SET unread = 0 WHERE id = :conversation_id AND unread > 0;

-- name: list_openers
SELECT m.written_at, m.is_doubtful, e.payload
FROM message AS m
JOIN event AS e ON e.id = m.event_id
WHERE m.conversation_id = :conversation_id AND m.written_at >= :since AND m.direction = 'inbound' AND m.source <> 'history';

-- name: set_window
UPDATE conversation SET window_opened_at = :opened_at, window_is_doubtful = :is_doubtful WHERE id = :conversation_id;

-- name: close_window
-- The window of a joined thread is that of the whole.
UPDATE conversation SET window_opened_at = NULL, window_is_doubtful = 0
WHERE id IN (:conversation_id, (SELECT joined_to FROM conversation WHERE id = :conversation_id)) AND window_opened_at <= :opened_before;
