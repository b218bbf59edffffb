package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

func openAt(t testing.TB, path string, opt Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// openNew opens a fresh store that is closed after the test.
func openNew(t testing.TB, opt Options) *Store {
	t.Helper()
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"), opt)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) claims.Store {
		return openAt(t, filepath.Join(t.TempDir(), "store.db"), Options{})
	})
}

func TestConformanceReopened(t *testing.T) {
	storetest.RunReopen(t, func(t *testing.T) func() claims.Store {
		path := filepath.Join(t.TempDir(), "store.db")
		return func() claims.Store { return openAt(t, path, Options{}) }
	})
}
