-- name: list_conversations
SELECT id, number_id, last_activity_at FROM conversation WHERE contact_id = :contact_id;

-- name: join_contact
UPDATE contact SET joined_to = :into WHERE id = :contact_id OR joined_to = :contact_id;

-- name: adopt_name
UPDATE contact SET
    given_name = coalesce(given_name, (SELECT given_name FROM contact WHERE id = :contact_id)),
    name = CASE WHEN name = '' THEN (SELECT name FROM contact WHERE id = :contact_id) ELSE name END
WHERE id = :into;

-- name: move_identities
UPDATE identity SET contact_id = :into, origin_id = coalesce(origin_id, :contact_id) WHERE contact_id = :contact_id;

-- name: move_alerts
UPDATE identity_alert SET contact_id = :into, origin_id = coalesce(origin_id, :contact_id) WHERE contact_id = :contact_id;

-- name: join_conversation__whole
-- The joined one's unread messages, newest activity and window count where the two are read from now on.
UPDATE conversation SET
    unread = conversation.unread + part.unread,
    last_message_id = CASE
        WHEN part.last_activity_at >= conversation.last_activity_at
        THEN coalesce(part.last_message_id, conversation.last_message_id)
        ELSE conversation.last_message_id
    END,
    last_activity_at = max(conversation.last_activity_at, part.last_activity_at),
    window_is_doubtful = CASE
        WHEN coalesce(part.window_opened_at, 0) > coalesce(conversation.window_opened_at, 0) THEN part.window_is_doubtful
        ELSE conversation.window_is_doubtful
    END,
    window_opened_at = CASE
        WHEN coalesce(part.window_opened_at, 0) > coalesce(conversation.window_opened_at, 0) THEN part.window_opened_at
        ELSE conversation.window_opened_at
    END
FROM (SELECT * FROM conversation WHERE id = :conversation_id) AS part
WHERE conversation.id = :into;

-- name: join_conversation__part
UPDATE conversation SET joined_to = :into, unread = 0 WHERE id = :conversation_id OR joined_to = :conversation_id;

-- name: join_conversation__notifications
UPDATE notification SET conversation_id = :into WHERE conversation_id = :conversation_id AND seen_at IS NULL;

-- name: find_joined
SELECT joined_to FROM contact WHERE id = :contact_id;

-- name: list_joined
SELECT id FROM contact WHERE joined_to = :contact_id;

-- name: separate_contact
UPDATE contact SET joined_to = NULL WHERE id = :contact_id;

-- name: separate_identities
UPDATE identity SET contact_id = :contact_id, origin_id = NULL WHERE contact_id = :whole AND origin_id = :contact_id;

-- name: separate_alerts
UPDATE identity_alert SET contact_id = :contact_id, origin_id = NULL WHERE contact_id = :whole AND origin_id = :contact_id;

-- name: separate_conversations
UPDATE conversation SET joined_to = NULL WHERE contact_id = :contact_id
RETURNING id;
