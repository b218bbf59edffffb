-- What is written together stands together. Names come up in stories, so that the
-- claims stored at one time have the same asserters as those stored shortly before.
-- In order of a name's text (or of a hash of it) each of them lies on a page of its
-- own, which each commit has to write as a whole; in order of first mention they
-- share a few at the end.

-- +goose Up
CREATE TABLE asserters (
    id  INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO asserters (key) SELECT key FROM claim_asserters GROUP BY key ORDER BY min(claim);

CREATE TABLE asserted (
    asserter INTEGER NOT NULL,
    claim    INTEGER NOT NULL,
    PRIMARY KEY (asserter, claim)
) STRICT, WITHOUT ROWID;
INSERT INTO asserted (asserter, claim) SELECT k.id, a.claim FROM claim_asserters a CROSS JOIN asserters k ON k.key = a.key ORDER BY k.id, a.claim;

-- Readers go on seeing the keys of each claim.
DROP TABLE claim_asserters;
CREATE VIEW claim_asserters (key, claim) AS SELECT k.key, a.claim FROM asserters k JOIN asserted a ON a.asserter = k.id;

-- A key that no claim is left under goes too: it is somebody's name.
-- +goose StatementBegin
CREATE TRIGGER claim_asserters_drop INSTEAD OF DELETE ON claim_asserters
BEGIN
    DELETE FROM asserted WHERE asserter = (SELECT id FROM asserters WHERE key = OLD.key) AND claim = OLD.claim;
    DELETE FROM asserters WHERE key = OLD.key AND NOT EXISTS (SELECT 1 FROM asserted WHERE asserter = asserters.id);
END;
-- +goose StatementEnd

-- The same table with rows in order of first mention.
CREATE TABLE sources_met (
    id          TEXT    NOT NULL UNIQUE,
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
) STRICT;
INSERT INTO sources_met (id, registered, derived_key, kind, name, name_fold, mentions, created_at, updated_at, revision, body)
SELECT id, registered, derived_key, kind, name, name_fold, mentions, created_at, updated_at, revision, body FROM sources ORDER BY created_at, id;
CREATE TABLE names_met (
    key    TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES sources_met (id),
    PRIMARY KEY (key, source)
) STRICT, WITHOUT ROWID;
INSERT INTO names_met (key, source) SELECT key, source FROM source_names;
DROP TABLE source_names;
DROP TABLE sources;
ALTER TABLE sources_met RENAME TO sources;
ALTER TABLE names_met RENAME TO source_names;
CREATE INDEX sources_created ON sources (created_at, id);
CREATE INDEX sources_registered ON sources (registered, created_at, id);
CREATE INDEX sources_kind ON sources (kind, created_at, id);
CREATE INDEX sources_name ON sources (name_fold);
CREATE INDEX source_names_source ON source_names (source);
