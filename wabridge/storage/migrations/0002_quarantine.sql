-- The placeholder that stands for an item that could not be understood is found by the item: there are few of them.
CREATE INDEX message_unreadable ON message (event_id) WHERE kind = 'unreadable';
