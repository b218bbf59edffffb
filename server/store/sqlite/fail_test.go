package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// putNew stores a document of the given text size with three claims.
func putNew(t testing.TB, s *Store, id string, size int) error {
	t.Helper()
	doc, cs, identity, signature, terms := storetest.Document(id, 3)
	doc.Text = strings.Repeat("x", size)
	return s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) })
}

func wantError(t *testing.T, err error, code claims.Code, reason, says string) {
	t.Helper()
	e, ok := errors.AsType[*claims.Error](err)
	if !ok || e.Code != code || e.Reason != reason || !strings.Contains(e.Error(), says) {
		t.Errorf("error %v, want %s, reason %q, and %q", err, code, reason, says)
		return
	}
	if strings.Contains(err.Error(), "INSERT") || strings.Contains(err.Error(), "SELECT") {
		t.Errorf("the message shows SQL: %v", err)
	}
}

// set changes a setting of the writer's connection, which nobody uses while no
// update waits.
func set(t *testing.T, s *Store, pragma string) {
	t.Helper()
	if err := s.w.exec("PRAGMA " + pragma); err != nil {
		t.Fatal(err)
	}
}

// TestAFullDisk limits the file to a few pages more than it has: one update is
// too large, and those that share its commit are not.
func TestAFullDisk(t *testing.T) {
	s := openNew(t, Options{})
	if err := putNew(t, s, "before", 10); err != nil {
		t.Fatal(err)
	}
	set(t, s, "max_page_count = 60")
	begun, end := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var once sync.Once
		if err := s.Update(t.Context(), func(claims.Tx) error {
			once.Do(func() { close(begun) })
			<-end
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	for i := range 8 {
		wg.Go(func() {
			size := 10
			if i == 4 {
				size = 1 << 20
			}
			err := putNew(t, s, fmt.Sprintf("d%d", i), size)
			if i != 4 && err != nil {
				t.Errorf("a small document: %v", err)
			}
			if i == 4 {
				wantError(t, err, claims.CodeReadOnly, claims.ReasonStoreFull, "full")
			}
		})
	}
	close(end)
	wg.Wait()
	st, err := s.Stats(t.Context())
	if err != nil || st.Documents != 8 || st.Claims != 24 {
		t.Errorf("reads do not go on, or something else is stored: %+v, error %v", st, err)
	}
	set(t, s, "max_page_count = 100000")
	if err := putNew(t, s, "after", 1<<20); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
	checkReplay(t, s, 9)
}

func checkReplay(t *testing.T, s *Store, want int) {
	t.Helper()
	n := 0
	if err := s.Replay(t.Context(), 0, func(e claims.Entry) error {
		if n++; e.Document != int64(n) || len(e.Vectors) != 3 {
			return fmt.Errorf("entry %d is of document %d with %d claims", n, e.Document, len(e.Vectors))
		}
		return nil
	}); err != nil || n != want {
		t.Errorf("%d entries, want %d, error %v", n, want, err)
	}
}

func TestAStoreThatCannotBeWrittenIsReadOnly(t *testing.T) {
	s := openNew(t, Options{})
	if err := putNew(t, s, "before", 10); err != nil {
		t.Fatal(err)
	}
	set(t, s, "query_only = 1")
	wantError(t, putNew(t, s, "during", 10), claims.CodeReadOnly, "", s.path)
	if _, err := s.Document(t.Context(), "before"); err != nil {
		t.Errorf("reads do not go on: %v", err)
	}
	set(t, s, "query_only = 0")
	if err := putNew(t, s, "after", 10); err != nil {
		t.Error(err)
	}
	checkReplay(t, s, 2)
}

// TestAFailureThatTheCallbackOverlooks must not store half a document.
func TestAFailureThatTheCallbackOverlooks(t *testing.T) {
	s := openNew(t, Options{})
	if err := s.w.exec(`CREATE TRIGGER spoil BEFORE INSERT ON claim_blocks WHEN NEW.claims = 3 BEGIN SELECT RAISE(ABORT, 'spoilt'); END`); err != nil {
		t.Fatal(err)
	}
	doc, cs, identity, signature, terms := storetest.Document("doc", 3)
	err := s.Update(t.Context(), func(tx claims.Tx) error {
		_ = tx.PutDocument(&doc, cs, identity, signature, terms)
		if _, err := tx.AppendJudgement(claims.Judgement{}); err == nil {
			t.Error("the broken transaction goes on")
		}
		return nil
	})
	if err == nil || strings.Contains(err.Error(), "INSERT") {
		t.Errorf("error %v", err)
	}
	if st, err := s.Stats(t.Context()); err != nil || st != (claims.Stats{}) {
		t.Errorf("stored: %+v, error %v", st, err)
	}
}

func TestAnotherProgramHoldsTheFile(t *testing.T) {
	s := openNew(t, Options{})
	set(t, s, "busy_timeout = 1")
	conn, err := s.reads.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("PRAGMA query_only = 0")
	exec("BEGIN IMMEDIATE")
	wantError(t, putNew(t, s, "during", 10), claims.CodeUnavailable, "", "locked")
	exec("ROLLBACK")
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := putNew(t, s, "after", 10); err != nil {
		t.Error(err)
	}
	checkReplay(t, s, 1)
}

func TestDamageIsCorrupt(t *testing.T) {
	tests := map[string]struct {
		change string
		read   func(s *Store) error
	}{
		"a flipped byte in a blob": {`UPDATE forward SET blob = CAST(substr(blob, 1, 5) || x'ff' || substr(blob, 7) AS BLOB)`,
			func(s *Store) error { return s.Replay(t.Context(), 0, func(claims.Entry) error { return nil }) }},
		"a document's body": {`UPDATE documents SET body = '{"reading":'`,
			func(s *Store) error { _, err := s.Document(t.Context(), "doc"); return err }},
		"a claim's body": {`UPDATE claim_blocks SET body = x'00'`,
			func(s *Store) error { _, err := s.Claim(t.Context(), "doc", 1); return err }},
		"a source's body": {`UPDATE sources SET body = 'x'`,
			func(s *Store) error {
				_, err := s.Sources(t.Context(), claims.SourceFilter{}, claims.Page{Size: 1})
				return err
			}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := openNew(t, Options{})
			if err := putNew(t, s, "doc", 10); err != nil {
				t.Fatal(err)
			}
			if err := s.w.exec(tt.change); err != nil {
				t.Fatal(err)
			}
			wantError(t, tt.read(s), claims.CodeCorrupt, claims.ReasonStoreCorrupt, "read")
		})
	}
	t.Run("pages of the file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		s := openAt(t, path, Options{})
		for i := range 100 {
			if err := putNew(t, s, fmt.Sprintf("d%d", i), 3000); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 40 * 4096; i < len(file); i++ {
			file[i] = 0xA5
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err = Open(t.Context(), path, Options{}) // may notice it already
		if err == nil {
			defer func() { _ = s.Close() }()
			_, err = s.Documents(t.Context(), claims.DocumentFilter{}, claims.Page{Size: 1000})
		}
		wantError(t, err, claims.CodeCorrupt, claims.ReasonStoreCorrupt, path)
	})
}

func TestTranslate(t *testing.T) {
	for err, want := range map[sqlite3.Error]claims.Code{
		{Code: sqlite3.ErrFull}:                                                  claims.CodeReadOnly,
		{Code: sqlite3.ErrReadonly}:                                              claims.CodeReadOnly,
		{Code: sqlite3.ErrPerm}:                                                  claims.CodeReadOnly,
		{Code: sqlite3.ErrCorrupt}:                                               claims.CodeCorrupt,
		{Code: sqlite3.ErrNotADB}:                                                claims.CodeCorrupt,
		{Code: sqlite3.ErrBusy}:                                                  claims.CodeUnavailable,
		{Code: sqlite3.ErrLocked}:                                                claims.CodeUnavailable,
		{Code: sqlite3.ErrCantOpen}:                                              claims.CodeUnavailable,
		{Code: sqlite3.ErrNomem}:                                                 claims.CodeUnavailable,
		{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrWrite}:            claims.CodeReadOnly,
		{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}:            claims.CodeReadOnly,
		{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrRead}:             claims.CodeUnavailable,
		{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}: "",
	} {
		got := translate(fmt.Errorf("while reading: %w", err), "the.db")
		if claims.CodeOf(got) != want || !strings.Contains(got.Error(), "the.db") {
			t.Errorf("%v: %v (%s), want %s", err, got, claims.CodeOf(got), want)
		}
	}
	if translate(nil, "") != nil {
		t.Error("no error became one")
	}
}
