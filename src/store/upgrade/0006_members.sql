-- Step 6: files that hold many articles are read as a stream, and items of wires without a text are kept.

-- How far the reading of a document has come: 'open' while it goes on, 'cut' where the file ends before its content does.
ALTER TABLE document ADD COLUMN state TEXT NOT NULL DEFAULT 'whole' CHECK (state IN ('open', 'whole', 'cut'));
-- How many members of the file are done, from the first; what comes next has this number.
ALTER TABLE document ADD COLUMN reached INTEGER NOT NULL DEFAULT 1;
-- How many of them stay as they are however the file grows; 0 where it is one document and no more.
ALTER TABLE document ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
-- The document that this one goes on from: the same file before it grew. Its members are not read again.
ALTER TABLE document ADD COLUMN continues_id INTEGER;

-- Where an article stands in its file, as JSON; null where the file is the article.
ALTER TABLE article ADD COLUMN place TEXT;
-- What the article itself is; null where that is what the document is.
ALTER TABLE article ADD COLUMN format TEXT;
ALTER TABLE article ADD COLUMN charset TEXT;
ALTER TABLE article ADD COLUMN charset_rule TEXT;
-- What is stated around it (by the archive, by the server it was fetched from), as JSON: needed to edit it again.
ALTER TABLE article ADD COLUMN around TEXT;

-- Members of files that were put aside, each by itself. Number -1 is the end of the file.
CREATE TABLE held_member (
    document_id INTEGER NOT NULL REFERENCES document (id),
    ordinal     INTEGER NOT NULL,
    place       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL,
    PRIMARY KEY (document_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_member_by_reason ON held_member (reason);

-- Items that have an identity and no text: kills, later versions that are empty, metadata of texts that lie elsewhere.
CREATE TABLE notice (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES document (id),
    ordinal     INTEGER NOT NULL,
    place       TEXT,
    guid        TEXT    NOT NULL,
    version     TEXT,
    status      TEXT,
    title       TEXT,
    -- Last change as stated, else publication, else arrival: which of the items of a guid is the latest.
    changed_ms  INTEGER NOT NULL,
    -- The article object, as it was read.
    object      TEXT    NOT NULL,
    UNIQUE (document_id, ordinal)
) STRICT;
CREATE INDEX notice_by_guid ON notice (guid);
