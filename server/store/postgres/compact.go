package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
	"github.com/secondsource/secondsource/server/store/postings"
)

// A compactor moves the terms of forward blobs into posting lists. Every server
// has one; a lease says whose turn it is, and the row of the lease, locked in
// each step, that no two of them move the same blobs, whatever their clocks and
// the network do.
type compactor struct {
	s     *Store
	every time.Duration
	at    int64 // claims in the tail that make it worth while
	stop  context.CancelFunc
	ended chan struct{}
}

func (s *Store) startCompactor(every time.Duration, at int) *compactor {
	ctx, stop := context.WithCancel(context.Background())
	c := &compactor{s: s, every: every, at: int64(at), stop: stop, ended: make(chan struct{})}
	go c.run(ctx)
	return c
}

func (c *compactor) end() {
	c.stop()
	<-c.ended
}

// run looks after the tail until the store is closed. A failure is no loss: the
// tail is longer for a while, and the next round, or another server, does it.
func (c *compactor) run(ctx context.Context) {
	defer close(c.ended)
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = c.s.compact(ctx, c.at)
		}
	}
}

const (
	pending   = `SELECT l.claim - c.claim FROM log l JOIN compaction c ON c.shard = l.shard WHERE l.shard = 0`
	takeLease = `UPDATE compaction SET holder = $1, until = now() + interval '15 seconds'
	WHERE shard = 0 AND (holder = $1 OR until < now())`
	lockLease  = `SELECT document, claim FROM compaction WHERE shard = 0 AND holder = $1 FOR UPDATE`
	moveLease  = `UPDATE compaction SET document = $1, claim = $2, until = now() + interval '15 seconds' WHERE shard = 0`
	appendList = `INSERT INTO postings (shard, term, block, highest, blob)
	SELECT 0, p.term, p.block, p.highest, p.blob
	FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bytea[]) AS p (term, block, highest, blob)
	ON CONFLICT (shard, term, block) DO UPDATE SET highest = greatest(postings.highest, excluded.highest), blob = postings.blob || excluded.blob`
)

// compact moves blobs as long as at claims or more are not compacted, if no
// other server is at it.
func (s *Store) compact(ctx context.Context, at int64) error {
	for {
		var left int64
		if err := s.reads.QueryRow(ctx, pending).Scan(&left); err != nil || left < at || left == 0 {
			return failed(ctx, err, s.name)
		}
		tag, err := s.reads.Exec(ctx, takeLease, s.w.id[:])
		if err != nil || tag.RowsAffected() == 0 {
			return failed(ctx, err, s.name)
		}
		if moved, err := s.compactStep(ctx); err != nil || !moved {
			return failed(ctx, err, s.name)
		}
	}
}

// Bounds of one step: blobs read at once, claims moved, and lists written at once.
const (
	stepBlobs  = 64
	stepClaims = 32768
	stepLists  = 4096
)

// compactStep moves some blobs in one transaction; false when there is none, or
// the lease has gone to another.
func (s *Store) compactStep(ctx context.Context) (moved bool, err error) {
	err = pgx.BeginTxFunc(ctx, s.reads, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var doc, claim int64
		if err := tx.QueryRow(ctx, lockLease, s.w.id[:]).Scan(&doc, &claim); err != nil {
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			return err
		}
		lists := make(map[listKey][]postings.Posting)
		for n := 0; n < stepClaims; {
			rows, err := tx.Query(ctx, forwardFrom, doc, stepBlobs)
			if err != nil {
				return err
			}
			blobs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (forwardRow, error) { return scanForward(row) })
			if err != nil {
				return err
			}
			for _, row := range blobs {
				// A blob whose documents were all deleted still takes its place.
				doc = max(doc, row.first)
				if err := forward.Decode(row.blob, func(e claims.Entry) error {
					doc = e.Document
					for _, v := range e.Vectors {
						claim = v.Claim
						addLists(lists, v, s.w.block)
					}
					n += len(e.Vectors)
					return nil
				}); err != nil {
					return err
				}
				moved = true
			}
			if len(blobs) < stepBlobs {
				break
			}
		}
		if !moved {
			return nil
		}
		if err := writeLists(ctx, tx, lists); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, moveLease, doc, claim)
		return err
	})
	return moved && err == nil, err
}

type listKey struct{ term, block int64 }

// addLists adds a claim to the lists of its terms.
func addLists(lists map[listKey][]postings.Posting, v claims.TermVector, size int64) {
	var once [64]tailPosting
	for _, p := range appendTerms(once[:0], v) {
		k := listKey{p.term, p.claim / size}
		lists[k] = append(lists[k], postings.Posting{Slot: uint16(p.claim % size), Impact: p.impact})
	}
}

// writeLists appends to the stored lists, in order of key: rows that stand
// together are written together.
func writeLists(ctx context.Context, tx pgx.Tx, lists map[listKey][]postings.Posting) error {
	order := make([]listKey, 0, len(lists))
	for k := range lists {
		order = append(order, k)
	}
	slices.SortFunc(order, func(a, b listKey) int { return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.block, b.block)) })
	for part := range slices.Chunk(order, stepLists) {
		terms, blocks := make([]int64, len(part)), make([]int64, len(part))
		highest, blobs := make([]int32, len(part)), make([][]byte, len(part))
		for i, k := range part {
			terms[i], blocks[i] = k.term, k.block
			highest[i], blobs[i] = int32(postings.Highest(lists[k])), postings.Chunk(lists[k])
		}
		if _, err := tx.Exec(ctx, appendList, terms, blocks, highest, blobs); err != nil {
			return err
		}
	}
	return nil
}
