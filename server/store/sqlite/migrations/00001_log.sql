-- The log of what was ingested. There is no way down: a log is not unwritten.
-- Instants are microseconds since 1970 UTC; the unknown instant is that of Go's
-- zero time, so it sorts before all others and needs no case of its own.

-- +goose Up
CREATE TABLE documents (
    seq            INTEGER PRIMARY KEY,
    id             TEXT    NOT NULL UNIQUE,
    hash           BLOB    NOT NULL UNIQUE,
    series         BLOB,
    version        INTEGER NOT NULL,
    previous       TEXT UNIQUE REFERENCES documents (id),
    next           TEXT REFERENCES documents (id),
    kind           TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    publisher      TEXT    NOT NULL,
    publisher_fold TEXT    NOT NULL,
    published_at   INTEGER NOT NULL,
    ingested_at    INTEGER NOT NULL,
    retrieved_at   INTEGER NOT NULL,
    claim_count    INTEGER NOT NULL,
    title          TEXT    NOT NULL,
    byline         TEXT    NOT NULL,
    dateline       TEXT    NOT NULL,
    credit_line    TEXT    NOT NULL,
    url            TEXT    NOT NULL,
    external_id    TEXT    NOT NULL,
    forwarded_from TEXT    NOT NULL,
    in_reply_to    TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    body           TEXT    NOT NULL, -- JSON: reading, copies
    text           TEXT    NOT NULL  -- verbatim; last, so that the rest is read without its pages
) STRICT;
CREATE INDEX documents_series ON documents (series, version) WHERE series IS NOT NULL;
CREATE INDEX documents_published ON documents (published_at, id);
CREATE INDEX documents_publisher ON documents (publisher_fold, published_at, id);
CREATE INDEX documents_kind ON documents (kind, published_at, id);
CREATE INDEX documents_status ON documents (status, published_at, id);

CREATE TABLE requests (
    request  TEXT    NOT NULL PRIMARY KEY,
    hash     BLOB    NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
    seq          INTEGER PRIMARY KEY,
    document     INTEGER NOT NULL REFERENCES documents (seq),
    idx          INTEGER NOT NULL CHECK (idx > 0),
    kind         TEXT    NOT NULL,
    modality     TEXT    NOT NULL,
    published_at INTEGER NOT NULL, -- the document's
    text         TEXT    NOT NULL,
    body         TEXT    NOT NULL, -- JSON: evidence, frame, attribution, scores
    UNIQUE (document, idx)
) STRICT;

-- The deepest asserter of a claim, under the keys of its name and its handle.
CREATE TABLE claim_asserters (
    key   TEXT    NOT NULL,
    claim INTEGER NOT NULL REFERENCES claims (seq),
    PRIMARY KEY (key, claim)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id          TEXT    NOT NULL PRIMARY KEY,
    registered  INTEGER NOT NULL CHECK (registered IN (0, 1)),
    derived_key TEXT UNIQUE, -- of the name met in documents; kept when promoted
    kind        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    name_fold   TEXT    NOT NULL,
    mentions    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    body        TEXT    NOT NULL -- JSON: aliases, handles, control, grade
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_created ON sources (created_at, id);
CREATE INDEX sources_registered ON sources (registered, created_at, id);
CREATE INDEX sources_kind ON sources (kind, created_at, id);
CREATE INDEX sources_name ON sources (name_fold);

CREATE TABLE source_names (
    key    TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES sources (id),
    PRIMARY KEY (key, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_names_source ON source_names (source);

CREATE TABLE judgements (
    seq     INTEGER PRIMARY KEY,
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    object  TEXT    NOT NULL,
    value   TEXT    NOT NULL, -- JSON object of strings
    editor  TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    undoes  INTEGER REFERENCES judgements (seq)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements
BEGIN
    SELECT RAISE(ABORT, 'judgements are append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements
BEGIN
    SELECT RAISE(ABORT, 'judgements are append-only');
END;
-- +goose StatementEnd

-- One row per commit: what the index needs of the documents from first on.
CREATE TABLE forward (
    first INTEGER PRIMARY KEY REFERENCES documents (seq),
    blob  BLOB NOT NULL
) STRICT;
