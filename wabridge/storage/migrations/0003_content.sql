-- A message that does something to another one (reacts to it, changes it, takes it back) names it by its wamid, which may
-- come before or after it, or never.
ALTER TABLE message ADD COLUMN target_wamid TEXT;
CREATE INDEX message_target ON message (number_id, target_wamid) WHERE target_wamid IS NOT NULL;
