package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/secondsource/secondsource/claims"
)

// scan is the index in a dozen lines: it scores every claim. It is what the
// index must agree with and what the benchmark measures it against.
type scan map[int64]scanned

type scanned struct {
	doc   int64
	terms map[uint64]uint16
}

func (s scan) add(vectors []claims.TermVector) {
	for _, v := range vectors {
		if _, ok := s[v.Claim]; ok {
			continue
		}
		terms := make(map[uint64]uint16, len(v.Terms))
		for _, t := range v.Terms {
			terms[t.Key] = max(terms[t.Key], t.Impact)
		}
		s[v.Claim] = scanned{v.Doc, terms}
	}
}

func (s scan) top(asked []uint64, k int) []claims.Hit {
	query := slices.Compact(slices.Sorted(slices.Values(asked)))
	var hits []claims.Hit
	for seq, c := range s {
		var score uint32
		for _, key := range query {
			score += uint32(c.terms[key])
		}
		if score > 0 {
			var shared claims.Shared
			for place, key := range asked {
				if c.terms[key] > 0 && place < claims.MaxShared && slices.Index(asked, key) == place {
					shared.Add(place)
				}
			}
			hits = append(hits, claims.Hit{Claim: seq, Doc: c.doc, Score: score, Shared: shared})
		}
	}
	slices.SortFunc(hits, func(a, b claims.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
	})
	return hits[:max(0, min(k, len(hits)))]
}

