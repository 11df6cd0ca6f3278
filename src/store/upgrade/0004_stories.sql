-- Step 4: stories, that is families about one event.

-- What a family, or an article that has none, is about: a row for its lead.
CREATE TABLE theme (
    article_id   INTEGER PRIMARY KEY REFERENCES article (id),
    -- The rank by which items are seated: with a date before without, then these, then article_id.
    undated      INTEGER NOT NULL CHECK (undated IN (0, 1)),
    day          INTEGER NOT NULL,
    shortness    INTEGER NOT NULL,
    precedence   INTEGER NOT NULL,
    -- Unix milliseconds; the date is null where none is stated.
    published_ms INTEGER,
    arrived_ms   INTEGER NOT NULL,
    arrived_day  INTEGER NOT NULL,
    -- The words, as article/theme writes them.
    words        BLOB    NOT NULL,
    -- Whether its links are kept: not in a crowd in which nothing is told apart.
    is_linked    INTEGER NOT NULL CHECK (is_linked IN (0, 1)),
    -- The head of the story it sits in; null for a head.
    seat_id      INTEGER CHECK (seat_id <> article_id),
    -- The head of its story, which has others; null for what is alone.
    story_id     INTEGER,
    CHECK (undated = (published_ms IS NULL))
) STRICT;
CREATE INDEX theme_by_day ON theme (undated, day);
CREATE INDEX theme_by_arrival ON theme (arrived_day) WHERE undated = 0;
CREATE INDEX theme_by_seat ON theme (seat_id, undated, day, shortness, precedence, article_id) WHERE seat_id IS NOT NULL;
CREATE INDEX theme_by_story ON theme (story_id) WHERE story_id IS NOT NULL;

-- How likely two are about one event, in log-odds; each pair stands under both, so that one reference is enough: for the
-- other all links would be read whenever an item goes.
CREATE TABLE theme_link (
    article_id INTEGER NOT NULL REFERENCES theme (article_id),
    other_id   INTEGER NOT NULL,
    strength   REAL    NOT NULL,
    PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;

-- How many items there are of each day: of those with a date by that, of all by their arrival.
CREATE TABLE crowd (
    day     INTEGER PRIMARY KEY,
    dated   INTEGER NOT NULL,
    arrived INTEGER NOT NULL
) STRICT;

-- Articles of which something changed that makes an item, by the day they are of.
CREATE TABLE untold (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    day        INTEGER NOT NULL
) STRICT;
CREATE INDEX untold_in_turn ON untold (day, article_id);

-- Items whose seat (step 3 of the rule in src/stories) or story (step 4) is to be looked at again, in the order of rank.
CREATE TABLE unseated (
    step       INTEGER NOT NULL CHECK (step IN (3, 4)),
    undated    INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    shortness  INTEGER NOT NULL,
    precedence INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (step, undated, day, shortness, precedence, article_id)
) STRICT, WITHOUT ROWID;

-- Whoever writes what an item is made of need not think of stories.
CREATE TRIGGER article_is_told AFTER INSERT ON article BEGIN
    INSERT OR IGNORE INTO untold (day, article_id) VALUES (NEW.first_ms / 86400000, NEW.id);
END;
CREATE TRIGGER article_is_told_anew AFTER UPDATE OF family_id, title, text, text_id, published, first_ms ON article BEGIN
    INSERT OR IGNORE INTO untold (day, article_id) VALUES (NEW.first_ms / 86400000, NEW.id);
END;
CREATE TRIGGER document_is_told_anew AFTER UPDATE OF arrival_ms ON document BEGIN
    INSERT OR IGNORE INTO untold (day, article_id)
    SELECT first_ms / 86400000, id FROM article WHERE document_id = NEW.id;
END;
CREATE TRIGGER family_is_told AFTER INSERT ON family BEGIN
    INSERT OR IGNORE INTO untold (day, article_id)
    SELECT first_ms / 86400000, id FROM article WHERE id = NEW.lead_id;
END;
CREATE TRIGGER family_is_told_anew AFTER UPDATE OF lead_id ON family WHEN NEW.lead_id <> OLD.lead_id BEGIN
    INSERT OR IGNORE INTO untold (day, article_id)
    SELECT first_ms / 86400000, id FROM article WHERE id IN (OLD.lead_id, NEW.lead_id);
END;

INSERT INTO untold (day, article_id)
SELECT first_ms / 86400000, article.id FROM article LEFT JOIN family ON family.id = article.family_id
WHERE family.id IS NULL OR family.lead_id = article.id;
