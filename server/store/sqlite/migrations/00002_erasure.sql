-- Documents can be erased. What is erased leaves its numbers here, so that they
-- are not given out again and others forget what they derived from it; nothing of
-- what it said.

-- +goose Up
CREATE TABLE erasures (
    seq           INTEGER PRIMARY KEY, -- also how many documents were erased so far
    document      INTEGER NOT NULL,
    first_claim   INTEGER NOT NULL,
    claims        INTEGER NOT NULL,
    all_claims    INTEGER NOT NULL,    -- erased so far, this one's among them
    head_document INTEGER NOT NULL,    -- last seqs given out by then
    head_claim    INTEGER NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'erasures are append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'erasures are append-only');
END;
-- +goose StatementEnd

-- Which documents name which as copied (it stands in their bodies).
CREATE TABLE copy_links (
    original TEXT    NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (seq),
    PRIMARY KEY (original, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_links_document ON copy_links (document);
INSERT INTO copy_links (original, document)
SELECT DISTINCT json_extract(c.value, '$.document'), d.seq FROM documents d, json_each(d.body, '$.copies') c;

-- Without a foreign key: to look for the keys of each claim that goes would take
-- an index in the path of every ingest. The keys are known from the claim.
CREATE TABLE asserters (
    key   TEXT    NOT NULL,
    claim INTEGER NOT NULL,
    PRIMARY KEY (key, claim)
) STRICT, WITHOUT ROWID;
INSERT INTO asserters (key, claim) SELECT key, claim FROM claim_asserters;
DROP TABLE claim_asserters;
ALTER TABLE asserters RENAME TO claim_asserters;

-- For what hangs on a document that goes.
CREATE INDEX documents_next ON documents (next) WHERE next IS NOT NULL;
CREATE INDEX requests_document ON requests (document);
