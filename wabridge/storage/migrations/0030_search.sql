-- The words of messages, to be found again: what was written, and what a file, a card or a place is called. rowid: the message's id.
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content='', contentless_delete=1, detail='full', tokenize="unicode61 remove_diacritics 2"
);

CREATE VIEW message_said AS
SELECT m.id, coalesce(m.text, '') || char(10) || coalesce((
    SELECT group_concat(part.value, char(10))
    FROM json_tree(CASE WHEN json_valid(CAST(m.content AS TEXT)) THEN CAST(m.content AS TEXT) END) AS part
    WHERE part.type = 'text' AND part.key IN (
        'caption', 'file_name', 'name', 'organisation', 'number', 'address', 'title', 'description', 'note', 'said', 'text', 'footer', 'value'
    )
), '') AS words
FROM message AS m;

INSERT INTO message_words (rowid, words) SELECT id, words FROM message_said;

CREATE TRIGGER message_words_add AFTER INSERT ON message
BEGIN
    INSERT INTO message_words (rowid, words) SELECT id, words FROM message_said WHERE id = new.id;
END;

CREATE TRIGGER message_words_change AFTER UPDATE OF text, content ON message
WHEN new.text IS NOT old.text OR new.content IS NOT old.content
BEGIN
    DELETE FROM message_words WHERE rowid = new.id;
    INSERT INTO message_words (rowid, words) SELECT id, words FROM message_said WHERE id = new.id;
END;

CREATE TRIGGER message_words_remove AFTER DELETE ON message
BEGIN
    DELETE FROM message_words WHERE rowid = old.id;
END;
