package sqlite

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestATornLog cuts or spoils the write-ahead log at random places, as a disk may
// that lies about what it has written: what comes before the place is there and
// whole, document by document, and the store goes on from it.
func TestATornLog(t *testing.T) {
	const documents, rounds = 60, 30
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	s := openAt(t, path, Options{})
	set(t, s, "wal_autocheckpoint = 0") // all of it stays in the log
	log := func() int {
		t.Helper()
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return int(info.Size())
	}
	sizes := make([]int, documents+1) // of the log when so many were acknowledged
	sizes[0] = log()
	for i := range documents {
		id := fmt.Sprintf("d-0-%d", i)
		doc, cs, identity, signature, terms := storetest.Document(id, claimsOf(id))
		if err := s.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
			t.Fatal(err)
		}
		sizes[i+1] = log()
	}
	database, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wal, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(20260602, 5))
	for round := range rounds {
		at := sizes[0] + r.IntN(sizes[documents]-sizes[0])
		torn := append([]byte(nil), wal...)
		switch round % 3 {
		case 0:
			torn = torn[:at]
		case 1:
			torn[at] ^= 0x10
		case 2:
			for i := at; i < min(len(torn), at+5000); i++ {
				torn[i] = byte(r.UintN(256))
			}
		}
		left := filepath.Join(dir, fmt.Sprintf("torn%d.db", round))
		for end, b := range map[string][]byte{"": database, "-wal": torn} {
			if err := os.WriteFile(left+end, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want := make(map[string]bool)
		for i := range documents {
			want[fmt.Sprintf("d-0-%d", i)] = sizes[i+1] <= at
		}
		s := openAt(t, left, Options{})
		checkWhole(t, s, want)
		if err := putNew(t, s, "after", 100); err != nil {
			t.Errorf("it does not go on: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Fatalf("round %d, at byte %d of %d", round, at, len(wal))
		}
	}
}
