package sqlite

import (
	"errors"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// The writer remembers the names it has met. What it remembers of an update that
// is taken back, or of a document that is erased, must not outlive it.
func TestNamesAreCountedRightWhateverIsTakenBack(t *testing.T) {
	s := openNew(t, Options{})
	put := func(id string, fails error) {
		t.Helper()
		doc, cs, identity, signature, terms := storetest.Document(id, 3)
		err := s.Update(t.Context(), func(tx claims.Tx) error {
			return errors.Join(tx.PutDocument(&doc, cs, identity, signature, terms), fails)
		})
		if !errors.Is(err, fails) {
			t.Fatal(err)
		}
	}
	erase := func(id string) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			_, err := tx.EraseDocument(id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string, documents int) {
		t.Helper()
		said, err := s.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{claims.NameKey("Minister")}}, claims.Page{Size: 100})
		if err != nil || len(said) != 3*documents {
			t.Errorf("%s: the asserter has %d claims, error %v, want %d", when, len(said), err, 3*documents)
		}
		var keys, names int
		if err := s.readRow(t.Context(), `SELECT (SELECT count(*) FROM asserters) + (SELECT count(*) FROM asserted), (SELECT count(*) FROM sources)`, nil, &keys, &names); err != nil {
			t.Fatal(err)
		}
		met, err := s.SourcesByKey(t.Context(), []string{claims.NameKey("Minister")})
		switch {
		case err != nil:
			t.Fatal(err)
		case documents == 0 && (len(met) > 0 || keys > 0 || names > 0):
			t.Errorf("%s: %v, %d keys and %d names are left", when, met, keys, names)
		case documents > 0 && (len(met) != 1 || met[0].Mentions != 3*documents):
			t.Errorf("%s: the source is %+v, want %d mentions", when, met, 3*documents)
		}
	}
	put("a", errors.New("no"))
	check("the first one taken back", 0)
	put("b", nil)
	put("c", nil)
	check("two stored", 2)
	put("d", errors.New("no"))
	check("a third one taken back", 2)
	erase("b")
	check("one erased", 1)
	erase("c")
	check("both erased", 0)
	put("e", nil)
	check("one stored again", 1)
}

// Rows are inserted many at a time, and each of them once, however many there are.
func TestDocumentsOfAnyNumberOfClaims(t *testing.T) {
	s := openNew(t, Options{})
	want := int64(0)
	for n := range 2*mostRows + 3 {
		doc, cs, identity, signature, terms := storetest.Document("d"+string(rune('a'+n%26))+string(rune('a'+n/26)), n)
		if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
			t.Fatal(err)
		}
		want += int64(n)
		got, err := s.Claims(t.Context(), claims.ClaimFilter{Document: doc.ID}, claims.Page{Size: 100})
		if err != nil || len(got) != n {
			t.Errorf("%d claims of a document of %d, error %v", len(got), n, err)
		}
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Claims != want {
		t.Errorf("%d claims, want %d, error %v", st.Claims, want, err)
	}
}