func top(t *testing.T, x *Index, query []uint64, k int) []claims.Hit {
	t.Helper()
	hits, err := x.Top(t.Context(), query, k)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func same(t *testing.T, what string, want, got []claims.Hit) {
	t.Helper()
	if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func vector(seq int64, terms ...claims.Term) claims.TermVector {
	return claims.TermVector{Claim: seq, Doc: seq * 10, Terms: terms}
}

func TestIndexTop(t *testing.T) {
	const fire, bridge, kyiv, unknown = 1, 2, 3, 4
	vectors := []claims.TermVector{
		vector(5, claims.Term{Key: fire, Impact: 10}, claims.Term{Key: bridge, Impact: 20}),
		vector(2, claims.Term{Key: bridge, Impact: 20}, claims.Term{Key: kyiv, Impact: 10}),
		vector(9, claims.Term{Key: kyiv, Impact: 5}, claims.Term{Key: kyiv, Impact: 7}, claims.Term{Key: fire, Impact: 0}),
		vector(7),
		vector(5, claims.Term{Key: kyiv, Impact: 999}), // there is a claim 5 already
	}
	x := NewIndex()
	x.Add(vectors)
	x.Add(vectors[:3])
	x.Add(nil)
	if x.Len() != 4 {
		t.Errorf("%d claims, want 4", x.Len())
	}
	tests := map[string]struct {
		query []uint64
		k     int
		want  []claims.Hit
	}{
		"the sum of shared impacts":        {[]uint64{fire, bridge}, 9, []claims.Hit{{Claim: 5, Doc: 50, Score: 30, Shared: claims.Shared{3}}, {Claim: 2, Doc: 20, Score: 20, Shared: claims.Shared{2}}}},
		"ties by lower seq":                {[]uint64{bridge}, 9, []claims.Hit{{Claim: 2, Doc: 20, Score: 20, Shared: claims.Shared{1}}, {Claim: 5, Doc: 50, Score: 20, Shared: claims.Shared{1}}}},
		"ties at the last place":           {[]uint64{bridge}, 1, []claims.Hit{{Claim: 2, Doc: 20, Score: 20, Shared: claims.Shared{1}}}},
		"a term that occurs twice":         {[]uint64{fire, fire}, 9, []claims.Hit{{Claim: 5, Doc: 50, Score: 10, Shared: claims.Shared{1}}}},
		"a claim's key twice: the higher":  {[]uint64{kyiv}, 9, []claims.Hit{{Claim: 2, Doc: 20, Score: 10, Shared: claims.Shared{1}}, {Claim: 9, Doc: 90, Score: 7, Shared: claims.Shared{1}}}},
		"a term that no claim has":         {[]uint64{unknown}, 9, nil},
		"an unknown term beside a known":   {[]uint64{unknown, fire}, 9, []claims.Hit{{Claim: 5, Doc: 50, Score: 10, Shared: claims.Shared{2}}}},
		"no terms":                         {nil, 9, nil},
		"no hits asked for":                {[]uint64{fire}, 0, nil},
		"fewer than none":                  {[]uint64{fire}, -1, nil},
		"the first added of claim 5 stays": {[]uint64{kyiv}, 1, []claims.Hit{{Claim: 2, Doc: 20, Score: 10, Shared: claims.Shared{1}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { same(t, "hits", tt.want, top(t, x, tt.query, tt.k)) })
	}
}

func TestAnEmptyIndex(t *testing.T) {
	x := NewIndex()
	if x.Len() != 0 || len(top(t, x, []uint64{1}, 5)) != 0 {
		t.Error("it finds something")
	}
}

// TestIndexAgreesWithAScan adds random claims in random order and batches and
// compares random searches, many of them with ties and repeated keys.
func TestIndexAgreesWithAScan(t *testing.T) {
	for name, tt := range map[string]struct {
		claims, keys, batch int
		impacts             int // how many different ones
		seq                 func() func(i int) int64
	}{
		"few keys, all ties":           {2000, 5, 7, 1, inOrder},
		"single adds":                  {300, 20, 1, 3, inOrder},
		"one batch over a window":      {2*windowSize + 77, 300, 1 << 20, 50, inOrder},
		"batches about a window":       {3 * windowSize, 500, windowSize - 1000, 1000, inOrder},
		"many small batches":           {windowSize + 5000, 400, 300, 65535, inOrder},
		"seqs far apart, negative too": {3000, 50, 100, 10, farApart},
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(tt.claims)))
			seq := tt.seq()
			vectors := make([]claims.TermVector, tt.claims)
			for i := range vectors {
				v := claims.TermVector{Claim: seq(i), Doc: int64(i / 3)}
				for range r.IntN(8) {
					// Squared: some keys are common, most are rare.
					key := uint64(r.Float64() * r.Float64() * float64(tt.keys))
					v.Terms = append(v.Terms, claims.Term{Key: key, Impact: uint16(r.IntN(tt.impacts) + 1)})
				}
				vectors[i] = v
			}
			r.Shuffle(len(vectors), func(i, j int) { vectors[i], vectors[j] = vectors[j], vectors[i] })
			x, s := NewIndex(), scan{}
			for at := 0; at < len(vectors); at += tt.batch {
				batch := vectors[at:min(at+tt.batch, len(vectors))]
				x.Add(batch)
				s.add(batch)
				if at%(5*tt.batch) == 0 {
					x.Add(vectors[:min(at+tt.batch, 50)]) // once more
					s.add(vectors[:min(at+tt.batch, 50)])
				}
			}
			if x.Len() != len(s) {
				t.Fatalf("%d claims, want %d", x.Len(), len(s))
			}
			for range 25 {
				query := make([]uint64, r.IntN(12))
				for i := range query {
					query[i] = uint64(r.IntN(tt.keys + tt.keys/10 + 1))
				}
				k := []int{1, 2, 10, 100, 1 << 20}[r.IntN(5)]
				same(t, fmt.Sprintf("the best %d for %v", k, query), s.top(query, k), top(t, x, query, k))
			}
		})
	}
}

func inOrder() func(int) int64 { return func(i int) int64 { return int64(i + 1) } }

func farApart() func(int) int64 {
	r := rand.New(rand.NewPCG(3, 3))
	return func(int) int64 { return int64(r.Uint64()) }
}

func TestWindowsAreFilled(t *testing.T) {
	x := NewIndex()
	next := int64(1)
	for next < 5*windowSize {
		batch := make([]claims.TermVector, 700)
		for i := range batch {
			batch[i] = vector(next, claims.Term{Key: uint64(next % 100), Impact: 1})
			next++
		}
		x.Add(batch)
	}
	segments := x.now.Load().segments
	small := 0
	for i, g := range segments {
		if g.len() == windowSize {
			if small > 0 {
				t.Errorf("segment %d is full and comes after one that is not", i)
			}
			continue
		}
		if small++; small > 1 && segments[i-1].len() <= 2*g.len() {
			t.Errorf("segment %d has %d claims after one of %d", i, g.len(), segments[i-1].len())
		}
	}
	if small > 15 {
		t.Errorf("%d segments are not full", small)
	}
}

