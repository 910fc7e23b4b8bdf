-- Bundles of evidence: who asked for which, why, and what became of it. What was asked never changes, and no row goes.
CREATE TABLE export (
    id INTEGER PRIMARY KEY,
    year INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    number TEXT NOT NULL UNIQUE,       -- EV-2026-000123, without a gap
    scope TEXT NOT NULL,               -- JSON, see model.export.Scope
    language TEXT NOT NULL CHECK (language IN ('id', 'en')),
    reason TEXT NOT NULL,
    handed_to TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'running', 'done', 'failed', 'cancelled')),
    percent INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    messages INTEGER,
    finished_at INTEGER,
    vault_name TEXT UNIQUE,
    vault_key TEXT,
    size INTEGER,
    sha256 TEXT,
    UNIQUE (year, sequence),
    CHECK (state <> 'done' OR (vault_name IS NOT NULL AND vault_key IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL))
) STRICT;
CREATE INDEX export_under_way ON export (id) WHERE state IN ('wanted', 'running');
CREATE TRIGGER export_request_is_final
BEFORE UPDATE OF id, year, sequence, number, scope, language, reason, handed_to, actor_kind, actor_id, actor_name, actor_role, requested_at
ON export
BEGIN
    SELECT RAISE(ABORT, 'what was asked for does not change');
END;
CREATE TRIGGER export_is_over_once BEFORE UPDATE ON export WHEN OLD.state IN ('done', 'failed', 'cancelled')
BEGIN
    SELECT RAISE(ABORT, 'an export that is over does not change');
END;
CREATE TRIGGER export_stays BEFORE DELETE ON export
BEGIN
    SELECT RAISE(ABORT, 'an export does not go');
END;

-- What documents are sealed with. key: the private key, wrapped by the keyring's key named "seal"; the rest is public (PEM).
CREATE TABLE seal (
    id INTEGER PRIMARY KEY,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    key BLOB NOT NULL,
    certificate BLOB NOT NULL,
    root BLOB NOT NULL,
    revoked BLOB NOT NULL
) STRICT;
CREATE TRIGGER seal_is_final BEFORE UPDATE ON seal
BEGIN
    SELECT RAISE(ABORT, 'a seal does not change');
END;
CREATE TRIGGER seal_stays BEFORE DELETE ON seal
BEGIN
    SELECT RAISE(ABORT, 'a seal does not go');
END;
