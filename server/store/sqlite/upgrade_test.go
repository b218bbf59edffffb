package sqlite

import (
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// newsroom stores documents with a copy, a correction, a request, a source that an
// editor registered, one with a handle, and one that was promoted.
func newsroom(t *testing.T, s *Store) {
	t.Helper()
	for i := range 9 {
		doc, cs, identity, signature, terms := storetest.Document(fmt.Sprintf("d%d", i), i%4)
		identity.RequestID = "request of " + doc.ID
		identity.Series[0] = byte(i + 1)
		switch i {
		case 2:
			doc.Copies = []claims.Copy{{Document: "d1", Kind: claims.CopyNear}, {Document: "d1", Kind: claims.CopyPartial}}
		case 3:
			doc.Previous, doc.Version = "d1", 2
			cs[0].Attribution.Hops = []claims.Hop{{Name: "Elsen Courier", Handle: "@elsen", Kind: claims.SourceOutlet, Medium: claims.MediumX, Manner: claims.OwnVoice,
				At: time.Date(2026, 5, 4, 3, 2, 1, 0, time.FixedZone("", 7200))}}
			cs[1].Attribution.Hops = []claims.Hop{{Name: "two officials", Unnamed: true, Manner: claims.Indirect}}
			cs[2].Frame.Quantities = []claims.Quantity{{Min: 0.1, Max: 2, Unit: "km"}}
		}
		if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		if _, err := tx.EraseDocument("d5"); err != nil {
			return err
		}
		if err := tx.InsertSource(claims.Source{ID: "ministry", Name: "Ministry", Registered: true, Aliases: []claims.Alias{{Name: "two officials"}}}); err != nil {
			return err
		}
		return tx.InsertSource(claims.Source{ID: record.DerivedID(claims.NameKey("Elsen Courier")), Name: "The Courier of Elsen", Registered: true})
	}); err != nil {
		t.Fatal(err)
	}
}

// older writes what a store holds into a file of an older schema, as a build of that
// time did.
func older(t *testing.T, s *Store, path string, schema int64) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	do := func(text string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	do(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	later := []string{"copy_links", "erasures", "judgement_requests", "api_keys"} // than the first schema
	for _, table := range record.Tables {
		if schema == 1 && slices.Contains(later, table.Name) {
			continue
		}
		columns := exportColumns(table)
		if err := s.Export(t.Context(), table, func(row []any) error {
			names := slices.Clone(columns)
			for i, c := range table.Columns {
				if b, ok := row[i].(bool); ok {
					row[i] = map[bool]int{true: 1}[b]
				}
				if c.Kind == record.Prefix {
					names, row = slices.Delete(names, i, i+1), slices.Delete(row, i, i+1)
					break
				}
			}
			switch {
			case table.Name == "documents":
				names, row = append(names, "claim_count"), append(row, 0)
			case table.Name == "erasures":
				names, row = append(names, "all_claims", "head_document", "head_claim"), append(row, row[3], 9, 12)
			case table.Name == "claim_asserters" && schema > 2:
				do(`INSERT OR IGNORE INTO asserters (key) VALUES (?)`, row[0])
				do(`INSERT INTO asserted (asserter, claim) SELECT id, ? FROM asserters WHERE key = ?`, row[1], row[0])
				return nil
			}
			do(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", table.Name, strings.Join(names, ", "), strings.Repeat(", ?", len(row)-1)), row...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	do(`UPDATE documents SET claim_count = (SELECT count(*) FROM claims c WHERE c.document = documents.seq)`)
}

// rowsOf are all rows of a store.
func rowsOf(t *testing.T, s *Store) map[string][][]any {
	t.Helper()
	all := make(map[string][][]any)
	for _, table := range record.Tables {
		if err := s.Export(t.Context(), table, func(row []any) error {
			all[table.Name] = append(all[table.Name], row)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Rows(t.Context(), table); err != nil || n != int64(len(all[table.Name])) {
			t.Errorf("%s counts %d rows and has %d, error %v", table.Name, n, len(all[table.Name]), err)
		}
	}
	return all
}

// TestAnOlderDatabaseIsBroughtUpToDate: a file that an older build wrote holds all it
// did, every check finds it sound, and it goes on.
func TestAnOlderDatabaseIsBroughtUpToDate(t *testing.T) {
	s := openNew(t, Options{})
	newsroom(t, s)
	want := rowsOf(t, s)
	for _, schema := range []int64{1, 2, 5} {
		t.Run(fmt.Sprintf("from schema %d", schema), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "old.db")
			older(t, s, path, schema)
			old := openAt(t, path, Options{})
			got := rowsOf(t, old)
			if schema == 1 { // which knew no erasures
				got["erasures"] = want["erasures"]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-stored +brought over):\n%s", diff)
			}
			said, err := old.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{claims.NameKey("two officials"), claims.NameKey("@elsen")}}, claims.Page{Size: 10})
			if err != nil || len(said) != 2 || said[0].Document != "d3" {
				t.Errorf("%v are said by the officials and the courier, error %v", said, err)
			}
			if err := old.Update(t.Context(), func(tx claims.Tx) error {
				_, _, identity, _, _ := storetest.Document("d4", 0)
				if d, ok, err := tx.DocumentByHash(identity.Hash); err != nil || !ok || d.ID != "d4" {
					t.Errorf("found %q by its identity, error %v", d.ID, err)
				}
				_, err := tx.EraseDocument("d1")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if d, err := old.Document(t.Context(), "d2"); err != nil || len(d.Copies) > 0 {
				t.Errorf("the link to what was erased is left: %v, error %v", d.Copies, err)
			}
			if err := putNew(t, old, "new", 100); err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			if found, r := check(t, path); schema > 1 && len(found) > 0 || r.Documents != 8 {
				t.Errorf("read %+v, found %q", r, found)
			}
		})
	}
}
