package sqlite

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestAReaderDelaysTheScrubbingAndNothingElse: while somebody looks at an older
// state, which has what was erased, the write-ahead log keeps it; commits go on;
// and when he has gone it is emptied without anybody's doing.
func TestAReaderDelaysTheScrubbingAndNothingElse(t *testing.T) {
	s := openNew(t, Options{})
	const name = "Ottoline Quarrington"
	doc, cs, identity, signature, terms := storetest.Document("doc", 2)
	doc.Text += name
	if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
		t.Fatal(err)
	}
	old, err := Inspect(t.Context(), s.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx claims.Tx) error {
		_, err := tx.EraseDocument("doc")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		if err := putNew(t, s, id, 100); err != nil {
			t.Errorf("while it is held up: %v", err)
		}
	}
	if d, err := old.Document(t.Context(), "doc"); err != nil || d.Text != doc.Text {
		t.Errorf("the older state is gone: %v", err)
	}
	if !stands(t, s.path, name) {
		t.Error("it is gone from the files while somebody reads it")
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	late := time.After(20 * time.Second)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for stands(t, s.path, name) {
		select {
		case <-look.C:
		case <-late:
			t.Fatal("it stands there still")
		}
	}
}

// stands tells whether words stand in a database's files.
func stands(t *testing.T, path, words string) bool {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(words)) {
			return true
		}
	}
	return false
}
