package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// counts are the mentions that the rows of sources do not have yet: those by
// documents after the one that the table folded names. Each document mentions
// sources that lie on pages all over; so their counts are kept in memory, written
// for some thousand documents at a time, and made again from the log when the
// store is opened.
type counts struct {
	// mu is held for reading from before sources are read until their counts are
	// added, and for writing while a commit moves counts from here into the rows.
	mu       sync.RWMutex
	mentions map[int64]int64 // by sources.num
}

// A count adds to the mentions of a source.
type count struct{ source, mentions int64 }

// sum adds counts up by source.
func sum(into map[int64]int64, all []count) map[int64]int64 {
	if into == nil {
		into = make(map[int64]int64, len(all))
	}
	for _, c := range all {
		into[c.source] += c.mentions
	}
	return into
}

// told is a source with its mentions of late. Those of a registered one are not
// shown.
func told(row sourceRow, late map[int64]int64) claims.Source {
	if !row.Registered {
		row.Mentions += int(late[row.num])
	}
	return row.Source
}

// readSources reads sources as they stand.
func (s *Store) readSources(ctx context.Context, q query) ([]claims.Source, error) {
	s.counts.mu.RLock()
	defer s.counts.mu.RUnlock()
	rows, err := readAll(ctx, s, scanSource, q)
	if err != nil {
		return nil, err
	}
	all := make([]claims.Source, len(rows))
	for i := range rows {
		all[i] = told(rows[i], s.counts.mentions)
	}
	return all, nil
}

// querier is a connection, or several.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// gather reads all rows of a query.
func gather[T any](ctx context.Context, db querier, scan func(scanner) (T, error), text string, args ...any) (all []T, err error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, scan)
}

// collect scans all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

const (
	countedUpTo = `SELECT document FROM folded`
	uncounted   = selectBlocks + ` WHERE b.first IN (SELECT first_claim FROM documents WHERE seq > ?) ORDER BY b.first`
	sourceNum   = `SELECT num FROM sources WHERE id = ?`
)

// recount makes the counts from the log: those of the documents after the one that
// it returns. A block that cannot be read counts nothing; whoever reads its claims
// will be told.
func recount(ctx context.Context, db querier) (mentions map[int64]int64, upTo int64, err error) {
	marks, err := gather(ctx, db, scanInt, countedUpTo)
	if err != nil {
		return nil, 0, err
	}
	for _, upTo = range marks {
	}
	blocks, err := gather(ctx, db, scanBlock, uncounted, upTo)
	if err != nil {
		return nil, 0, err
	}
	byID := make(map[string]int64)
	for i := range blocks {
		cs, err := blocks[i].claims()
		if claims.CodeOf(err) == claims.CodeCorrupt {
			continue
		}
		var met []record.Met
		if err == nil {
			met, err = record.NamesMet(cs)
		}
		if err != nil {
			return nil, 0, err
		}
		for _, m := range met {
			byID[m.ID] += int64(m.Mentions)
		}
	}
	mentions = make(map[int64]int64, len(byID))
	for id, n := range byID {
		nums, err := gather(ctx, db, scanInt, sourceNum, id)
		if err != nil {
			return nil, 0, err
		}
		for _, num := range nums {
			mentions[num] = n
		}
	}
	return mentions, upTo, nil
}

func scanInt(row scanner) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}
