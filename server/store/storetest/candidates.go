package storetest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// Found is what RunCandidates asks: an empty store and the search over it.
type Found struct {
	Store      claims.Store
	Candidates claims.Candidates
	// Settle brings what was stored so far into its final shape, where there is
	// such a thing as compaction; else nil.
	Settle func() error
}

// RunCandidates checks implementations of claims.Candidates against one another
// by way of their contract: each must find the same exact top k. open returns a
// fresh pair for each test; the suite closes the store.
func RunCandidates(t *testing.T, open func(t *testing.T) Found) {
	t.Helper()
	for _, tt := range candidateTests {
		t.Run(tt.name, func(t *testing.T) {
			f := open(t)
			t.Cleanup(func() {
				if err := f.Store.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			tt.run(t, &finder{Found: f, scan: make(map[int64]scored)})
		})
	}
}

type candidateTest struct {
	name string
	run  func(t *testing.T, f *finder)
}

// finder stores documents, makes them findable as the desk does, and knows what
// must be found: scan scores every claim.
type finder struct {
	Found

	docs int
	scan map[int64]scored
}

type scored struct {
	doc   int64
	terms map[uint64]uint16
}

// put stores documents in one update; each is given by the terms of its claims.
func (f *finder) put(t *testing.T, docs ...[][]claims.Term) {
	t.Helper()
	var pieces []piece
	for _, terms := range docs {
		f.docs++
		p := sample(fmt.Sprintf("d%d", f.docs), 0)
		p.identity.Hash = sha256.Sum256([]byte(p.doc.ID))
		p.terms = terms
		for i := range terms {
			p.claims = append(p.claims, claims.Claim{Index: i + 1, Evidence: []claims.Span{{End: 1}}})
		}
		pieces = append(pieces, p)
	}
	update(t, f.Store, func(tx claims.Tx) error {
		for i := range pieces {
			if err := put(tx, &pieces[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range pieces {
		e := pieces[i].entry()
		f.Candidates.Add(e.Vectors)
		for _, v := range e.Vectors {
			terms := make(map[uint64]uint16, len(v.Terms))
			for _, t := range v.Terms {
				terms[t.Key] = max(terms[t.Key], t.Impact)
			}
			f.scan[v.Claim] = scored{v.Doc, terms}
		}
	}
}

// erase erases one of the documents put, as the desk does; it may be gone.
func (f *finder) erase(t *testing.T, n int) {
	t.Helper()
	var e claims.Erasure
	err := f.Store.Update(t.Context(), func(tx claims.Tx) (err error) {
		e, err = tx.EraseDocument(fmt.Sprintf("d%d", n))
		return err
	})
	if claims.CodeOf(err) == claims.CodeNotFound {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	gone := make([]int64, e.Claims)
	for i := range gone {
		gone[i] = e.FirstClaim + int64(i)
		delete(f.scan, gone[i])
	}
	f.Candidates.Remove(gone)
}

func (f *finder) settle(t *testing.T) {
	t.Helper()
	if f.Settle == nil {
		return
	}
	if err := f.Settle(); err != nil {
		t.Fatal(err)
	}
}

// check compares one search with a scan.
func (f *finder) check(t *testing.T, what string, query []uint64, k int) {
	t.Helper()
	terms := slices.Compact(slices.Sorted(slices.Values(query)))
	var want []claims.Hit
	for seq, c := range f.scan {
		var score uint32
		for _, key := range terms {
			score += uint32(c.terms[key])
		}
		if score > 0 {
			want = append(want, claims.Hit{Claim: seq, Doc: c.doc, Score: score, Shared: sharedBy(c.terms, query)})
		}
	}
	slices.SortFunc(want, func(a, b claims.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
	})
	want = want[:max(0, min(k, len(want)))]
	got := must(f.Candidates.Top(t.Context(), query, k))(t)
	same(t, fmt.Sprintf("%s: the best %d for %v", what, k, query), want, got)
}

// sharedBy are the places of a query's terms that a claim has.
func sharedBy(terms map[uint64]uint16, query []uint64) (s claims.Shared) {
	for place, key := range query {
		if terms[key] > 0 && place < claims.MaxShared && slices.Index(query, key) == place {
			s.Add(place)
		}
	}
	return s
}

// randomDoc has up to five claims. Keys are squared: some are common, most are
// rare; a key may come twice, and an impact may be 0.
func randomDoc(r *rand.Rand, vocabulary, impacts int) [][]claims.Term {
	terms := make([][]claims.Term, r.IntN(6))
	for i := range terms {
		for range r.IntN(9) {
			key := uint64(r.Float64() * r.Float64() * float64(vocabulary))
			terms[i] = append(terms[i], claims.Term{Key: key * 0x9E3779B97F4A7C15, Impact: uint16(r.IntN(impacts))})
		}
	}
	return terms
}

func randomQuery(r *rand.Rand, vocabulary int) []uint64 {
	query := make([]uint64, r.IntN(12))
	for i := range query {
		query[i] = uint64(r.IntN(vocabulary+vocabulary/10+1)) * 0x9E3779B97F4A7C15
	}
	return query
}

var candidateTests = []candidateTest{
	{"nothing is found in an empty store", func(t *testing.T, f *finder) {
		f.settle(t)
		f.check(t, "empty", []uint64{1, 2}, 10)
		same(t, "claims", 0, f.Candidates.Len())
	}},
	{"sums, ties, repeated and unknown terms", func(t *testing.T, f *finder) {
		const fire, bridge, kyiv, unknown = 1, 1<<64 - 1, 1 << 63, 4
		stored := [][][]claims.Term{
			{{{Key: bridge, Impact: 20}, {Key: kyiv, Impact: 10}}},
			{{{Key: fire, Impact: 10}, {Key: bridge, Impact: 20}}, nil, {{Key: kyiv, Impact: 5}, {Key: kyiv, Impact: 7}, {Key: fire, Impact: 0}}},
			{},
			{{{Key: fire, Impact: 65535}, {Key: bridge, Impact: 65535}, {Key: kyiv, Impact: 65535}}},
		}
		ask := func(when string) {
			for name, tt := range map[string]struct {
				query []uint64
				k     int
			}{
				"the sum of shared impacts":       {[]uint64{fire, bridge}, 9},
				"sums beyond 16 bits":             {[]uint64{fire, bridge, kyiv}, 1},
				"ties by lower seq":               {[]uint64{bridge}, 9},
				"ties at the last place":          {[]uint64{bridge}, 2},
				"a term that occurs twice":        {[]uint64{fire, fire}, 9},
				"a claim's key twice: the higher": {[]uint64{kyiv}, 9},
				"a term that no claim has":        {[]uint64{unknown}, 9},
				"an unknown term beside a known":  {[]uint64{unknown, fire}, 9},
				"no terms":                        {nil, 9},
				"no hits asked for":               {[]uint64{fire}, 0},
				"fewer than none":                 {[]uint64{fire}, -1},
				"more than there are":             {[]uint64{fire}, 1 << 30},
			} {
				f.check(t, when+", "+name, tt.query, tt.k)
			}
		}
		for _, doc := range stored {
			f.put(t, doc)
			ask("as stored")
			f.settle(t)
			ask("settled")
		}
		same(t, "claims", 5, f.Candidates.Len())
	}},
	{"the same as a scan, at any time", func(t *testing.T, f *finder) {
		for _, tt := range []struct{ vocabulary, impacts int }{{5, 2}, {60, 40}, {800, 65536}} {
			r := rand.New(rand.NewPCG(7, uint64(tt.vocabulary)))
			for round := range 40 {
				batch := make([][][]claims.Term, 1+r.IntN(12))
				for i := range batch {
					batch[i] = randomDoc(r, tt.vocabulary, tt.impacts)
				}
				f.put(t, batch...)
				if r.IntN(4) == 0 {
					f.settle(t)
				}
				for range 3 {
					f.check(t, fmt.Sprintf("round %d", round), randomQuery(r, tt.vocabulary), []int{1, 2, 10, 100, 1 << 20}[r.IntN(5)])
				}
			}
		}
		same(t, "claims", len(f.scan), f.Candidates.Len())
	}},
	{"what was erased is found no more, settled or not", func(t *testing.T, f *finder) {
		r := rand.New(rand.NewPCG(11, 3))
		for round := range 30 {
			batch := make([][][]claims.Term, 1+r.IntN(12))
			for i := range batch {
				batch[i] = randomDoc(r, 40, 60)
			}
			f.put(t, batch...)
			if r.IntN(3) == 0 {
				f.settle(t)
			}
			for range r.IntN(8) {
				f.erase(t, 1+r.IntN(f.docs))
			}
			if r.IntN(3) == 0 {
				f.settle(t)
			}
			for range 3 {
				f.check(t, fmt.Sprintf("round %d", round), randomQuery(r, 40), []int{1, 10, 1 << 20}[r.IntN(3)])
			}
		}
		same(t, "claims", len(f.scan), f.Candidates.Len())
	}},
	{"a claim that is removed before it is added is not found", func(t *testing.T, f *finder) {
		f.put(t, [][]claims.Term{{{Key: 1, Impact: 1}}}, [][]claims.Term{{{Key: 1, Impact: 2}}})
		f.erase(t, 1)
		f.Candidates.Add([]claims.TermVector{{Claim: 1, Doc: 1, Terms: []claims.Term{{Key: 1, Impact: 1}}}})
		f.check(t, "added late", []uint64{1}, 9)
	}},
	{"a search finds what was stored before it began, while more is stored", func(t *testing.T, f *finder) {
		const writers, rounds, size = 3, 20, 4
		var mu sync.Mutex
		stored := map[int64]bool{}
		var writing, searching sync.WaitGroup
		stop := make(chan struct{})
		for range 3 {
			searching.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					mu.Lock()
					before := make([]int64, 0, len(stored))
					for seq := range stored {
						before = append(before, seq)
					}
					mu.Unlock()
					hits, err := f.Candidates.Top(t.Context(), []uint64{1}, 1<<20)
					if err != nil || len(hits)%size != 0 {
						t.Errorf("%d hits, half of a document among them, error %v", len(hits), err)
						return
					}
					found := map[int64]bool{}
					for _, h := range hits {
						if found[h.Claim] || h.Doc == 0 {
							t.Errorf("claim %d of document %d is found twice", h.Claim, h.Doc)
						}
						found[h.Claim] = true
					}
					for _, seq := range before {
						if !found[seq] {
							t.Errorf("claim %d was stored before and is not found", seq)
						}
					}
				}
			})
		}
		for w := range writers {
			writing.Go(func() {
				for i := range rounds {
					p := sample(fmt.Sprintf("d%d-%d", w, i), size)
					for j := range p.terms {
						p.terms[j] = []claims.Term{{Key: 1, Impact: uint16(j + 1)}}
					}
					if err := f.Store.Update(t.Context(), func(tx claims.Tx) error { return put(tx, &p) }); err != nil {
						t.Error(err)
						return
					}
					f.Candidates.Add(p.entry().Vectors)
					mu.Lock()
					for _, seq := range seqs(p.claims) {
						stored[seq] = true
					}
					mu.Unlock()
					if w == 0 && i%4 == 0 && f.Settle != nil {
						if err := f.Settle(); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		writing.Wait()
		close(stop)
		searching.Wait()
		same(t, "claims", writers*rounds*size, len(must(f.Candidates.Top(t.Context(), []uint64{1}, 1<<20))(t)))
	}},
	{"a search whose context has ended gives its error", func(t *testing.T, f *finder) {
		f.put(t, [][]claims.Term{{{Key: 1, Impact: 1}}})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := f.Candidates.Top(ctx, []uint64{1}, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
		f.check(t, "the next one", []uint64{1}, 1)
	}},
}
