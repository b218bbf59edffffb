package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// Storing is measured in turns: each side stores the same documents, durably, so
// many a commit.
const (
	storeTurns = 7
	storeDocs  = 400
	storeBatch = 8
)

// storing measures durable documents a second beside the bare rows and beside
// rows with FTS5.
func (b *bench) storing(ctx context.Context) error {
	at := short(b.stored / 1000 * 1000)
	s, err := sqlite.Open(ctx, b.database, sqlite.Options{Group: storeBatch})
	if err != nil {
		return err
	}
	var own, bare, fts []float64
	for range storeTurns + 1 { // the first turn warms up
		all := b.corpus.writeDocs(storeDocs)
		for _, side := range []struct {
			rates *[]float64
			store func() error
		}{
			{&bare, func() error { return b.bare.add(ctx, all, storeBatch) }},
			{&own, func() error { return atOnce(ctx, s, all) }},
			{&fts, func() error { return b.fts.add(ctx, all, storeBatch) }},
		} {
			start := time.Now()
			if err := side.store(); err != nil {
				return errors.Join(err, s.Close())
			}
			*side.rates = append(*side.rates, float64(len(all))/time.Since(start).Seconds())
		}
		b.stored += count(all)
	}
	profiled := b.corpus.writeDocs(5 * storeDocs)
	if err := b.profiled(ctx, "store", 0, 1, func(ctx context.Context, _ int) error { return atOnce(ctx, s, profiled) }); err != nil {
		return errors.Join(err, s.Close())
	}
	o, r, f := middle(own[1:]), middle(bare[1:]), middle(fts[1:])
	b.asked("durable store at "+at+" against bare rows", o/r, 0.8, 1.0, fmt.Sprintf("%.0f documents a second, bare rows %.0f, batches of %d", o, r, storeBatch))
	b.asked("durable store at "+at+" against FTS5", o/f, 4, 4.6, fmt.Sprintf("%.0f documents a second, rows with FTS5 external content %.0f", o, f))
	return s.Close()
}

// atOnce stores each document in an update of its own, from twice as many
// callers as share a commit, so that no commit waits for its batch.
func atOnce(ctx context.Context, s claims.Store, all []*written) error {
	var wg sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, 2*storeBatch)
	for caller := range errs {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)) && errs[caller] == nil; i = next.Add(1) - 1 {
				errs[caller] = s.Update(ctx, all[i].put)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
