-- Anchors: checkpoints of the ledger that were deposited outside this house (docs/office/anchors.md).

-- Somebody asked that the ledger as it stands be anchored. after_checkpoint: the newest one then, 0 if there was none; a later one,
-- or one that holds every leaf, answers it.
CREATE TABLE anchor_wish (
    id INTEGER PRIMARY KEY,
    why TEXT NOT NULL CHECK (why IN ('notice', 'daily')),
    wanted_at INTEGER NOT NULL,
    after_checkpoint INTEGER NOT NULL,
    checkpoint_id INTEGER REFERENCES checkpoint (id)
) STRICT;
CREATE INDEX anchor_wish_open ON anchor_wish (id) WHERE checkpoint_id IS NULL;
CREATE INDEX anchor_wish_newest ON anchor_wish (why, id);

-- One checkpoint at one place. wanted_at: since when what it anchors waits.
CREATE TABLE anchor (
    id INTEGER PRIMARY KEY,
    checkpoint_id INTEGER NOT NULL REFERENCES checkpoint (id),
    kind TEXT NOT NULL CHECK (kind IN ('timestamp', 'mail')),
    address TEXT NOT NULL,
    wanted_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'made', 'superseded')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (checkpoint_id, kind, address)
) STRICT;
CREATE INDEX anchor_wanted ON anchor (kind, address, checkpoint_id) WHERE state = 'wanted';
CREATE INDEX anchor_made ON anchor (kind, address, checkpoint_id) WHERE state = 'made';

-- What lies outside, and what was exchanged for it: the very bytes of question and answer, or of the mail and the server's last word.
CREATE TABLE anchor_proof (
    anchor_id INTEGER PRIMARY KEY REFERENCES anchor (id),
    made_at INTEGER NOT NULL,
    stated_at INTEGER,
    authority TEXT NOT NULL,
    is_trusted INTEGER,
    request BLOB NOT NULL,
    answer BLOB NOT NULL
) STRICT;

CREATE TRIGGER anchor_proof_is_final BEFORE UPDATE ON anchor_proof
BEGIN
    SELECT RAISE(ABORT, 'what was anchored does not change');
END;
CREATE TRIGGER anchor_proof_stays BEFORE DELETE ON anchor_proof
BEGIN
    SELECT RAISE(ABORT, 'what was anchored does not go');
END;
CREATE TRIGGER anchor_that_was_made_stays_made BEFORE UPDATE ON anchor WHEN OLD.state = 'made'
BEGIN
    SELECT RAISE(ABORT, 'an anchor that was made stays as it is');
END;
CREATE TRIGGER anchor_stays BEFORE DELETE ON anchor
BEGIN
    SELECT RAISE(ABORT, 'an anchor does not go');
END;
