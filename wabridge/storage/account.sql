-- name: add
INSERT INTO account_news (event_id, kind, section, severity, remark, at, reported_at, arrived_at, details)
VALUES (:event_id, :kind, :section, :severity, :remark, :at, :reported_at, :arrived_at, :details)
ON CONFLICT (event_id) DO NOTHING
RETURNING id;

-- name: list_present
SELECT p.topic, n.id, n.details, n.at
FROM account_present AS p
JOIN account_news AS n ON n.id = p.news_id;

-- name: find_present
SELECT n.id, n.details, n.at
FROM account_present AS p
JOIN account_news AS n ON n.id = p.news_id
WHERE p.topic = :topic;

-- name: set_present
INSERT INTO account_present (topic, news_id)
VALUES (:topic, :news_id)
ON CONFLICT (topic) DO UPDATE SET news_id = excluded.news_id;

-- name: list_page
SELECT
    a.id, a.event_id, a.section, a.severity, a.reported_at, a.arrived_at, a.details, e.repeats,
    n.id IS NOT NULL AND n.seen_at IS NULL AS is_open, n.seen_at, s.name AS seen_by
FROM account_news AS a
JOIN event AS e ON e.id = a.event_id
LEFT JOIN notification AS n ON n.event_id = a.event_id AND n.kind = a.remark
LEFT JOIN staff AS s ON s.id = n.seen_by
WHERE a.id < :before
ORDER BY a.id DESC
LIMIT :limit;

-- name: list_page__section
SELECT
    a.id, a.event_id, a.section, a.severity, a.reported_at, a.arrived_at, a.details, e.repeats,
    n.id IS NOT NULL AND n.seen_at IS NULL AS is_open, n.seen_at, s.name AS seen_by
FROM account_news AS a
JOIN event AS e ON e.id = a.event_id
LEFT JOIN notification AS n ON n.event_id = a.event_id AND n.kind = a.remark
LEFT JOIN staff AS s ON s.id = n.seen_by
WHERE a.section = :section AND a.id < :before
ORDER BY a.id DESC
LIMIT :limit;

-- name: count_by_section
SELECT section, count(*) AS news FROM account_news GROUP BY section;
