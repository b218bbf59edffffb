package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// bench is one run: the stores as they grow, and what was measured so far.
type bench struct {
	options
	report

	corpus   *corpus
	database string // this project's own, in SQLite
	fts      *table // FTS5 beside the claims' rows
	bare     *table // the rows alone
	stored   int    // claims in each of them

	termsOfClaim float64
	grown        map[string][]point // what, by number of claims
}

// point is a measurement at a number of claims: seconds or bytes.
type point struct {
	claims int
	value  float64
}

func (b *bench) grow(size int, what string, took time.Duration) {
	b.note(what, size, took.Seconds())
}

func (b *bench) note(what string, size int, value float64) {
	b.grown[what] = append(b.grown[what], point{size, value})
}

func (b *bench) wants(part string) bool { return slices.Contains(b.only, part) }

// Sizes that figures belong to.
const (
	storeAt = 600_000 // claims that are stored when storing is measured
	chunk   = 20_000  // claims made at once
)

// measure fills the report. The quick parts come first.
func (b *bench) measure(ctx context.Context) error {
	words, err := newVocabulary(b.words)
	if err != nil {
		return err
	}
	if b.wants("call") {
		if err := b.calls(ctx); err != nil {
			return err
		}
	}
	if b.wants("copies") {
		if err := b.nearCopies(ctx, newCorpus(words, 3)); err != nil {
			return err
		}
	}
	if b.wants("desk") {
		if err := b.desk(ctx, newCorpus(words, 1)); err != nil {
			return err
		}
	}
	if b.wants("search") || b.wants("store") {
		if err := b.growing(ctx, newCorpus(words, 1)); err != nil {
			return err
		}
	}
	if !b.wants("postgres") {
		return nil
	}
	if b.postgres == "" {
		b.without("retrieval from PostgreSQL: no -postgres was given")
		return nil
	}
	return b.overPostgres(ctx, newCorpus(words, 1))
}

// growing measures searches at each size and storing on the way.
func (b *bench) growing(ctx context.Context, c *corpus) (err error) {
	b.corpus = c
	b.database = filepath.Join(b.dir, "secondsource.db")
	if b.fts, err = openTable(ctx, filepath.Join(b.dir, "fts5.db"), true); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.fts.close()) }()
	if b.bare, err = openTable(ctx, filepath.Join(b.dir, "bare.db"), false); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.bare.close()) }()
	storeAt := min(storeAt, b.sizes[len(b.sizes)-1])
	for _, size := range b.sizes {
		if b.wants("store") && b.stored < storeAt && size >= storeAt {
			if err := b.load(ctx, storeAt, true); err != nil {
				return err
			}
			if err := b.storing(ctx); err != nil {
				return err
			}
		}
		if !b.wants("search") {
			continue
		}
		if err := b.load(ctx, size, b.wants("store") && size <= storeAt); err != nil {
			return err
		}
		if err := b.fts.settle(ctx); err != nil {
			return err
		}
		if err := b.searches(ctx, size); err != nil {
			return fmt.Errorf("at %s: %w", short(size), err)
		}
	}
	return nil
}

// load brings the stores to so many claims.
func (b *bench) load(ctx context.Context, size int, bare bool) error {
	s, err := sqlite.Open(ctx, b.database, sqlite.Options{})
	if err != nil {
		return err
	}
	bar := progress(size-b.stored, "storing up to "+short(size)+" claims")
	for b.stored < size && err == nil {
		all := b.corpus.write(min(chunk, size-b.stored))
		if err = put(ctx, s, all); err != nil {
			break
		}
		if err = b.fts.add(ctx, all, len(all)); err != nil {
			break
		}
		if bare {
			err = b.bare.add(ctx, all, len(all))
		}
		n := count(all)
		b.stored += n
		_ = bar.Add(n)
	}
	_ = bar.Finish()
	return errors.Join(err, s.Close())
}

// put stores documents in transactions of 200.
func put(ctx context.Context, s claims.Store, all []*written) error {
	for part := range slices.Chunk(all, 200) {
		err := s.Update(ctx, func(tx claims.Tx) error {
			for _, w := range part {
				if err := w.put(tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *written) put(tx claims.Tx) error {
	doc := w.doc
	return tx.PutDocument(&doc, slices.Clone(w.claims), w.identity, w.signature, w.terms)
}

func count(all []*written) (n int) {
	for _, w := range all {
		n += len(w.claims)
	}
	return n
}

func progress(n int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(max(1, n), progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("claims"), progressbar.OptionThrottle(time.Second), progressbar.OptionClearOnFinish())
}

// round keeps three digits that count.
func round(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
