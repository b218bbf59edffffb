package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestAnOlderDatabaseIsBroughtUpToDate fills a database of the first schema, as
// the first build did, and opens it with this one: what was stored is there, and
// can be erased with what hangs on it.
func TestAnOlderDatabaseIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openAt(t, path, Options{})
	for _, id := range []string{"a", "b"} {
		doc, cs, identity, signature, terms := storetest.Document(id, 3)
		if id == "b" {
			doc.Copies = []claims.Copy{{Document: "a", Kind: claims.CopyNear}, {Document: "a", Kind: claims.CopyPartial}}
		}
		if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rawExec(t, path, // back to the first schema
		`CREATE TABLE old (key TEXT NOT NULL, claim INTEGER NOT NULL REFERENCES claims (seq), PRIMARY KEY (key, claim)) STRICT, WITHOUT ROWID`,
		`INSERT INTO old SELECT key, claim FROM claim_asserters`,
		`DROP VIEW claim_asserters`, `DROP TABLE asserted`, `DROP TABLE asserters`,
		`ALTER TABLE old RENAME TO claim_asserters`,
		`DROP TABLE api_keys`, `DROP TABLE copy_links`, `DROP TABLE erasures`, `DROP INDEX documents_next`, `DROP INDEX requests_document`,
		`DROP TABLE judgement_requests`, `DROP INDEX judgements_subject`, `DROP INDEX judgements_object`, `DROP INDEX judgements_kind`, `DROP INDEX judgements_editor`,
		`DELETE FROM goose_db_version WHERE version_id > 1`)

	s = openAt(t, path, Options{})
	defer func() { _ = s.Close() }()
	if st, err := s.Stats(t.Context()); err != nil || st.Documents != 2 || st.Claims != 6 {
		t.Errorf("stats %+v, error %v", st, err)
	}
	said, err := s.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{claims.NameKey("Minister")}}, claims.Page{Size: 10})
	if err != nil || len(said) != 6 {
		t.Errorf("%d claims of the asserter, error %v", len(said), err)
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		_, err := tx.EraseDocument("a")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Document(t.Context(), "b"); err != nil || len(d.Copies) > 0 {
		t.Errorf("the link to what was erased is left: %v, error %v", d.Copies, err)
	}
	var broken int
	if err := s.reads.QueryRowContext(t.Context(), `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil && err != sql.ErrNoRows || broken > 0 {
		t.Errorf("%d foreign keys are broken, error %v", broken, err)
	}
}
