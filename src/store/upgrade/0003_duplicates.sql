-- Step 3: who is judged by whom does not depend on who came when. Each text is compared with texts before it alone.

DROP TABLE print;
DROP TABLE relation;

-- The day of a text's first article (days since 1970, UTC); null until it has been compared with others.
ALTER TABLE text ADD COLUMN day INTEGER;
-- Whether an earlier text that is not covered itself says nearly the same: then that one is found in its stead.
ALTER TABLE text ADD COLUMN is_covered INTEGER NOT NULL DEFAULT 0 CHECK (is_covered IN (0, 1));
CREATE INDEX text_covered ON text (day) WHERE is_covered = 1;

-- Prints of the texts (48 bits of each), by day: where candidates are looked up.
CREATE TABLE print (
    hash       INTEGER NOT NULL,
    is_covered INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    text_id    INTEGER NOT NULL REFERENCES text (id),
    PRIMARY KEY (hash, is_covered, day, text_id)
) STRICT, WITHOUT ROWID;

-- The prints of the texts that are not in that table yet: it is filled in the order of the hashes, many texts at once.
CREATE TABLE fresh (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    text_id INTEGER NOT NULL UNIQUE REFERENCES text (id),
    -- The hashes, eight bytes each, the least significant first.
    prints  BLOB    NOT NULL
) STRICT;

-- How far the present filling has come: of all rows of `fresh` up to this one, every hash below this is in `print`.
CREATE TABLE filling (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    upto  INTEGER NOT NULL,
    below INTEGER NOT NULL
) STRICT;

-- A text compared with one that precedes it, as seen from the later one.
CREATE TABLE relation (
    text_id     INTEGER NOT NULL REFERENCES text (id),
    earlier_id  INTEGER NOT NULL REFERENCES text (id),
    tie         TEXT    NOT NULL CHECK (tie IN ('copy', 'excerpt', 'expansion', 'shares')),
    -- Whether it makes one family of the two.
    joins       INTEGER NOT NULL CHECK (joins IN (0, 1)),
    probability REAL    NOT NULL,
    -- Shares of the shingles: of all, of the later text, of the earlier one.
    resemblance REAL    NOT NULL,
    contained   REAL    NOT NULL,
    contains    REAL    NOT NULL,
    shared      INTEGER NOT NULL,
    -- Words of the longest passage, figures and names that differ inside passages.
    longest_run INTEGER NOT NULL,
    figures     INTEGER NOT NULL,
    names       INTEGER NOT NULL,
    -- The passages, as store/relations.rs writes them.
    passages    BLOB    NOT NULL,
    PRIMARY KEY (text_id, earlier_id),
    CHECK (joins = 0 OR tie <> 'shares')
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_earlier ON relation (earlier_id);

-- The texts that are to be judged again: one before them has come or gone.
CREATE TABLE due (
    text_id INTEGER PRIMARY KEY REFERENCES text (id)
) STRICT;
INSERT INTO due (text_id) SELECT id FROM text WHERE first_id IS NOT NULL;

-- A version is also recognised by what its headline says it is.
ALTER TABLE version RENAME TO version_before;
DROP INDEX version_by_earlier;
CREATE TABLE version (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    earlier_id INTEGER NOT NULL REFERENCES article (id),
    basis      TEXT    NOT NULL CHECK (basis IN ('guid', 'url', 'path', 'headline'))
) STRICT;
INSERT INTO version (article_id, earlier_id, basis) SELECT article_id, earlier_id, basis FROM version_before;
DROP TABLE version_before;
CREATE INDEX version_by_earlier ON version (earlier_id);
