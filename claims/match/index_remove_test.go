package match

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// TestClaimsAreRemovedFromWindows takes claims out of full windows, of a whole
// one, and of those that come later, while others are added.
func TestClaimsAreRemovedFromWindows(t *testing.T) {
	const batch = 4096
	x := NewIndex()
	r := rand.New(rand.NewPCG(8, 1))
	have, gone := map[int64]bool{}, map[int64]bool{}
	remove := func(seqs ...int64) {
		for _, seq := range seqs {
			delete(have, seq)
			gone[seq] = true
		}
		x.Remove(seqs)
	}
	next := int64(1)
	for next < 3*windowSize {
		vectors := make([]claims.TermVector, batch)
		for i := range vectors {
			vectors[i] = vector(next, claims.Term{Key: uint64(next % 3), Impact: uint16(1 + next%5)}, claims.Term{Key: 1000 + uint64(next), Impact: 9})
			if !gone[next] {
				have[next] = true
			}
			next++
		}
		x.Add(vectors)
		remove(1+r.Int64N(next), next+batch/2, next-1) // one that comes later among them
	}
	whole := make([]int64, windowSize)
	for i := range whole {
		whole[i] = windowSize + int64(i)
	}
	remove(whole...)
	x.Add([]claims.TermVector{vector(whole[7], claims.Term{Key: 1, Impact: 60_000})}) // too late

	if x.Len() != len(have) {
		t.Errorf("%d claims, want %d", x.Len(), len(have))
	}
	hits, err := x.Top(t.Context(), []uint64{0, 1, 2}, 4*windowSize)
	if err != nil {
		t.Fatal(err)
	}
	var found []int64
	for _, h := range hits {
		if h.Score != uint32(1+h.Claim%5) {
			t.Fatalf("claim %d scores %d", h.Claim, h.Score)
		}
		found = append(found, h.Claim)
	}
	slices.Sort(found)
	want := make([]int64, 0, len(have))
	for seq := range have {
		want = append(want, seq)
	}
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Errorf("%d claims are found, want %d", len(found), len(want))
	}
	for range 1000 {
		seq := 1 + r.Int64N(next)
		hits, err := x.Top(t.Context(), []uint64{1000 + uint64(seq)}, 2)
		if err != nil || (len(hits) == 1) != have[seq] {
			t.Fatalf("claim %d is there: %v, and found: %v, %v", seq, have[seq], hits, err)
		}
	}
}
