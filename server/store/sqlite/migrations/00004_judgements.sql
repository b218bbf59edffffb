-- Editors' judgements are listed by what they are about, and may be sent twice
-- under a request id. What they say of a document goes when it is erased.

-- +goose Up
CREATE INDEX judgements_subject ON judgements (subject, seq);
CREATE INDEX judgements_object ON judgements (object, seq) WHERE object <> '';
CREATE INDEX judgements_kind ON judgements (kind, seq);
CREATE INDEX judgements_editor ON judgements (editor, seq);

CREATE TABLE judgement_requests (
    request   TEXT    NOT NULL PRIMARY KEY,
    hash      BLOB    NOT NULL,
    judgement INTEGER NOT NULL REFERENCES judgements (seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX judgement_requests_judgement ON judgement_requests (judgement);

-- One change is allowed: that the words go and everything else stays.
DROP TRIGGER judgements_keep;
-- +goose StatementBegin
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements
WHEN NEW.seq <> OLD.seq OR NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.object <> OLD.object
    OR NEW.editor <> OLD.editor OR NEW.at <> OLD.at OR NEW.undoes IS NOT OLD.undoes
    OR NEW.reason <> '' OR NEW.value <> '{"erased":"true"}'
BEGIN
    SELECT RAISE(ABORT, 'judgements are append-only');
END;
-- +goose StatementEnd
