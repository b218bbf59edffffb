-- Documents can be erased. What is erased leaves its numbers here, so that others
-- forget what they derived from it; nothing of what it said. Append-only: the
-- store has no statement that changes a row.

-- +goose Up
CREATE TABLE erasures (
    seq         BIGINT  NOT NULL PRIMARY KEY, -- log.erased
    document    BIGINT  NOT NULL,
    first_claim BIGINT  NOT NULL,
    claims      INTEGER NOT NULL
);

-- Which documents name which as copied (it stands in their bodies).
CREATE TABLE copy_links (
    original BYTEA  NOT NULL,
    document BIGINT NOT NULL REFERENCES documents (seq),
    PRIMARY KEY (original, document)
);
CREATE INDEX copy_links_document ON copy_links (document);
INSERT INTO copy_links (original, document)
SELECT DISTINCT convert_to(c.value ->> 'document', 'UTF8'), d.seq
FROM documents d, json_array_elements(d.body::json -> 'copies') AS c (value);
