"""What an older database knows of people is kept when identities learn more."""

import sqlite3
from contextlib import closing

from wabridge.storage import migrations

IDENTITY = 7


def test_identities_and_open_remarks_survive() -> None:
    """Every identity stays with its contact, seen by WhatsApp; an open remark about a doubt becomes an alert."""
    with closing(sqlite3.connect(":memory:")) as raw:
        for step in migrations.list_all()[: IDENTITY - 1]:
            raw.executescript(step.script)
        raw.executescript("""
            INSERT INTO number (id, phone_number_id) VALUES (1, 'n');
            INSERT INTO contact (id, name, standing, created_at) VALUES (4, 'Ada', 'client', 1);
            INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (5, 1, 4, 1);
            INSERT INTO identity (id, contact_id, kind, value, first_seen_at, last_seen_at)
            VALUES (1, 4, 'phone', '628123', 10, 20), (2, 4, 'user_id', 'ID.1', 11, 21);
            INSERT INTO notification (kind, conversation_id, created_at) VALUES ('identity_changed', 5, 30);
        """)
        raw.executescript(migrations.list_all()[IDENTITY - 1].script)
        known = raw.execute(
            "SELECT contact_id, kind, value, learned, first_seen_at, last_seen_at, confirmed_at FROM identity"
        )
        assert known.fetchall() == [
            (4, "phone", "628123", "message", 10, 20, 10),
            (4, "user_id", "ID.1", "message", 11, 21, 11),
        ]
        assert raw.execute("SELECT contact_id, kind, raised_at, resolved_at FROM identity_alert").fetchall() == [
            (4, "other_account", 30, None)
        ]
        assert raw.execute("SELECT count(*) FROM notification WHERE seen_at IS NULL").fetchall() == [(0,)]
