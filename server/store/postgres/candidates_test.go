package postgres

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// TestCandidates runs the suite with blocks of several sizes, the least of which
// a few documents fill, and with a compactor that runs beside it.
func TestCandidates(t *testing.T) {
	for name, block := range map[string]int64{"blocks of 64K": 1 << 16, "blocks of 32": 32} {
		t.Run(name, func(t *testing.T) {
			storetest.RunCandidates(t, func(t *testing.T) storetest.Found {
				s := openAt(t, database(t), Options{Compact: -1})
				s.w.block = block
				return storetest.Found{Store: s, Candidates: s.Candidates(), Settle: func() error { return s.compact(t.Context(), 1) }}
			})
		})
	}
	t.Run("by itself", func(t *testing.T) {
		storetest.RunCandidates(t, func(t *testing.T) storetest.Found {
			s := openAt(t, database(t), Options{Compact: 1, CompactAt: 1})
			return storetest.Found{Store: s, Candidates: s.Candidates()}
		})
	})
}

// TestServersAnswerTheSame: several servers write, compact and search at once;
// in the end, before and after the last compaction, each finds the same.
func TestServersAnswerTheSame(t *testing.T) {
	const servers, rounds = 3, 40
	u := database(t)
	var stores [servers]*Store
	var finders [servers]*Candidates
	for i := range stores {
		s := openAt(t, u, Options{Compact: -1})
		defer func() { _ = s.Close() }()
		s.w.block, stores[i], finders[i] = 64, s, s.Candidates()
	}
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			for n := range rounds {
				id := fmt.Sprintf("d%d-%d", i, n)
				if err := putNew(t, stores[i], id, 10); err != nil {
					t.Error(err)
				}
				if n%3 == 0 {
					if err := stores[i].compact(t.Context(), 10); err != nil {
						t.Error(err)
					}
				}
				before, err := finders[(i+1)%servers].Top(t.Context(), []uint64{1 << 60}, 1000)
				if err != nil || len(before) < 3*(n+1) {
					t.Errorf("%d hits, error %v", len(before), err)
				}
			}
		})
	}
	wg.Wait()
	var want []claims.Hit
	for round := range 2 {
		for i, f := range finders {
			got, err := f.Top(t.Context(), []uint64{0, 2, 1 << 60}, 1000)
			if err != nil || len(got) != 3*servers*rounds {
				t.Fatalf("%d hits, error %v", len(got), err)
			}
			if want == nil {
				want = got
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("server %d, round %d:\n%s", i, round, d)
			}
		}
		if err := stores[round].compact(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOneServerCompacts: while another's lease lasts a server leaves the work to
// it, and takes it over afterwards.
func TestOneServerCompacts(t *testing.T) {
	u := database(t)
	a, b := openAt(t, u, Options{Compact: -1}), openAt(t, u, Options{Compact: -1})
	defer func() { _ = errors.Join(a.Close(), b.Close()) }()
	left := func(want int64) {
		t.Helper()
		var n int64
		if err := a.reads.QueryRow(t.Context(), pending).Scan(&n); err != nil || n != want {
			t.Errorf("%d claims are not compacted, want %d, error %v", n, want, err)
		}
	}
	compact := func(s *Store) {
		t.Helper()
		if err := s.compact(t.Context(), 1); err != nil {
			t.Error(err)
		}
	}
	put := func(id string) {
		t.Helper()
		if err := putNew(t, a, id, 10); err != nil {
			t.Fatal(err)
		}
	}
	put("one")
	compact(a)
	left(0)
	put("two")
	compact(b) // a's lease lasts
	left(3)
	exec(t, u, "UPDATE compaction SET until = now() - interval '1 second'") // a is gone
	compact(b)
	left(0)
	put("three")
	compact(a)
	left(3)
	compact(b)
	left(0)
}

func TestDamagedPostingsAreCorrupt(t *testing.T) {
	u := database(t)
	s := openAt(t, u, Options{Compact: -1})
	defer func() { _ = s.Close() }()
	if err := putNew(t, s, "doc", 10); err != nil {
		t.Fatal(err)
	}
	if err := s.compact(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	exec(t, u, `UPDATE postings SET blob = set_byte(blob, 2, 77)`)
	_, err := s.Candidates().Top(t.Context(), []uint64{1 << 60}, 5)
	wantError(t, err, claims.CodeCorrupt, claims.ReasonStoreCorrupt, "postings")
	exec(t, u, `DELETE FROM postings`)
	if hits, err := s.Candidates().Top(t.Context(), []uint64{1 << 60}, 5); err != nil || len(hits) != 0 {
		t.Errorf("the next search: %d hits, error %v", len(hits), err)
	}
}
