-- Step 2: furniture learnt per source.

-- What each article of a source tells about it, and as what its own blocks were taken when it was edited last.
CREATE TABLE observation (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    source_id  INTEGER NOT NULL,
    -- The keys of its blocks, its identities and its sketch, as `article::furniture::Observation` writes them.
    told       BLOB    NOT NULL,
    -- Those of its keys that were known as furniture when it was edited.
    known      BLOB    NOT NULL
) STRICT;

-- In which articles of a source a block occurred.
CREATE TABLE block (
    source_id  INTEGER NOT NULL,
    key        INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (source_id, key, article_id)
) STRICT, WITHOUT ROWID;

-- The blocks that occurred in enough different articles, and those somebody has said something about.
CREATE TABLE furniture (
    source_id   INTEGER NOT NULL REFERENCES source (id),
    key         INTEGER NOT NULL,
    -- Whether it occurred in enough different articles.
    is_learnt   INTEGER NOT NULL CHECK (is_learnt IN (0, 1)),
    -- Whether a person said that it is none.
    is_denied   INTEGER NOT NULL DEFAULT 0 CHECK (is_denied IN (0, 1)),
    -- How it begins in the earliest article it was cut from, and which that is: by date, then by digest of the document.
    text        TEXT,
    text_ms     INTEGER,
    text_digest BLOB,
    PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;

-- The articles that are to be edited again: what is furniture has changed since they were.
CREATE TABLE reedit (
    article_id INTEGER PRIMARY KEY REFERENCES article (id)
) STRICT;

-- From how many different articles on a block is furniture, as it was when the store was last written: one row.
CREATE TABLE learning (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    after INTEGER NOT NULL
) STRICT;
INSERT INTO learning (id, after) VALUES (1, 0);
