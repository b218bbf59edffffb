-- What candidates are found by: for each term, the claims that have it, in blocks
-- of claims (server/store/postings). Derived from the forward blobs, which hold
-- what has not been compacted yet. No foreign key: a sharded engine may keep it
-- apart, by shard or by term.

-- +goose Up
CREATE TABLE postings (
    shard   INTEGER NOT NULL,
    term    BIGINT  NOT NULL, -- the key's 64 bits
    block   BIGINT  NOT NULL, -- claim seq divided by the size of a block
    highest INTEGER NOT NULL, -- impact in the blob
    blob    BYTEA   NOT NULL,
    PRIMARY KEY (shard, term, block)
);

-- How far the blobs were compacted, and by whom: one server at a time does it,
-- while its lease lasts.
CREATE TABLE compaction (
    shard    INTEGER     NOT NULL PRIMARY KEY,
    document BIGINT      NOT NULL, -- last seqs whose terms stand in postings
    claim    BIGINT      NOT NULL,
    holder   BYTEA       NOT NULL,
    until    TIMESTAMPTZ NOT NULL
);
INSERT INTO compaction (shard, document, claim, holder, until) VALUES (0, 0, 0, '', now());
