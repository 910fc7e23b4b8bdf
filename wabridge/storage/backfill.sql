-- name: find_unfinished
SELECT subject_kind, through, done FROM ledger_backfill WHERE done < through ORDER BY subject_kind LIMIT 1;

-- name: progress
SELECT coalesce(sum(through), 0) AS through, coalesce(sum(done), 0) AS done FROM ledger_backfill;

-- name: set_done
UPDATE ledger_backfill SET done = :done WHERE subject_kind = :subject_kind;

-- name: through
SELECT through FROM ledger_backfill WHERE subject_kind = :subject_kind;
