package postgres

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/postings"
)

// Candidates answers searches from the database: from the posting lists that the
// compactor has built, and from the forward blobs that it has not come to. A
// search reads one state of the database, so it finds every claim that any
// server had stored before it began, and nothing twice. Safe for concurrent use.
type Candidates struct {
	store *Store
	tail  atomic.Pointer[tail]
	known atomic.Int64 // claims counted last
}

var _ claims.Candidates = (*Candidates)(nil)

// Candidates returns the search over the stored claims.
func (s *Store) Candidates() *Candidates {
	c := &Candidates{store: s}
	c.tail.Store(&tail{})
	return c
}

// Add implements claims.Candidates. There is nothing to do: what is stored is
// found.
func (*Candidates) Add([]claims.TermVector) {}

// Remove implements claims.Candidates. There is nothing to do: what is erased is
// not found.
func (*Candidates) Remove([]int64) {}

// Len implements claims.Candidates. While the database does not answer it is the
// number it gave last.
func (c *Candidates) Len() int {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var n int64
	if err := c.store.readRow(ctx, query{`SELECT claims FROM log WHERE shard = 0`, nil}, &n); err == nil {
		c.known.Store(n)
	}
	return int(c.known.Load())
}

const (
	logState = `SELECT c.document, l.erased FROM compaction c JOIN log l ON l.shard = c.shard WHERE c.shard = 0`
	tailRows = `SELECT f.first, f.blob FROM forward f WHERE f.first > (
		SELECT greatest(c.document, CASE WHEN l.erased = $1 THEN $2::bigint ELSE 0 END)
		FROM compaction c JOIN log l ON l.shard = c.shard WHERE c.shard = 0) ORDER BY f.first`
	postingsOf = `SELECT term, block, highest, blob FROM postings WHERE shard = 0 AND term = ANY($1::bigint[]) ORDER BY block`
	documentOf = `SELECT seq, document FROM claims WHERE seq = ANY($1::bigint[])`
)

// Top implements claims.Candidates.
func (c *Candidates) Top(ctx context.Context, query []uint64, k int) ([]claims.Hit, error) {
	if err := c.store.begin(); err != nil {
		return nil, err
	}
	defer c.store.end()
	if err := ctx.Err(); err != nil || k <= 0 || len(query) == 0 {
		return nil, err
	}
	hits, err := c.top(ctx, newQuestion(query), k)
	return hits, failed(ctx, err, c.store.name)
}

// question is the terms of a search, each once, and the places where they stand
// first.
type question struct {
	terms  []int64
	places map[int64]int // of those that a hit tells apart
}

func newQuestion(keys []uint64) question {
	q := question{terms: make([]int64, len(keys)), places: make(map[int64]int, len(keys))}
	for i, key := range keys {
		q.terms[i] = int64(key)
		if _, had := q.places[int64(key)]; !had && i < claims.MaxShared {
			q.places[int64(key)] = i
		}
	}
	slices.Sort(q.terms)
	q.terms = slices.Compact(q.terms)
	return q
}

// share notes that a claim has a term.
func (q *question) share(s *claims.Shared, term int64, impact uint16) {
	if place, told := q.places[term]; told && impact > 0 {
		s.Add(place)
	}
}

func (c *Candidates) top(ctx context.Context, q question, k int) ([]claims.Hit, error) {
	conn, err := c.store.reads.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()                // a connection that is still in a transaction is dropped
	s, _ := searchers.Get().(*searcher) // the pool holds nothing else
	defer searchers.Put(s)
	best := best{k: k}
	known := c.tail.Load()
	now := known
	var compacted, erased int64
	b := &pgx.Batch{}
	b.Queue("BEGIN READ ONLY, ISOLATION LEVEL REPEATABLE READ")
	b.Queue(logState).QueryRow(into(&compacted, &erased))
	b.Queue(tailRows, known.erased, known.last).Query(func(rows pgx.Rows) error {
		fresh, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (forwardRow, error) { return scanForward(row) })
		if err == nil && (len(fresh) > 0 || compacted != known.compacted || erased != known.erased) {
			now, err = known.since(compacted, erased, fresh)
		}
		return err
	})
	b.Queue(postingsOf, q.terms).Query(func(rows pgx.Rows) error { return s.search(rows, c.store.w.block, &q, &best) })
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	if now != known {
		// Of two searches that read at the same time one may set the other's
		// tail back: what is missing is then read once more.
		c.tail.CompareAndSwap(known, now)
	}
	now.search(&q, &best)
	hits := best.sorted()
	b = &pgx.Batch{}
	if seqs := undocumented(hits); len(seqs) > 0 {
		b.Queue(documentOf, seqs).Query(func(rows pgx.Rows) error { return document(rows, hits) })
	}
	b.Queue("COMMIT")
	return hits, conn.SendBatch(ctx, b).Close()
}

