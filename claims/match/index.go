package match

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/secondsource/secondsource/claims"
)

// Index is claims.Candidates in memory. A search adds up impacts term by term
// over windows of at most 65,536 claims, so that the sums stay in the cache; it
// computes every score it cannot rule out, so its hits are exact.
//
// A key that one claim has twice counts once, with its higher impact; terms of
// impact 0 add nothing, and a claim that scores 0 is no hit.
//
// Searches never wait: they read a snapshot of immutable segments, which Add
// replaces as a whole. Small segments are merged as they gather, so a claim is
// moved some log(65,536) times before its window is full.
type Index struct {
	now atomic.Pointer[indexSnapshot]

	add  sync.Mutex // one Add at a time
	seen seqSet
}

var _ claims.Candidates = (*Index)(nil)

// indexSnapshot is what a search sees: full windows in the order they were
// filled, then smaller ones, the smallest last.
type indexSnapshot struct {
	segments []*indexSegment
	claims   int
}

// NewIndex returns an index without claims.
func NewIndex() *Index {
	x := &Index{seen: make(seqSet)}
	x.now.Store(&indexSnapshot{})
	return x
}

// Len is the number of claims that were added.
func (x *Index) Len() int { return x.now.Load().claims }

// Add makes the claims findable, all of them at once as far as a search can
// tell. Claims may come in any order of Seq; one that was added before, or
// stands in vectors twice, is left as it was first.
func (x *Index) Add(vectors []claims.TermVector) {
	x.add.Lock()
	defer x.add.Unlock()
	fresh := make([]claims.TermVector, 0, len(vectors))
	for _, v := range vectors {
		if x.seen.insert(v.Claim) {
			fresh = append(fresh, v)
		}
	}
	if len(fresh) == 0 {
		return
	}
	added := len(fresh)
	slices.SortFunc(fresh, func(a, b claims.TermVector) int { return cmp.Compare(a.Claim, b.Claim) })
	old := x.now.Load()
	segments := slices.Clone(old.segments)
	for len(fresh) > 0 {
		n := min(len(fresh), windowSize)
		segments = settle(segments, newSegment(fresh[:n]))
		fresh = fresh[n:]
	}
	x.now.Store(&indexSnapshot{segments: segments, claims: old.claims + added})
}

// settle appends a segment. Full ones go behind the full ones; one that is not
// is merged with those before it until each of these is more than twice as
// large as the next, so that there are never more than some fifteen of them.
func settle(segments []*indexSegment, g *indexSegment) []*indexSegment {
	for g.len() < windowSize && len(segments) > 0 {
		before := segments[len(segments)-1]
		if before.len() == windowSize || before.len() > 2*g.len() {
			return append(segments, g)
		}
		segments = segments[:len(segments)-1]
		merged := mergeSegments(before, g)
		if g = merged[len(merged)-1]; len(merged) == 2 {
			segments = settle(segments, merged[0])
		}
	}
	if g.len() < windowSize {
		return append(segments, g)
	}
	tail := slices.IndexFunc(segments, func(s *indexSegment) bool { return s.len() < windowSize })
	if tail < 0 {
		tail = len(segments)
	}
	return slices.Insert(segments, tail, g)
}

// Top returns the k best claims, best first, ties by lower Seq. The context is
// looked at between windows; its error is the only one there is.
func (x *Index) Top(ctx context.Context, query []uint64, k int) ([]claims.Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	snapshot := x.now.Load()
	if k = min(k, snapshot.claims); k <= 0 || len(query) == 0 {
		return nil, nil
	}
	keys := make([]uint64, len(query))
	for i, key := range query {
		keys[i] = mix(key)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)

	s := searchers.Get().(*searcher) //nolint:forcetypeassert // the pool makes nothing else
	defer searchers.Put(s)
	best := bestHits{k: k, heap: s.heap[:0]}
	defer func() { // what was searched must not stay for the searcher's sake
		clear(best.heap)
		clear(s.terms[:cap(s.terms)])
		s.heap = best.heap
	}()
	for _, segment := range snapshot.segments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.search(segment, keys, &best)
	}
	return best.sorted(query), nil
}

// searcher holds what one search at a time needs; its sums are all 0 between
// windows.
type searcher struct {
	sums  [windowSize]uint32
	terms []termList
	heap  []placed
}

// termList is one query term's postings in a window: its entries, the highest
// impact first.
type termList struct {
	segment  *indexSegment
	from, to int // entries
	highest  uint32
	n        int // postings
}

var searchers = sync.Pool{New: func() any { return new(searcher) }}

