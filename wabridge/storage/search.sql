-- name: find_people
-- By any name, and by any identity that they have or had. Everything is looked at: there are as many as an office has clients.
SELECT whole AS id
FROM (
    SELECT
        coalesce(c.joined_to, c.id) AS whole,
        lower(c.name || char(10) || coalesce(c.given_name, '') || char(10) || coalesce((
            SELECT group_concat(i.value || char(10) || coalesce(b.name, ''), char(10))
            FROM identity AS i
            LEFT JOIN address_book AS b ON b.kind = i.kind AND b.value = i.value
            WHERE i.contact_id = c.id
        ), '')) AS words
    FROM contact AS c
)
WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) AS wanted WHERE instr(words, wanted.value) = 0)
GROUP BY whole
ORDER BY whole DESC
LIMIT :limit;

-- name: find_groups
SELECT c.id
FROM conversation AS c
JOIN group_subject AS g ON g.number_id = c.number_id AND g.group_id = c.group_id
WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) AS wanted WHERE instr(lower(g.subject), wanted.value) = 0)
ORDER BY c.last_activity_at DESC
LIMIT :limit;

-- name: find_messages
SELECT m.id, m.conversation_id
FROM message_words AS w
JOIN message AS m ON m.id = w.rowid
WHERE w.message_words MATCH :query AND w.rowid < :before AND m.same_as IS NULL
ORDER BY w.rowid DESC
LIMIT :limit;
