import pytest

from wabridge.errors import (
    ConstraintViolated,
)
from wabridge.storage.database import Database, Transaction

CANARY = "Kesaksian rahasia Ibu Sari"


NOTICES = ("notice", "notice_version", "notice_approval", "notice_message", "notice_event")

RECORDS = """
INSERT INTO number (id, phone_number_id) VALUES (1, 'n');
INSERT INTO contact (id, name, standing, created_at) VALUES (1, '', 'lead', 1);
INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (1, 1, 1, 1);
INSERT INTO webhook (id, arrived_at, monotonic_ns, boot_id, secret_name, digest, headers, peer, body)
VALUES (1, 1, 1, 'b', 's', x'00', x'00', 'p', x'01');
INSERT INTO event (id, webhook_id, pointer, kind, key, state, arrived_at, last_arrived_at, payload)
VALUES (1, 1, '', 'status', x'00', 'done', 1, 1, x'00');
INSERT INTO message (id, conversation_id, number_id, direction, kind, written_at, created_at, author_kind, status)
VALUES (1, 1, 1, 'outbound', 'text', 1, 1, 'staff', 'pending');
INSERT INTO attempt (id, message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url,
    request_body, outcome, wamid, response_status, response_headers, response_body)
VALUES (1, 1, 1, 't', 'r', 1, 1, 'b', 'u', x'02', 'accepted', 'w', 200, x'00', x'03');
INSERT INTO status_event (id, event_id, attempt_id, number_id, wamid, status, arrived_at)
VALUES (1, 1, 1, 1, 'w', 'read', 1);
INSERT INTO act (id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id)
VALUES (1, 1, 'staff', 1, 'Sari', 'did', 'message', 1);
INSERT INTO identity_alert (id, contact_id, kind, happened_at, raised_at, resolved_at, resolution, actor_name)
VALUES (1, 1, 'number_changed', 1, 1, 1, 'call', 'Sari');
INSERT INTO account_news (id, event_id, kind, section, severity, at, arrived_at, details)
VALUES (1, 1, 'pin_changed', 'security', 'danger', 1, 1, x'7b7d');
INSERT INTO notice (id, year, sequence, number, conversation_id, contact_id, author_kind, author_id,
    author_name, created_at)
VALUES (1, 2026, 1, 'NH-2026-000001', 1, 1, 'staff', 1, 'Sari', 1);
INSERT INTO notice_version (id, notice_id, number, title, matter, text, language, wanted, content, author_kind,
    author_id, author_name, created_at)
VALUES (1, 1, 1, '', '', '', 'id', 'confirmed', x'7b7d', 'staff', 1, 'Sari', 1);
INSERT INTO notice_approval (id, notice_id, version_id, at, actor_kind, actor_id, actor_name, sha256, recipient,
    recipient_name)
VALUES (1, 1, 1, 1, 'staff', 1, 'Sari', '', x'7b7d', '');
INSERT INTO notice_message (message_id, notice_id, version_id, purpose, nonce, salt, commitment, at)
VALUES (1, 1, 1, 'notice', '', x'00', '', 1);
INSERT INTO notice_event (id, notice_id, kind, at, actor_kind, actor_id, actor_name)
VALUES (1, 1, 'overdue', 1, 'rule', 0, 'notices');
INSERT INTO leaf (position, kind, at, text, hash) VALUES (0, 'start', 1, x'7b7d', x'00');
INSERT INTO leaf_secret (position, secret) VALUES (0, x'01');
INSERT INTO ledger_tile (level, number, hash) VALUES (1, 0, x'00');
INSERT INTO ledger_thread (conversation_id, name) VALUES (1, 'n');
INSERT INTO ledger_key (id, verifier, position, since) VALUES (1, 'k', 0, 1);
INSERT INTO checkpoint (id, size, root, at, note) VALUES (1, 1, x'00', 1, 'n');
INSERT INTO anchor (id, checkpoint_id, kind, address, wanted_at, state, next_try_at)
VALUES (1, 1, 'mail', 'a', 1, 'made', 1);
INSERT INTO anchor_proof (anchor_id, made_at, authority, request, answer) VALUES (1, 1, '', x'00', x'00');
"""

