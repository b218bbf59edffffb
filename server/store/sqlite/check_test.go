package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/audit"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// fill stores some documents, a copy and an erased one among them, and closes.
func fill(t *testing.T, path string, n int) {
	t.Helper()
	s := openAt(t, path, Options{})
	for i := range n {
		doc, cs, identity, signature, terms := storetest.Document(fmt.Sprintf("d%d", i), i%4)
		if i == 3 {
			doc.Copies = []claims.Copy{{Document: "d1", Kind: claims.CopyNear, Span: claims.Span{End: 5}}}
		}
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			if _, err := tx.AppendJudgement(claims.Judgement{Kind: claims.SetStance, Subject: "x"}); err != nil {
				return err
			}
			return tx.PutDocument(&doc, cs, identity, signature, terms)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		if err := tx.InsertSource(claims.Source{ID: "a", Name: "A", Registered: true}); err != nil {
			return err
		}
		_, err := tx.EraseDocument("d2")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// check is what both checks say of a file.
func check(t *testing.T, path string) (found []string, r audit.Report) {
	t.Helper()
	s, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := s.Integrity(t.Context(), func(what string) { found = append(found, what) }); err != nil {
		t.Fatal(err)
	}
	if r, err = audit.Check(t.Context(), s, audit.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		found = append(found, f.String())
	}
	return found, r
}

func TestCheckReadsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	fill(t, path, 10)
	found, r := check(t, path)
	if len(found) > 0 {
		t.Errorf("a sound store: %q", found)
	}
	// Of 0 to 3 claims each, in turn; d2 with its two is erased.
	want := audit.Report{Documents: 9, Claims: 11, Terms: 22, Sources: 3, Judgements: 10}
	if r.Findings = nil; fmt.Sprint(r) != fmt.Sprint(want) {
		t.Errorf("read %+v, want %+v", r, want)
	}
}

// TestCheckFindsWhatIsWrong breaks one thing at a time.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	for change, says := range map[string]string{
		`UPDATE forward SET blob = CAST(substr(blob, 1, 5) || x'ff' || substr(blob, 7) AS BLOB) WHERE first = 4`: "cannot be read",
		`DELETE FROM forward WHERE first = 4`:                                                                     "has the index terms of",
		`UPDATE documents SET body = '{"reading":' WHERE id = 'd3'`:                                               "document number 4 cannot be read",
		`UPDATE claim_blocks SET body = x'00' WHERE document = 4`:                                                 "claim number 4 cannot be read",
		`UPDATE documents SET text = 'short' WHERE id = 'd3'`:                                                     "documents/d3/claims/1 has a span of its evidence, [0, 12), outside the text of 5 bytes",
		`UPDATE documents SET text = replace(text, 'The minis', 'Theéüöäéü') WHERE id = 'd3'`:                     "that cuts a character",
		`UPDATE claim_blocks SET claims = 2 WHERE document = 4`:                                                   "documents/d3 has 2 claims and counts 3",
		`UPDATE claim_blocks SET document = 5 WHERE document = 4`:                                                 "is of a document that is not there",
		`DELETE FROM claim_blocks WHERE document = 4`:                                                             "documents/d3/claims/1 has index terms and is not stored",
		`DELETE FROM arrivals; DELETE FROM publishers WHERE document = 4`:                                         "documents/d3 cannot be found by its publisher",
		`DELETE FROM arrivals; DELETE FROM identities WHERE document = 4`:                                         "by their identity, and there are 9",
		`INSERT INTO asserted (asserter, part) VALUES (99, 0)`:                                                    "asserter 99 has no name",
		`UPDATE documents SET claim_count = 7 WHERE id = 'd3'`:                                                    "documents/d3 has 3 claims and counts 7",
		`UPDATE sources SET mentions = 99 WHERE name = 'Minister'`:                                                "counts 99 mentions",
		`DELETE FROM sources WHERE name = 'Minister'`:                                                             "is mentioned in claims and not stored",
		`UPDATE sources SET body = 'x' WHERE name = 'Minister'`:                                                   "cannot be read",
		`DROP TRIGGER judgements_keep; UPDATE judgements SET value = 'x' WHERE seq = 3`:                           "judgement 3",
		`DROP TRIGGER judgements_stay; DELETE FROM judgements WHERE seq = 3`:                                      "judgements/4 follows number 2",
		`DROP TRIGGER erasures_stay; DELETE FROM erasures`:                                                        "counts 10 documents",
		`INSERT INTO copy_links (original, document) VALUES ('none', 4)`:                                          "documents/none is linked as copied",
		`INSERT INTO asserters (id, key) VALUES (99, 'x'); INSERT INTO asserted (asserter, part) VALUES (-99, 2)`: "asserter -99 has no claim of numbers 1024 to 1535",
		`PRAGMA foreign_keys = OFF; INSERT INTO requests (request, hash, document) VALUES ('x', x'00', 77)`:       "requests refers to a row of documents",
		`UPDATE documents SET previous = 'd1' WHERE id = 'd3'; UPDATE documents SET next = 'd4' WHERE id = 'd1'`:  "do not name each other",
	} {
		t.Run(says, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			fill(t, path, 10)
			rawExec(t, path, change)
			if found, _ := check(t, path); !strings.Contains(strings.Join(found, "\n"), says) {
				t.Errorf("%s\nfound %q, want %q", change, found, says)
			}
		})
	}
}
