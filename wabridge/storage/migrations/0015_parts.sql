-- A text that is too long for one message goes in several: each further one names the first.
ALTER TABLE message ADD COLUMN part_of INTEGER REFERENCES message (id);
CREATE INDEX message_part ON message (part_of) WHERE part_of IS NOT NULL;
