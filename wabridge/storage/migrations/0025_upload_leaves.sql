-- What is handed over to Meta ahead of a message has its leaf, too: what was handed over before gets it afterwards.
INSERT INTO ledger_backfill (subject_kind, through)
SELECT 'upload', max(id) FROM upload HAVING max(id) > 0;
