-- The log of what was ingested. There is no way down: a log is not unwritten.
--
-- This is plain SQL that Citus, CockroachDB and YugabyteDB take as it is: no
-- extension, no operator class, no trigger, no sequence. Names and texts from
-- outside are BYTEA: they may hold a NUL, which TEXT refuses, and bytes compare
-- the same everywhere, whatever the collation ("SET bytea_output = 'escape'"
-- shows them readable). Keys that may be long are cut by the store (an index
-- takes 2,700 bytes). Instants are microseconds since 1970 UTC; the unknown
-- instant is that of Go's zero time, so it sorts before all others.

-- +goose Up
-- The head of the log. Whoever writes locks its row first and gives out the next
-- seqs from it, so seqs rise in order of commit, without gaps, and who reads the
-- log by seq misses nothing.
CREATE TABLE log (
    shard     INTEGER NOT NULL PRIMARY KEY,
    document  BIGINT  NOT NULL, -- last seqs given out
    claim     BIGINT  NOT NULL,
    judgement BIGINT  NOT NULL,
    documents BIGINT  NOT NULL, -- counts of what is stored
    claims    BIGINT  NOT NULL,
    erased    BIGINT  NOT NULL  -- how many documents were deleted so far
);
INSERT INTO log (shard, document, claim, judgement, documents, claims, erased) VALUES (0, 0, 0, 0, 0, 0, 0);

-- The number of each server's last commit: when the connection breaks during one,
-- its row tells whether it happened.
CREATE TABLE writers (
    id      BYTEA       NOT NULL PRIMARY KEY,
    commits BIGINT      NOT NULL,
    seen    TIMESTAMPTZ NOT NULL
);

CREATE TABLE documents (
    seq            BIGINT  NOT NULL PRIMARY KEY,
    id             BYTEA   NOT NULL UNIQUE,
    hash           BYTEA   NOT NULL UNIQUE,
    series         BYTEA,
    version        INTEGER NOT NULL,
    previous       BYTEA UNIQUE REFERENCES documents (id),
    next           BYTEA REFERENCES documents (id),
    kind           TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    publisher      BYTEA   NOT NULL,
    publisher_fold BYTEA   NOT NULL, -- cut
    published_at   BIGINT  NOT NULL,
    ingested_at    BIGINT  NOT NULL,
    retrieved_at   BIGINT  NOT NULL,
    title          BYTEA   NOT NULL,
    byline         BYTEA   NOT NULL,
    dateline       BYTEA   NOT NULL,
    credit_line    BYTEA   NOT NULL,
    url            BYTEA   NOT NULL,
    external_id    BYTEA   NOT NULL,
    forwarded_from BYTEA   NOT NULL,
    in_reply_to    BYTEA   NOT NULL,
    language       BYTEA   NOT NULL,
    body           TEXT    NOT NULL, -- JSON: reading, copies
    text           BYTEA   NOT NULL  -- verbatim
);
CREATE INDEX documents_series ON documents (series, version) WHERE series IS NOT NULL;
CREATE INDEX documents_published ON documents (published_at, id);
CREATE INDEX documents_publisher ON documents (publisher_fold, published_at, id);
CREATE INDEX documents_kind ON documents (kind, published_at, id);
CREATE INDEX documents_status ON documents (status, published_at, id);
CREATE INDEX documents_next ON documents (next) WHERE next IS NOT NULL;

CREATE TABLE requests (
    request  BYTEA  NOT NULL PRIMARY KEY, -- cut
    hash     BYTEA  NOT NULL,
    document BIGINT NOT NULL REFERENCES documents (seq)
);
CREATE INDEX requests_document ON requests (document);

CREATE TABLE claims (
    seq          BIGINT  NOT NULL PRIMARY KEY,
    document     BIGINT  NOT NULL REFERENCES documents (seq),
    idx          INTEGER NOT NULL CHECK (idx > 0),
    kind         TEXT    NOT NULL,
    modality     TEXT    NOT NULL,
    published_at BIGINT  NOT NULL, -- the document's
    text         BYTEA   NOT NULL,
    body         TEXT    NOT NULL, -- JSON: evidence, frame, attribution, scores
    UNIQUE (document, idx)
);

-- The deepest asserter of a claim, under the keys of its name and its handle.
CREATE TABLE claim_asserters (
    key   BYTEA  NOT NULL, -- cut
    claim BIGINT NOT NULL REFERENCES claims (seq),
    PRIMARY KEY (key, claim)
);
CREATE INDEX claim_asserters_claim ON claim_asserters (claim);

CREATE TABLE sources (
    id          BYTEA   NOT NULL PRIMARY KEY,
    registered  BOOLEAN NOT NULL,
    derived_key BYTEA UNIQUE, -- of the name met in documents, cut; kept when promoted
    kind        TEXT    NOT NULL,
    name        BYTEA   NOT NULL,
    name_fold   BYTEA   NOT NULL,
    name_start  BYTEA   NOT NULL, -- the first 512 bytes of name_fold
    mentions    BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    revision    BIGINT  NOT NULL,
    body        TEXT    NOT NULL -- JSON: aliases, handles, control, grade
);
CREATE INDEX sources_created ON sources (created_at, id);
CREATE INDEX sources_registered ON sources (registered, created_at, id);
CREATE INDEX sources_kind ON sources (kind, created_at, id);
CREATE INDEX sources_name ON sources (name_start);

CREATE TABLE source_names (
    key    BYTEA NOT NULL, -- cut
    source BYTEA NOT NULL REFERENCES sources (id),
    PRIMARY KEY (key, source)
);
CREATE INDEX source_names_source ON source_names (source);

-- Append-only: the store has no statement that changes a row.
CREATE TABLE judgements (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    BYTEA  NOT NULL,
    subject BYTEA  NOT NULL,
    object  BYTEA  NOT NULL,
    value   TEXT   NOT NULL, -- JSON object of strings
    editor  BYTEA  NOT NULL,
    reason  BYTEA  NOT NULL,
    at      BIGINT NOT NULL,
    undoes  BIGINT REFERENCES judgements (seq)
);

-- One row per commit: what the index needs of the documents from first on.
CREATE TABLE forward (
    first BIGINT NOT NULL PRIMARY KEY,
    blob  BYTEA  NOT NULL
);
