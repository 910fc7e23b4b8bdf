-- What Meta says about the account. Who has seen it stands with the notification of the same event.
CREATE TABLE account_news (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL UNIQUE REFERENCES event (id),
    kind TEXT NOT NULL,                -- ours, see model/account
    section TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'danger')),
    remark TEXT,                       -- the kind of notification that it raised, if it did
    at INTEGER NOT NULL,               -- Meta's time if it can be used, else the arrival
    reported_at INTEGER,               -- Meta's time
    arrived_at INTEGER NOT NULL,
    details BLOB NOT NULL              -- JSON, in our words
) STRICT;
CREATE INDEX account_news_section ON account_news (section, id);

-- Of each topic the newest news by Meta's time: what holds at present is computed from these.
CREATE TABLE account_present (
    topic TEXT PRIMARY KEY,
    news_id INTEGER NOT NULL REFERENCES account_news (id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER account_news_is_final BEFORE UPDATE ON account_news
BEGIN
    SELECT RAISE(ABORT, 'news about the account does not change');
END;
CREATE TRIGGER account_news_stays BEFORE DELETE ON account_news
BEGIN
    SELECT RAISE(ABORT, 'news about the account does not go');
END;

-- Notifications are found by their event, and items about other numbers and accounts are counted.
CREATE INDEX notification_event ON notification (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX event_foreign ON event (id) WHERE kind <> 'status' AND state = 'foreign';

-- What a person wants of advertising messages: the newest word by Meta's time.
CREATE TABLE marketing_choice (
    contact_id INTEGER PRIMARY KEY REFERENCES contact (id),
    choice TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    event_id INTEGER NOT NULL REFERENCES event (id)
) STRICT;