ANCHORS = ("anchor", "anchor_proof")
LEDGER = ("leaf", "ledger_tile", "ledger_thread", "ledger_key", "checkpoint")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE act SET detail = 'other'",
        "UPDATE identity_alert SET kind = 'other'",
        "UPDATE identity_alert SET resolution = 'visit'",
        "UPDATE identity_alert SET resolved_at = NULL, resolution = NULL, actor_name = NULL",
        "UPDATE webhook SET body = x'09'",
        "UPDATE attempt SET request_body = x'09'",
        "UPDATE attempt SET response_body = x'09'",
        "UPDATE attempt SET wamid = 'other'",
        "UPDATE attempt SET message_id = 2",
        "UPDATE account_news SET severity = 'info'",
        "UPDATE status_event SET status = 'sent'",
        "UPDATE status_event SET attempt_id = NULL",
        "UPDATE notice SET number = 'NH-2026-000002'",
        "UPDATE notice_version SET text = 'other'",
        "UPDATE notice_approval SET sha256 = 'other'",
        "UPDATE notice_message SET nonce = 'other'",
        "UPDATE notice_event SET word = 'confirmed'",
        *(f"DELETE FROM {table}" for table in NOTICES),
        *(f"REPLACE INTO {table} SELECT * FROM {table}" for table in NOTICES[1:]),
        "UPDATE leaf SET text = x'00'",
        "UPDATE leaf_secret SET secret = x'02'",
        "UPDATE ledger_tile SET hash = x'01'",
        "UPDATE ledger_thread SET name = 'm'",
        "UPDATE ledger_key SET verifier = 'l'",
        "UPDATE checkpoint SET note = 'm'",
        *(f"DELETE FROM {table}" for table in LEDGER),
        *(f"REPLACE INTO {table} SELECT * FROM {table}" for table in (*LEDGER, "leaf_secret")),
        "UPDATE anchor SET state = 'wanted'",
        "UPDATE anchor_proof SET answer = x'01'",
        *(f"DELETE FROM {table}" for table in ANCHORS),
        *(f"REPLACE INTO {table} SELECT * FROM {table}" for table in ANCHORS),
        "UPDATE OR REPLACE leaf SET position = 1",
        "INSERT INTO leaf SELECT * FROM leaf WHERE true ON CONFLICT (position) DO UPDATE SET text = x'00'",
        "INSERT INTO leaf_secret SELECT * FROM leaf_secret WHERE true ON CONFLICT DO UPDATE SET secret = x'00'",
        "INSERT INTO leaf (position, kind, at, text, hash) VALUES (2, 'start', 1, x'00', x'00')",
        *(
            f"DELETE FROM {table}"
            for table in ("act", "webhook", "attempt", "status_event", "identity_alert", "account_news")
        ),
        *(
            f"REPLACE INTO {table} SELECT * FROM {table}"
            for table in ("act", "webhook", "attempt", "status_event", "account_news")
        ),
        *(f"UPDATE OR REPLACE {table} SET id = 2" for table in ("act", "webhook")),
    ],
)
async def test_what_is_recorded_for_ever_cannot_be_changed(database: Database, sql: str) -> None:
    """Webhooks, acts, what was handed over, our statuses, alerts, notices, news and the ledger refuse every change."""

    def prepare(tx: Transaction) -> None:
        for statement in RECORDS.split(";\n"):
            tx.run(statement)

    await database.write(prepare)
    before = await _records(database)
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: tx.run(sql))
    assert await _records(database) == before


async def _records(database: Database) -> list[list[tuple[object, ...]]]:
    tables = (
        "act",
        "webhook",
        "attempt",
        "status_event",
        "identity_alert",
        "account_news",
        *NOTICES,
        *LEDGER,
        *ANCHORS,
        "leaf_secret",
    )
    return await database.read(lambda tx: [[tuple(row) for row in tx.all(f"SELECT * FROM {t}")] for t in tables])
