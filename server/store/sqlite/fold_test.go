package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// putAs stores a document of a publisher, whose claims somebody asserts, and fails if
// it is told to.
func putAs(t *testing.T, s *Store, id, publisher, by string, fails error) {
	t.Helper()
	doc, cs, identity, signature, terms := storetest.Document(id, 2)
	doc.Publisher = publisher
	for i := range cs {
		cs[i].Attribution.Hops[0].Name, cs[i].Attribution.Hops[1].Name = publisher, by
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		return errors.Join(tx.PutDocument(&doc, cs, identity, signature, terms), fails)
	}); !errors.Is(err, fails) {
		t.Fatal(err)
	}
}

// answers are what a store says of everything that it puts off writing.
func answers(t *testing.T, s *Store) map[string]any {
	t.Helper()
	all := make(map[string]any)
	keep := func(what string, answer any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		all[what] = answer
	}
	for page := (claims.Page{Size: 7}); ; {
		some, err := s.Documents(t.Context(), claims.DocumentFilter{Publisher: "PAPER 1"}, page)
		keep(fmt.Sprintf("documents after %v", page.After), some, err)
		if len(some) < page.Size {
			break
		}
		page.After = claims.Cursor{Key: some[6].PublishedAt.UnixMicro(), ID: some[6].ID}
	}
	for page := (claims.Page{Size: 7}); ; {
		some, err := s.Claims(t.Context(), claims.ClaimFilter{Asserter: []string{"speaker 1", "nobody"}}, page)
		keep(fmt.Sprintf("claims after %d", page.After.Key), some, err)
		if len(some) < page.Size {
			break
		}
		page.After.Key = some[6].Seq
	}
	met, err := s.Sources(t.Context(), claims.SourceFilter{NamePrefix: "speaker"}, claims.Page{Size: 1000})
	keep("sources by prefix", met, err)
	met, err = s.SourcesByKey(t.Context(), []string{"speaker 1", "paper 2"})
	keep("sources by key", met, err)
	one, err := s.Source(t.Context(), record.DerivedID("speaker 2"))
	keep("a source", one, err)
	stats, err := s.Stats(t.Context())
	keep("stats", stats, err)
	for table, rows := range rowsOf(t, s) {
		keep("rows of "+table, rows, nil)
	}
	return all
}

// TestWhatIsPutOffIsReadAllTheSame: readers see no difference between what is
// written and what is only in memory; nor do those beside the server, nor a server
// that was killed and starts again.
func TestWhatIsPutOffIsReadAllTheSame(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	s := openAt(t, path, Options{})
	put := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			putAs(t, s, fmt.Sprintf("d%03d", i), fmt.Sprintf("Paper %d", i%3), fmt.Sprintf("Speaker %d", i%5), nil)
			if i%7 == 0 {
				putAs(t, s, fmt.Sprintf("d%03dx", i), "Paper 1", "Nobody", errors.New("no"))
			}
		}
	}
	put(0, 330) // more than a part
	erase := func(id string) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			_, err := tx.EraseDocument(id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	erase("d100") // which writes what is put off
	put(330, 400)
	want := answers(t, s)
	same := func(who string, path string, open func(path string) (*Store, error)) {
		t.Helper()
		other, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, answers(t, other)); diff != "" {
			t.Errorf("%s reads something else (-want +got):\n%s", who, diff)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
		if found, _ := check(t, path); len(found) > 0 {
			t.Errorf("%s: %q", who, found)
		}
	}
	reopen := func(path string) (*Store, error) { return Open(t.Context(), path, Options{}) }
	same("somebody beside the server", path, func(path string) (*Store, error) { return Inspect(t.Context(), path) })

	killed := filepath.Join(dir, "killed.db")
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err == nil {
			err = os.WriteFile(killed+end, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	same("a server that was killed", killed, reopen)
	same("when it starts once more", killed, reopen)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	same("a server that was stopped", path, reopen)
}

// TestFoldingWhileOthersRead: a reader sees a count grow, and never counts anything
// twice, while more documents come than are put off.
func TestFoldingWhileOthersRead(t *testing.T) {
	s := openNew(t, Options{})
	const documents, batch = foldEvery + 500, 50
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for last, over := 0, false; !over; {
				select {
				case <-stop:
					over = true // after one more look
				default:
				}
				met, err := s.SourcesByKey(t.Context(), []string{"minister"})
				if err != nil || len(met) > 0 && (met[0].Mentions < last || met[0].Mentions > documents) {
					t.Errorf("%v after %d mentions, error %v", met, last, err)
					return
				}
				if len(met) > 0 {
					last = met[0].Mentions
				}
				if over && last != documents {
					t.Errorf("%d mentions at the end, want %d", last, documents)
				}
			}
		})
	}
	for from := 0; from < documents; from += batch {
		if err := s.Update(t.Context(), func(tx claims.Tx) error {
			for i := range min(batch, documents-from) {
				doc, cs, identity, signature, terms := storetest.Document(fmt.Sprintf("d%d", from+i), 1)
				if err := tx.PutDocument(&doc, cs, identity, signature, terms); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		for _, id := range []string{"d0", fmt.Sprintf("d%d", documents-1)} { // one that is folded, one that is not
			_, _, identity, _, _ := storetest.Document(id, 1)
			if d, ok, err := tx.DocumentByHash(identity.Hash); err != nil || !ok || d.ID != id {
				t.Errorf("found %q by the identity of %s, error %v", d.ID, id, err)
			}
		}
		doc, cs, identity, signature, terms := storetest.Document("d0", 1)
		if doc.ID = "again"; claims.CodeOf(tx.PutDocument(&doc, cs, identity, signature, terms)) != claims.CodeExists {
			t.Error("a document can be stored twice")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var late, parts int64
	if err := s.readRow(t.Context(), `SELECT (SELECT count(*) FROM arrivals), (SELECT part FROM folded)`, nil, &late, &parts); err != nil || late >= foldEvery || parts == 0 {
		t.Errorf("%d documents are put off, %d parts filed, error %v", late, parts, err)
	}
}
