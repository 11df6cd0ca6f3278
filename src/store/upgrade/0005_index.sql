-- Step 5: a row of the index is two numbers instead of four.

DROP TABLE print;
DELETE FROM fresh;
DELETE FROM filling;

-- Prints of the texts, by day: where candidates are looked up. `hash` is the upper 32 of 40 bits, `place` the rest, as
-- store/entry.rs packs them: whether the text is covered, the day, the text, the lower eight bits.
CREATE TABLE print (
    hash  INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (hash, place)
) STRICT, WITHOUT ROWID;

-- The same for what does not fit in there: days before 1970 and after 2059, texts beyond sixteen million. All 40 bits.
CREATE TABLE odd_print (
    hash       INTEGER NOT NULL,
    is_covered INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    text_id    INTEGER NOT NULL REFERENCES text (id),
    PRIMARY KEY (hash, is_covered, day, text_id)
) STRICT, WITHOUT ROWID;

-- All texts find their places anew. In `fresh.prints` stand 40 bits of each print from now on, the most significant first.
UPDATE text SET day = NULL WHERE day IS NOT NULL;

-- The texts that are to be judged again, all of them now; those first that precede the others: by when their first article was published,
-- else arrived.
ALTER TABLE due RENAME TO due_before;
CREATE TABLE due (
    text_id  INTEGER PRIMARY KEY REFERENCES text (id),
    first_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX due_in_turn ON due (first_ms, text_id);
INSERT INTO due (text_id, first_ms)
SELECT text.id, coalesce(article.first_ms, 0) FROM text LEFT JOIN article ON article.id = text.first_id
WHERE text.first_id IS NOT NULL OR text.id IN (SELECT text_id FROM due_before);
DROP TABLE due_before;
