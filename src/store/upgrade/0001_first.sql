-- Step 1: the first schema. Times are UTC milliseconds (_ms) or nanoseconds (_ns) of Unix time.

-- Who this store is: one row.
CREATE TABLE store (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    uuid       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by TEXT    NOT NULL
) STRICT;

-- Every time a daemon or an ingest had the store.
CREATE TABLE tenure (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    pid        INTEGER NOT NULL,
    verb       TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    started_ms INTEGER NOT NULL,
    stopped_ms INTEGER
) STRICT;

CREATE TABLE drop_folder (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    root BLOB NOT NULL
) STRICT;

CREATE TABLE source (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL UNIQUE,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms  INTEGER NOT NULL
) STRICT;

-- A document is the distinct bytes of a file.
CREATE TABLE document (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    digest       BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    size_bytes   INTEGER NOT NULL CHECK (size_bytes >= 0),
    format       TEXT    NOT NULL,
    charset      TEXT    NOT NULL,
    charset_rule TEXT    NOT NULL,
    -- Its first sighting: the earliest by arrival to the minute, then by path.
    first_job_id INTEGER NOT NULL REFERENCES job (id),
    arrival_ms   INTEGER NOT NULL,
    recorded_ms  INTEGER NOT NULL
) STRICT;

-- A job is one file as sighted once: the queue while it is open, the sighting for ever after.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    drop_id     INTEGER NOT NULL REFERENCES drop_folder (id),
    path        BLOB    NOT NULL,
    device      INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    ctime_ns    INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'claimed', 'done', 'held', 'gone')),
    attempts    INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    crashes     INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
    due_ms      INTEGER NOT NULL,
    reason      TEXT,
    detail      TEXT,
    outcome     TEXT,
    document_id INTEGER REFERENCES document (id),
    after_state TEXT    NOT NULL DEFAULT 'none' CHECK (after_state IN ('none', 'due', 'done')),
    CHECK (state <> 'held' OR reason IS NOT NULL),
    CHECK (state <> 'done' OR document_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX job_by_sighting ON job (path, mtime_ns, ctime_ns, size_bytes, inode, device);
CREATE INDEX job_ready ON job (drop_id, due_ms, id) WHERE state = 'queued' AND crashes = 0;
CREATE INDEX job_suspect ON job (drop_id, due_ms, id) WHERE state = 'queued' AND crashes > 0;
CREATE INDEX job_waiting ON job (drop_id, due_ms) WHERE state = 'queued';
CREATE INDEX job_claimed ON job (id) WHERE state = 'claimed';
CREATE INDEX job_held ON job (drop_id, reason, id) WHERE state = 'held';
CREATE INDEX job_after ON job (drop_id, due_ms, id) WHERE after_state = 'due';
CREATE INDEX job_by_drop ON job (drop_id, id);
CREATE INDEX job_by_document ON job (document_id) WHERE document_id IS NOT NULL;

-- A text is what articles are compared by: all articles with the same normalised words share one.
CREATE TABLE text (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    digest   BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    -- How many prints it has.
    prints   INTEGER NOT NULL,
    -- The first of its articles.
    first_id INTEGER REFERENCES article (id)
) STRICT;

CREATE TABLE family (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    lead_id INTEGER NOT NULL,
    members INTEGER NOT NULL CHECK (members >= 0)
) STRICT;

CREATE TABLE article (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES document (id),
    ordinal     INTEGER NOT NULL,
    member      TEXT,
    drop_id     INTEGER NOT NULL REFERENCES drop_folder (id),
    source_id   INTEGER REFERENCES source (id),
    text_id     INTEGER NOT NULL REFERENCES text (id),
    family_id   INTEGER REFERENCES family (id),
    recorded_ms INTEGER NOT NULL,
    edited_by   TEXT    NOT NULL,
    -- Publication as stated, else arrival to the minute: the first key of "who was first".
    first_ms    INTEGER NOT NULL,
    -- Last change as stated, else first_ms: the first key of "which version is later".
    changed_ms  INTEGER NOT NULL,
    verdict     TEXT    NOT NULL
                CHECK (verdict IN ('new', 'same-text', 'copy', 'excerpt', 'expansion', 'version')),
    of_id       INTEGER REFERENCES article (id),
    resemblance REAL,
    contains    REAL,
    contained   REAL,
    language    TEXT,
    published   TEXT,
    url         TEXT,
    guid        TEXT,
    title       TEXT,
    text        TEXT    NOT NULL CHECK (text <> ''),
    UNIQUE (document_id, ordinal),
    CHECK ((verdict = 'new') = (of_id IS NULL))
) STRICT;
CREATE INDEX article_by_text ON article (text_id);
CREATE INDEX article_by_family ON article (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX article_by_source ON article (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX article_by_url ON article (url) WHERE url IS NOT NULL;
CREATE INDEX article_by_guid ON article (guid) WHERE guid IS NOT NULL;
CREATE INDEX article_by_of ON article (of_id) WHERE of_id IS NOT NULL;

-- An article that is a later text of another one from the same source.
CREATE TABLE version (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    earlier_id INTEGER NOT NULL REFERENCES article (id),
    basis      TEXT    NOT NULL CHECK (basis IN ('guid', 'url', 'path'))
) STRICT;
CREATE INDEX version_by_earlier ON version (earlier_id);

-- Everything found about an article, with the rule that found it and where. Offsets are bytes of the decoded input.
CREATE TABLE field (
    article_id INTEGER NOT NULL REFERENCES article (id),
    name       TEXT    NOT NULL,
    ordinal    INTEGER NOT NULL,
    value      TEXT    NOT NULL CHECK (value <> ''),
    rule       TEXT    NOT NULL,
    span_start INTEGER,
    span_end   INTEGER,
    confidence REAL    NOT NULL,
    PRIMARY KEY (article_id, name, ordinal)
) STRICT, WITHOUT ROWID;

-- The decoded input of an article, Zstandard-compressed: what pieces and evidence point into.
CREATE TABLE input (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    size_bytes INTEGER NOT NULL,
    -- Its pieces in their order, kept and cut, each with label, rule and score; store/pieces.rs says how they are written.
    pieces     BLOB    NOT NULL,
    zstd       BLOB    NOT NULL
) STRICT;

-- Winnowed shingle hashes of the texts: where candidates are looked up.
CREATE TABLE print (
    hash    INTEGER NOT NULL,
    text_id INTEGER NOT NULL REFERENCES text (id),
    PRIMARY KEY (hash, text_id)
) STRICT, WITHOUT ROWID;

-- Two texts compared: shares of shingles, low_in_high being how much of the lower-numbered stands in the other.
CREATE TABLE relation (
    low_id      INTEGER NOT NULL REFERENCES text (id),
    high_id     INTEGER NOT NULL REFERENCES text (id),
    tie         TEXT    NOT NULL CHECK (tie IN ('copy', 'low-in-high', 'high-in-low', 'shares')),
    resemblance REAL    NOT NULL,
    low_in_high REAL    NOT NULL,
    high_in_low REAL    NOT NULL,
    PRIMARY KEY (low_id, high_id),
    CHECK (low_id < high_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_high ON relation (high_id);

-- The history. Only ever appended.
CREATE TABLE event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms      INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    drop_id    INTEGER REFERENCES drop_folder (id),
    job_id     INTEGER REFERENCES job (id),
    article_id INTEGER REFERENCES article (id),
    detail     TEXT
) STRICT;
CREATE INDEX event_by_time ON event (at_ms);
CREATE INDEX event_by_job ON event (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX event_by_article ON event (article_id) WHERE article_id IS NOT NULL;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'the history is only ever appended'); END;
CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'the history is only ever appended'); END;

-- Files and articles by day (days since 1970, UTC), source (0: none known) and outcome, kept with each commit.
CREATE TABLE tally (
    day       INTEGER NOT NULL,
    drop_id   INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    outcome   TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (day, drop_id, source_id, outcome)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE article_fts USING fts5 (
    title, text, content = 'article', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
-- A batch of 500 articles is gathered in memory and written as one segment (the default of 1 MB makes two or three of
-- it), and segments are merged by eights instead of fours: searching reads a few more, recording writes far less.
INSERT INTO article_fts (article_fts, rank) VALUES ('hashsize', 16777216);
INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 8);
