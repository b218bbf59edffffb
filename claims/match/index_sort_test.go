package match

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPostingsAreSortedAsByComparison(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	for _, n := range []int{0, 1, 2, 17, 1000, 70_000} {
		for _, keys := range []uint64{1, 5, 300, 1 << 63} {
			ps := make([]posting, n)
			for i := range ps {
				ps[i] = posting{key: mix(r.Uint64N(keys)), slot: uint16(i), impact: uint16(r.IntN(1 << (1 + r.IntN(16))))}
			}
			want := slices.Clone(ps)
			slices.SortStableFunc(want, func(a, b posting) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.impact, a.impact)) })
			if got := sortPostings(ps, make([]posting, n)); !slices.Equal(got, want) {
				t.Errorf("%d postings of %d keys are not in order", n, keys)
			}
		}
	}
}

func TestAClaimHasAKeyOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 3))
	for n := range 200 {
		ps, want := make([]posting, n), map[uint64]uint16{}
		for i := range ps {
			ps[i] = posting{key: r.Uint64N(40), impact: uint16(r.IntN(100))}
			want[ps[i].key] = max(want[ps[i].key], ps[i].impact)
		}
		got := map[uint64]uint16{}
		for _, p := range ps[:distinct(ps)] {
			if _, twice := got[p.key]; twice {
				t.Errorf("%d postings: %d stands there twice", n, p.key)
			}
			got[p.key] = p.impact
		}
		if len(got) != len(want) {
			t.Errorf("%d postings: %d keys, want %d", n, len(got), len(want))
		}
		for key, impact := range want {
			if got[key] != impact {
				t.Errorf("%d postings: %d has impact %d, want %d", n, key, got[key], impact)
			}
		}
	}
}
