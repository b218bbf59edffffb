-- Editors' judgements are listed by what they are about, and may be sent twice
-- under a request id. What they say of a document goes when it is erased: that is
-- the one statement of the store that changes a row of judgements.

-- +goose Up
CREATE INDEX judgements_subject ON judgements (subject, seq);
CREATE INDEX judgements_object ON judgements (object, seq);
CREATE INDEX judgements_kind ON judgements (kind, seq);
CREATE INDEX judgements_editor ON judgements (editor, seq);

CREATE TABLE judgement_requests (
    request   BYTEA  NOT NULL PRIMARY KEY, -- cut
    hash      BYTEA  NOT NULL,
    judgement BIGINT NOT NULL REFERENCES judgements (seq)
);
CREATE INDEX judgement_requests_judgement ON judgement_requests (judgement);
