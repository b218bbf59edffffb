package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// Past one database, documents are spread over several (docs/scaling.md). These
// tests spread them over clusters of their own, each a server on a port of its
// own, and ask all of them at once: since no document changes another's score,
// the best of the shards' best are the best of all.

// shard is one of the databases, with the place of each of its claims in the
// order in which they came to the whole.
type shard struct {
	store *Store
	find  *Candidates
	place map[int64]int64 // claim of the shard -> claim of the whole
}

// fan is a search over several shards.
type fan []*shard

// Top asks all shards at the same time and merges what they answer. A shard's
// claims stand in the order of the whole, so ties go the same way. When one does
// not answer, neither does the whole: half of an answer would be taken for one.
func (f fan) Top(ctx context.Context, query []uint64, k int) ([]claims.Hit, error) {
	answers, failures := make([][]claims.Hit, len(f)), make([]error, len(f))
	var asking sync.WaitGroup
	for i, s := range f {
		asking.Go(func() {
			hits, err := s.find.Top(ctx, query, k)
			for j := range hits {
				hits[j] = claims.Hit{Claim: s.place[hits[j].Claim], Score: hits[j].Score, Shared: hits[j].Shared}
			}
			answers[i], failures[i] = hits, err
		})
	}
	asking.Wait()
	all := slices.Concat(answers...)
	slices.SortFunc(all, func(a, b claims.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
	})
	return all[:min(k, len(all))], errors.Join(failures...)
}

// put stores a document in the shard that its id says, whose claims have the
// numbers after so many in the whole.
func (f fan) put(ctx context.Context, id string, terms [][]claims.Term, before int64) error {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // it never fails
	s := f[h.Sum32()%uint32(len(f))]
	doc, cs, identity, signature, _ := storetest.Document(id, len(terms))
	if err := s.store.Update(ctx, func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
		return err
	}
	for i := range cs {
		s.place[cs[i].Seq] = before + int64(i) + 1
	}
	return nil
}

func TestShardsAnswerAsOne(t *testing.T) {
	const shards, documents = 3, 400
	var f fan
	for _, url := range clusters(t, shards) {
		s := openAt(t, url, Options{Compact: -1})
		t.Cleanup(func() { _ = s.Close() })
		f = append(f, &shard{s, s.Candidates(), map[int64]int64{}})
	}
	whole := openNew(t, Options{Compact: -1})
	r := rand.New(rand.NewPCG(3, 5))
	next := int64(0)
	for i := range documents {
		terms := make([][]claims.Term, 1+r.IntN(4))
		for j := range terms {
			for range 1 + r.IntN(8) {
				terms[j] = append(terms[j], claims.Term{Key: uint64(r.Float64() * r.Float64() * 60), Impact: uint16(1 + r.IntN(30))})
			}
		}
		id := fmt.Sprintf("d%d", i)
		if err := f.put(t.Context(), id, terms, next); err != nil {
			t.Fatal(err)
		}
		doc, cs, identity, signature, _ := storetest.Document(id, len(terms))
		if err := whole.Update(t.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) }); err != nil {
			t.Fatal(err)
		}
		next += int64(len(terms))
		if i == documents/2 { // some from posting lists, some from the tail
			for _, s := range f {
				if err := s.store.compact(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for i, s := range f {
		if st, err := s.store.Stats(t.Context()); err != nil || st.Documents < documents/shards/2 {
			t.Errorf("shard %d holds %d documents of %d, error %v", i, st.Documents, documents, err)
		}
	}
	find := whole.Candidates()
	for round := range 200 {
		query := make([]uint64, 1+r.IntN(6))
		for i := range query {
			query[i] = uint64(r.IntN(65))
		}
		k := []int{1, 10, 100}[r.IntN(3)]
		want, err := find.Top(t.Context(), query, k)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i].Doc = 0
		}
		got, err := f.Top(t.Context(), query, k)
		if err != nil || !slices.Equal(want, got) {
			t.Fatalf("round %d, the best %d of %v, error %v: one database finds\n%v\nthe shards\n%v", round, k, query, err, want, got)
		}
	}
	if err := f[1].store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Top(t.Context(), []uint64{1, 2}, 10); claims.CodeOf(err) != claims.CodeUnavailable {
		t.Errorf("a shard is gone, and the answer is %v", err)
	}
}
