-- How often a picture took the decoder too long: it is tried again when nothing else waits, also after a restart.
ALTER TABLE media ADD COLUMN slow_tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX media_slow ON media (slow_tries, id) WHERE slow_tries > 0;