func TestTopStopsWhenItsContextEnds(t *testing.T) {
	x := NewIndex()
	x.Add([]claims.TermVector{vector(1, claims.Term{Key: 1, Impact: 1})})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Top(ctx, []uint64{1}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// TestSearchWhileAdding: a search sees whole batches only, and each that was
// added before it began.
func TestSearchWhileAdding(t *testing.T) {
	const batches, size = 400, 20
	x := NewIndex()
	var searching sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		searching.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				before := x.Len()
				hits, err := x.Top(t.Context(), []uint64{1, 2}, batches*size)
				if err != nil || len(hits)%size != 0 || len(hits) < before {
					t.Errorf("%d hits where %d claims were added before, error %v", len(hits), before, err)
					return
				}
			}
		})
	}
	var adding sync.WaitGroup
	for w := range 2 {
		adding.Go(func() {
			for b := w; b < batches; b += 2 {
				batch := make([]claims.TermVector, size)
				for i := range batch {
					batch[i] = vector(int64(b*size+i), claims.Term{Key: 1, Impact: uint16(i + 1)}, claims.Term{Key: 2, Impact: 3})
				}
				x.Add(batch)
				runtime.Gosched()
			}
		})
	}
	adding.Wait()
	close(stop)
	searching.Wait()
	if hits := top(t, x, []uint64{2}, batches*size); len(hits) != batches*size || hits[0].Claim != 0 {
		t.Errorf("%d hits in the end, the first %v", len(hits), hits[0])
	}
}

// zipfClaims makes claims of 6 to 14 words drawn as English draws them, with
// impacts by rarity, and queries that are claims with some words exchanged.
func zipfClaims(n, queries int) ([]claims.TermVector, [][]uint64) {
	r := rand.New(rand.NewPCG(1, 1))
	words := rand.NewZipf(r, 1.07, 8, 200_000)
	word := func() claims.Term {
		rank := words.Uint64()
		impact := 300
		for k := rank; k > 0; k >>= 1 {
			impact += 200
		}
		return claims.Term{Key: (rank + 1) * 0xD6E8FEB86659FD93, Impact: uint16(impact)}
	}
	vectors := make([]claims.TermVector, n)
	for i := range vectors {
		v := claims.TermVector{Claim: int64(i + 1), Doc: int64(i/10 + 1)}
		for range 6 + r.IntN(9) {
			if t := word(); !slices.Contains(v.Terms, t) {
				v.Terms = append(v.Terms, t)
			}
		}
		vectors[i] = v
	}
	qs := make([][]uint64, queries)
	for i := range qs {
		for j, t := range vectors[r.IntN(n)].Terms {
			if j%4 == 3 {
				t = word()
			}
			qs[i] = append(qs[i], t.Key)
		}
	}
	return vectors, qs
}

// BenchmarkTop searches for the 50 best, and in the same run by a scan over
// maps: "of-scan" is the index's time as a share of the scan's.
func BenchmarkTop(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("claims=%d", n), func(b *testing.B) {
			vectors, queries := zipfClaims(n, 100)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			x := NewIndex()
			for at := 0; at < n; at += 1000 {
				x.Add(vectors[at:min(at+1000, n)])
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			i := 0
			for b.Loop() {
				if _, err := x.Top(b.Context(), queries[i%len(queries)], 50); err != nil {
					b.Fatal(err)
				}
				i++
			}
			index := float64(b.Elapsed()) / float64(b.N)
			b.StopTimer()
			s := scan{}
			s.add(vectors)
			start := time.Now()
			const scans = 3
			for i := range scans {
				s.top(queries[i], 50)
			}
			naive := float64(time.Since(start)) / scans
			b.ReportMetric(naive/1e6, "scan-ms/op")
			b.ReportMetric(naive/index, "x-scan")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/claim")
			runtime.KeepAlive(x)
		})
	}
}

// BenchmarkAdd adds claims ten at a time, as documents come.
func BenchmarkAdd(b *testing.B) {
	vectors, _ := zipfClaims(100_000, 0)
	for b.Loop() {
		x := NewIndex()
		for at := 0; at < len(vectors); at += 10 {
			x.Add(vectors[at : at+10])
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(vectors))/b.Elapsed().Seconds(), "claims/s")
}
