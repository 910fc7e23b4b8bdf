-- Templates as Meta lists them. Their content is only added to: another wording is another version. A template that Meta lists no more
-- is marked. meta_id: Meta's. status_at: since when, by Meta's time or by the list's. confirmed_at: when the list last showed it.
CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,          -- of the business account, at Meta
    meta_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    status_at INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    paused_until_at INTEGER,
    quality TEXT NOT NULL DEFAULT '',
    examples BLOB NOT NULL,            -- JSON, by place
    version_id INTEGER REFERENCES template_version (id),
    confirmed_at INTEGER NOT NULL,
    missing_since INTEGER,
    UNIQUE (account_id, meta_id)
) STRICT;
CREATE INDEX template_name ON template (account_id, name, language);

-- wording: in our words, JSON; components: as Meta listed them when this wording was first seen, JSON with sorted keys.
CREATE TABLE template_version (
    id INTEGER PRIMARY KEY,
    template_id INTEGER NOT NULL REFERENCES template (id),
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    wording BLOB NOT NULL,
    components BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    UNIQUE (template_id, number)
) STRICT;
CREATE TRIGGER template_version_is_final BEFORE UPDATE ON template_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a template does not change');
END;
CREATE TRIGGER template_version_stays BEFORE DELETE ON template_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a template does not go');
END;
CREATE TRIGGER template_stays BEFORE DELETE ON template
BEGIN
    SELECT RAISE(ABORT, 'a template is marked as missing, it does not go');
END;

-- How fetching the list stands. asked_at: somebody or something wants it anew. begun_at: of the last try; good_at: when the newest list
-- that came whole was asked for. failures: since then; next_at: when it is fetched unasked.
CREATE TABLE template_sync (
    account_id TEXT PRIMARY KEY,
    asked_at INTEGER,
    begun_at INTEGER,
    good_at INTEGER,
    unreadable INTEGER NOT NULL DEFAULT 0,
    failed_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    code INTEGER,
    said TEXT NOT NULL DEFAULT '',
    next_at INTEGER
) STRICT, WITHOUT ROWID;
