package e2e_test

import (
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/store/sqlite"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestTheIndexInMemoryFindsWhatStoresFind: the index in memory passes the suite
// that the search in PostgreSQL passes.
func TestTheIndexInMemoryFindsWhatStoresFind(t *testing.T) {
	t.Parallel()
	storetest.RunCandidates(t, func(t *testing.T) storetest.Found {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "candidates.db"), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return storetest.Found{Store: s, Candidates: match.NewIndex()}
	})
}