// undocumented are the claims whose documents the posting lists do not tell.
func undocumented(hits []claims.Hit) []int64 {
	var seqs []int64
	for _, h := range hits {
		if h.Doc == 0 {
			seqs = append(seqs, h.Claim)
		}
	}
	return seqs
}

// document fills in the documents of hits.
func document(rows pgx.Rows, hits []claims.Hit) error {
	docs := make(map[int64]int64, len(hits))
	var claim, doc int64
	if _, err := pgx.ForEachRow(rows, []any{&claim, &doc}, func() error {
		docs[claim] = doc
		return nil
	}); err != nil {
		return err
	}
	for i := range hits {
		if h := &hits[i]; h.Doc == 0 {
			h.Doc = docs[h.Claim]
		}
	}
	return nil
}

// searcher holds what one search at a time needs; its sums are all 0 between
// blocks.
type searcher struct {
	sums     [postings.BlockSize]uint32
	lists    []list
	postings []postings.Posting
	hits     []claims.Hit // of one block
}

// list is one term's blob in a block; its postings are those of the searcher up
// to its end.
type list struct {
	term    int64
	highest uint32
	blob    []byte
	end     int
}

var searchers = sync.Pool{New: func() any { return new(searcher) }}

// search reads the rows, in order of block, and offers the claims of each block
// that may have one good enough.
func (s *searcher) search(rows pgx.Rows, size int64, q *question, best *best) error {
	defer rows.Close()
	s.lists = s.lists[:0]
	at := int64(-1)
	for rows.Next() {
		var block int64
		var l list
		if err := rows.Scan(&l.term, &block, &l.highest, &l.blob); err != nil {
			return err
		}
		if block != at {
			if err := s.block(at*size, q, best); err != nil {
				return err
			}
			at = block
		}
		s.lists = append(s.lists, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.block(at*size, q, best)
}

// block scores the claims of the lists gathered, those of one block whose first
// claim is given: term at a time, after a look at what the highest impacts can
// add up to.
func (s *searcher) block(first int64, q *question, best *best) error {
	var most uint32
	for _, l := range s.lists {
		most += l.highest
	}
	lists := s.lists
	s.lists = s.lists[:0]
	if most < best.need {
		return nil
	}
	s.postings, s.hits = s.postings[:0], s.hits[:0]
	var err error
	for i := range lists {
		from := len(s.postings)
		if s.postings, err = postings.Decode(s.postings, lists[i].blob); err != nil {
			break
		}
		for _, p := range s.postings[from:] {
			s.sums[p.Slot] += uint32(p.Impact)
		}
		lists[i].end = len(s.postings)
	}
	for _, p := range s.postings {
		sum := s.sums[p.Slot]
		s.sums[p.Slot] = 0
		if sum > 0 && sum >= best.need && err == nil {
			s.hits = append(s.hits, claims.Hit{Claim: int64(p.Slot), Score: sum})
		}
	}
	if err != nil || len(s.hits) == 0 {
		return err
	}
	s.share(lists, q)
	for _, h := range s.hits {
		h.Claim += first
		best.offer(h)
	}
	return nil
}

// share sets what the hits of a block share with the question, their Claims being
// slots still: what was added up is walked once more, past all that are no hits.
func (s *searcher) share(lists []list, q *question) {
	for i, h := range s.hits {
		s.sums[h.Claim] = uint32(i + 1) // until the end, a hit's place
	}
	from := 0
	for _, l := range lists {
		for _, p := range s.postings[from:l.end] {
			if i := s.sums[p.Slot]; i > 0 {
				q.share(&s.hits[i-1].Shared, l.term, p.Impact)
			}
		}
		from = l.end
	}
	for _, h := range s.hits {
		s.sums[h.Claim] = 0
	}
}

// best keeps the k best of the hits offered.
type best struct {
	k    int
	hits []claims.Hit
	need uint32 // score that a hit needs at least to be among them
}

func (b *best) offer(h claims.Hit) {
	if h.Score < b.need {
		return
	}
	// Cut now and then: sorting some k at a time costs less than a place for each.
	if b.hits = append(b.hits, h); len(b.hits) >= 2*b.k+1024 {
		b.cut()
	}
}

func (b *best) cut() {
	slices.SortFunc(b.hits, func(x, y claims.Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Claim, y.Claim))
	})
	if len(b.hits) >= b.k {
		b.hits = b.hits[:b.k]
		b.need = b.hits[b.k-1].Score
	}
}

func (b *best) sorted() []claims.Hit {
	b.cut()
	return b.hits
}