// search offers to best every claim of the segment that could be among them.
//
// Terms are taken by falling impact. As soon as the terms that are left cannot
// lift a claim into the result that has none of those taken, only the claims
// met so far matter (MaxScore: Turtle and Flood, 1995), and the long lists of
// the common terms are looked up for those few instead of walked.
func (s *searcher) search(g *indexSegment, keys []uint64, best *bestHits) {
	s.terms = s.terms[:0]
	var rest uint32 // the most that the terms not yet taken can add
	for _, key := range keys {
		if from, to := g.find(key); from < to {
			t := termList{g, from, to, uint32(g.impacts[from]), int(g.starts[to] - g.starts[from])}
			s.terms = append(s.terms, t)
			rest += t.highest
		}
	}
	need := best.need(g.seqs.at(0))
	if rest < need {
		return
	}
	slices.SortFunc(s.terms, func(a, b termList) int {
		return cmp.Or(cmp.Compare(b.highest, a.highest), cmp.Compare(a.n, b.n))
	})
	taken := 0
	for taken < len(s.terms) && rest >= need {
		rest -= s.take(taken)
		taken++
	}
	// Only claims of these terms can be among the best. Of the terms left, those
	// that are cheaper to walk than to look up for each such claim are walked.
	rare := s.terms[:taken]
	for taken < len(s.terms) && s.terms[taken].n < lookupCost*(s.terms[taken].to-s.terms[taken].from)*s.hopeful(rare, need-min(rest, need)) {
		rest -= s.take(taken)
		taken++
	}
	common := s.terms[taken:]
	// A sum is moved out when its claim is first met, so that the claim is
	// offered once and the sums are 0 again.
	for _, t := range rare {
		for _, slot := range t.slots() {
			sum := s.sums[slot]
			s.sums[slot] = 0
			if sum == 0 || sum+rest < need {
				continue
			}
			left := rest
			for i := range common {
				sum += common[i].impact(slot)
				if left -= common[i].highest; sum+left < need {
					break
				}
			}
			if sum >= need {
				best.offer(placed{claims.Hit{Claim: g.seqs.at(int(slot)), Doc: g.docs.at(int(slot)), Score: sum}, g, slot})
				need = best.need(g.seqs.at(0))
			}
		}
	}
	for _, t := range s.terms[len(rare):taken] {
		for _, slot := range t.slots() {
			s.sums[slot] = 0
		}
	}
}

// lookupCost is about how many postings are walked in the time that one is
// looked up in an entry.
const lookupCost = 16

// take adds a term's impacts to the sums and returns the highest.
func (s *searcher) take(term int) uint32 {
	t := &s.terms[term]
	for i := t.from; i < t.to; i++ {
		impact := uint32(t.segment.impacts[i])
		for _, slot := range t.segment.entry(i) {
			s.sums[slot] += impact
		}
	}
	return t.highest
}

// hopeful counts the postings of the terms whose claims have sums of least or
// more.
func (s *searcher) hopeful(terms []termList, least uint32) int {
	n := 0
	for _, t := range terms {
		for _, slot := range t.slots() {
			if s.sums[slot] >= least {
				n++
			}
		}
	}
	return n
}

// slots are those of all the term's entries, one after another.
func (t *termList) slots() []uint16 {
	g := t.segment
	return g.slots[g.starts[t.from]:g.starts[t.to]]
}

// impact is that of the posting of a slot, 0 when there is none.
func (t *termList) impact(slot uint16) uint32 {
	for i := t.from; i < t.to; i++ {
		// By hand: through a comparison function it takes twice the time.
		slots := t.segment.entry(i)
		from, to := 0, len(slots)
		for from < to {
			mid := int(uint(from+to) >> 1)
			if slots[mid] < slot {
				from = mid + 1
			} else {
				to = mid
			}
		}
		if from < len(slots) && slots[from] == slot {
			return uint32(t.segment.impacts[i])
		}
	}
	return 0
}

// placed is a hit and where it was found.
type placed struct {
	claims.Hit

	segment *indexSegment
	slot    uint16
}

// bestHits keeps the k best of the hits offered, in a heap with the worst at
// the root.
type bestHits struct {
	k    int
	heap []placed
}

// compareHits orders hits best first.
func compareHits(a, b placed) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
}

// need is the score that a hit needs at least, if its Seq is first or later.
func (b *bestHits) need(first int64) uint32 {
	switch {
	case len(b.heap) < b.k:
		return 1
	case first > b.heap[0].Claim:
		return b.heap[0].Score + 1 // it would lose the tie
	default:
		return b.heap[0].Score
	}
}

func (b *bestHits) offer(h placed) {
	switch {
	case len(b.heap) < b.k:
		b.heap = append(b.heap, h)
		for i := len(b.heap) - 1; i > 0; {
			parent := (i - 1) / 2
			if compareHits(b.heap[i], b.heap[parent]) <= 0 {
				return
			}
			b.heap[i], b.heap[parent] = b.heap[parent], b.heap[i]
			i = parent
		}
	case compareHits(h, b.heap[0]) < 0:
		b.heap[0] = h
		for i := 0; ; {
			worst := i
			for _, child := range [2]int{2*i + 1, 2*i + 2} {
				if child < len(b.heap) && compareHits(b.heap[child], b.heap[worst]) > 0 {
					worst = child
				}
			}
			if worst == i {
				return
			}
			b.heap[i], b.heap[worst] = b.heap[worst], b.heap[i]
			i = worst
		}
	}
}

// seqSet is the set of claims that were added, a bit for each.
type seqSet map[int64]*[64]uint64

// insert adds a seq and tells whether it was new.
func (s seqSet) insert(seq int64) bool {
	page := s[seq>>12]
	if page == nil {
		page = new([64]uint64)
		s[seq>>12] = page
	}
	word, bit := &page[seq>>6&63], uint64(1)<<(seq&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
