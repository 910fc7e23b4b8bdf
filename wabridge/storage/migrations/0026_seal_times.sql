-- Which outside time the seal of a bundle's report has, see model.export.SealTime; NULL for bundles from before.
ALTER TABLE export ADD COLUMN seal_time TEXT CHECK (seal_time IN ('unset', 'missing', 'timed', 'lasting'));
