-- works with: 4
-- The index of words. All of it is derived, and made again by `folkmoot search rebuild`.

-- One row for a post, message, person, board or tag. `id` is the millisecond of `at`, or the next that was free, so that
-- ids are in the order of time. `subject` is the row that it stands for, `place` its position or number there, `revision`
-- how often that was edited when it was read. `text` is what the words were cut from, as crates/terms keeps it.
CREATE TABLE search_entries (
    id              ID,
    kind            TEXT   NOT NULL,
    subject         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    author_id       BIGINT,
    thread_id       BIGINT,
    conversation_id BIGINT,
    place           BIGINT NOT NULL,
    opening         BOOLEAN NOT NULL,
    revision        BIGINT NOT NULL,
    title           TEXT   NOT NULL,
    tags            TEXT   NOT NULL,
    text            TEXT   NOT NULL,
    terms_version   BIGINT NOT NULL,
    UNIQUE (kind, subject)
);

-- The terms of each entry, as a set. All characters but spaces belong to a term: what a term is, is decided elsewhere.
-- only: sqlite
CREATE VIRTUAL TABLE search_index USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '+#.-_@'"
);

-- only: postgres
CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
CREATE INDEX search_index_terms ON search_index USING gin (terms) WITH (fastupdate = off);

-- The words there are, and how many entries have each (nearly: the counts of a node that dies are lost).
-- only: sqlite
CREATE TABLE search_words (word TEXT NOT NULL PRIMARY KEY, id BIGINT NOT NULL UNIQUE, entries BIGINT NOT NULL)
    WITHOUT ROWID;
CREATE VIRTUAL TABLE search_word_parts USING fts5 (
    parts, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '+#.-_@'"
);

-- only: postgres
CREATE TABLE search_words (
    word TEXT COLLATE "C" NOT NULL PRIMARY KEY, id BIGINT NOT NULL UNIQUE, entries BIGINT NOT NULL
);
CREATE TABLE search_word_parts (rowid BIGINT PRIMARY KEY, parts TSVECTOR NOT NULL);
CREATE INDEX search_word_parts_parts ON search_word_parts USING gin (parts) WITH (fastupdate = off);

-- How far all rows of a kind have been looked at; `anew`: even if they have an entry. `turn` of the row `all` rises with each write to the
-- index, so that nobody writes what they read before another wrote.
CREATE TABLE search_progress (
    kind          TEXT   NOT NULL PRIMARY KEY,
    turn          BIGINT NOT NULL,
    done_to       BIGINT NOT NULL,
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    terms_version BIGINT NOT NULL,
    finished      BOOLEAN NOT NULL,
    anew          BOOLEAN NOT NULL
);
INSERT INTO search_progress (kind, turn, done_to, done, total, terms_version, finished, anew) VALUES
    ('all', 0, 0, 0, 0, 0, TRUE, FALSE),
    ('post', 0, 0, 0, 0, 0, FALSE, FALSE),
    ('message', 0, 0, 0, 0, 0, FALSE, FALSE),
    ('person', 0, 0, 0, 0, 0, FALSE, FALSE),
    ('board', 0, 0, 0, 0, 0, FALSE, FALSE);
