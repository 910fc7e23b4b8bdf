-- A bundle that the office keeps no longer: its file is gone, the export with its checksum stays.
CREATE TABLE export_removal (
    export_id INTEGER PRIMARY KEY REFERENCES export (id),
    removed_at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_name TEXT NOT NULL
) STRICT;
CREATE TRIGGER export_removal_is_final BEFORE UPDATE ON export_removal
BEGIN
    SELECT RAISE(ABORT, 'a removed bundle does not come back');
END;
CREATE TRIGGER export_removal_stays BEFORE DELETE ON export_removal
BEGIN
    SELECT RAISE(ABORT, 'a removed bundle does not come back');
END;
