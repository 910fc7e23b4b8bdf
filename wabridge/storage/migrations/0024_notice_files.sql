-- Files that belong to a legal notice and to no message: its document, and scans of what came by another way. What is sent of a document
-- is a copy of its own. Rows never go; a file whose person was erased does not open any more.
CREATE TABLE notice_file (
    id INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice (id),
    handed_in_at INTEGER NOT NULL,
    mime_type TEXT NOT NULL,           -- by its bytes
    file_name TEXT NOT NULL,
    vault_name TEXT NOT NULL UNIQUE,
    vault_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX notice_file_notice ON notice_file (notice_id);
CREATE TRIGGER notice_file_is_final BEFORE UPDATE ON notice_file
BEGIN
    SELECT RAISE(ABORT, 'a file of a notice does not change');
END;
CREATE TRIGGER notice_file_stays BEFORE DELETE ON notice_file
BEGIN
    SELECT RAISE(ABORT, 'a file of a notice does not go');
END;
