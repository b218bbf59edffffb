package postgres

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
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
	terms := make([]int64, len(query))
	for i, key := range query {
		terms[i] = int64(key)
	}
	slices.Sort(terms)
	hits, err := c.top(ctx, slices.Compact(terms), k)
	return hits, failed(ctx, err, c.store.name)
}

func (c *Candidates) top(ctx context.Context, terms []int64, k int) ([]claims.Hit, error) {
	conn, err := c.store.reads.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release() // a connection that is still in a transaction is dropped
	best := best{k: k}
	known := c.tail.Load()
	now := known
	var compacted, erased int64
	var headers []header
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
	b.Queue(headersOf, terms).Query(func(rows pgx.Rows) (err error) {
		headers, err = pgx.CollectRows(rows, scanHeader)
		return err
	})
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	if now != known {
		// Of two searches that read at the same time one may set the other's
		// tail back: what is missing is then read once more.
		c.tail.CompareAndSwap(known, now)
	}
	now.search(terms, &best)
	if err := newSearch(c.store.w.block, headers).run(ctx, conn.Conn(), &best); err != nil {
		return nil, err
	}
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
