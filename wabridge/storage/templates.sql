-- name: find_known
SELECT t.id, t.status, t.status_at, v.digest
FROM template AS t
LEFT JOIN template_version AS v ON v.id = t.version_id
WHERE t.account_id = :account_id AND t.meta_id = :meta_id;

-- name: find
-- Of a name that was deleted and made anew the one that Meta lists.
SELECT t.*, v.number, v.wording
FROM template AS t
JOIN template_version AS v ON v.id = t.version_id
WHERE t.account_id = :account_id AND t.name = :name AND t.language = :language
ORDER BY t.missing_since IS NOT NULL, t.id DESC
LIMIT 1;

-- name: find_named
-- Webhooks name a template by its id, or by its name and language in either spelling.
SELECT id
FROM template
WHERE account_id = :account_id
AND (meta_id = :meta_id OR (name = :name AND replace(language, '-', '_') = :language))
ORDER BY meta_id = :meta_id DESC, missing_since IS NOT NULL, id DESC
LIMIT 1;

-- name: get
SELECT t.*, v.number, v.wording
FROM template AS t
JOIN template_version AS v ON v.id = t.version_id
WHERE t.id = :template_id;

-- name: find_of_version
SELECT t.*, v.number, v.wording
FROM template_version AS asked
JOIN template AS t ON t.id = asked.template_id
JOIN template_version AS v ON v.id = t.version_id
WHERE asked.id = :version_id;

-- name: get_account
SELECT account_id FROM template WHERE id = :template_id;

-- name: get_components
SELECT components FROM template_version WHERE id = :version_id;

-- name: list_all
SELECT t.*, v.number, v.wording
FROM template AS t
JOIN template_version AS v ON v.id = t.version_id
WHERE t.account_id = :account_id
ORDER BY t.missing_since IS NOT NULL, t.name, t.language, t.id;

-- name: add
INSERT INTO template (account_id, meta_id, name, language, category, status, status_at, reason, quality, examples, confirmed_at)
VALUES (:account_id, :meta_id, :name, :language, :category, :status, :at, :reason, :quality, :examples, :at)
RETURNING id;

-- name: confirm
UPDATE template
SET name = :name, language = :language, category = :category, quality = :quality, examples = :examples, confirmed_at = :at,
    missing_since = NULL
WHERE id = :template_id;

-- name: set_status
UPDATE template
SET status = :status, status_at = :at, reason = :reason, said = :said, paused_until_at = :paused_until
WHERE id = :template_id AND status_at <= :at;

-- name: set_category
UPDATE template SET category = :category WHERE id = :template_id;

-- name: set_quality
UPDATE template SET quality = :quality WHERE id = :template_id;

-- name: add_version
INSERT INTO template_version (template_id, number, digest, wording, components, seen_at)
SELECT :template_id, count(*) + 1, :digest, :wording, :components, :at FROM template_version WHERE template_id = :template_id
RETURNING id;

-- name: set_version
UPDATE template SET version_id = :version_id WHERE id = :template_id;

-- name: list_versions
SELECT id, number, wording, components, seen_at FROM template_version WHERE template_id = :template_id ORDER BY number DESC;

-- name: mark_missing
UPDATE template
SET missing_since = :at
WHERE account_id = :account_id AND confirmed_at < :at AND missing_since IS NULL;
