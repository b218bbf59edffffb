package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// Log is another store's log, of which nobody changes anything while it is
// imported.
type Log interface {
	Head(ctx context.Context) (record.Head, error)
	Rows(ctx context.Context, t record.Table) (int64, error)
	// Export calls fn with every row of a table.
	Export(ctx context.Context, t record.Table, fn func(row []any) error) error
}

// Progress is told of an import: how many rows of a table were copied, or
// compared, since it was called last.
type Progress func(table string, comparing bool, rows int)

// Import copies another store's log into this one, which must be empty, reads it
// back and compares every row. All of it is one transaction: after an error, a
// crash or a row that is not the same, nothing is stored, and it can be tried
// again. Posting lists are built afterwards, by the servers. Other servers of
// this database wait meanwhile. Errors: CodeConflict when this store is not
// empty; CodeCorrupt when a row did not come over as it was; what Log returns.
func (s *Store) Import(ctx context.Context, from Log, progress Progress) error {
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	if progress == nil {
		progress = func(string, bool, int) {}
	}
	conn, err := pgx.ConnectConfig(ctx, s.reads.Config().ConnConfig)
	if err != nil {
		return failed(ctx, err, s.name)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	i := &importer{from: from, progress: progress, name: s.name}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		i.tx = tx
		return i.run(ctx)
	})
	if err != nil && i.broken != nil && ctx.Err() == nil {
		return i.broken // the database has nothing to say to it
	}
	return failed(ctx, err, s.name)
}

type importer struct {
	tx       pgx.Tx
	from     Log
	progress Progress
	name     string
	broken   error // of the other log
}

const (
	isEmpty = `SELECT l.document = 0 AND l.judgement = 0 AND l.erased = 0 AND NOT EXISTS (SELECT 1 FROM sources)
	AND NOT EXISTS (SELECT 1 FROM postings) AND NOT EXISTS (SELECT 1 FROM api_keys) FROM log l WHERE l.shard = 0`
	beginHead = `UPDATE log SET document = $1, claim = $2, judgement = $3, documents = $4, claims = $5, erased = $6 WHERE shard = 0`
)

func (i *importer) run(ctx context.Context) error {
	if _, err := i.tx.Exec(ctx, lockHead); err != nil {
		return err
	}
	var empty bool
	if err := i.tx.QueryRow(ctx, isEmpty).Scan(&empty); err != nil {
		return err
	}
	if !empty {
		return &claims.Error{Code: claims.CodeConflict,
			Message: fmt.Sprintf("the database %q holds something already: give an empty one, or a schema of its own (?search_path=NAME)", i.name)}
	}
	h, err := i.from.Head(ctx)
	if err != nil {
		i.broken = err
		return err
	}
	for _, t := range record.Tables {
		if err := i.copy(ctx, t); err != nil {
			return err
		}
	}
	if _, err := i.tx.Exec(ctx, beginHead, h.Document, h.Claim, h.Judgement, h.Documents, h.Claims, h.Erased); err != nil {
		return err
	}
	for _, t := range record.Tables {
		if err := i.compare(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// importRows is how many rows are compared at once, and copied between two
// reports of progress.
const importRows = 500

// copy sends a table's rows, in one statement: documents refer to later ones.
func (i *importer) copy(ctx context.Context, t record.Table) error {
	names := make([]string, len(t.Columns))
	for n, c := range t.Columns {
		names[n] = c.Name
	}
	next, stop := iter.Pull2(func(yield func([]any, error) bool) {
		err := i.export(ctx, t, func(row []any) error {
			if !yield(i.row(t, row), nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	})
	defer stop()
	sent := 0
	_, err := i.tx.CopyFrom(ctx, pgx.Identifier{t.Name}, names, pgx.CopyFromFunc(func() ([]any, error) {
		row, err, ok := next()
		if ok && err == nil {
			sent++
		}
		if !ok || sent == importRows {
			i.progress(t.Name, false, sent)
			sent = 0
		}
		return row, err
	}))
	return err
}

// export reads the other log, and notes it when that fails.
func (i *importer) export(ctx context.Context, t record.Table, fn func(row []any) error) error {
	var own error
	err := i.from.Export(ctx, t, func(row []any) error {
		own = fn(row)
		return own
	})
	if err != nil && own == nil {
		i.broken = err
	}
	return err
}

var errStopped = errors.New("no more rows are wanted")

// row is a row as this store has it.
func (*importer) row(t record.Table, row []any) []any {
	for n, c := range t.Columns {
		row[n] = stored(c.Kind, row[n])
	}
	return row
}

// each gives the rows of a table some at a time, as this store has them.
func (i *importer) each(ctx context.Context, t record.Table, fn func(rows [][]any) error) error {
	var rows [][]any
	size := 0
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		err := fn(rows)
		rows, size = nil, 0
		return err
	}
	err := i.export(ctx, t, func(row []any) error {
		for _, v := range i.row(t, row) {
			if b, ok := v.([]byte); ok {
				size += len(b)
			}
		}
		if rows = append(rows, row); len(rows) < importRows && size < 16<<20 {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// stored is a value as this store has it: texts from outside are bytes, and keys
// may be cut.
func stored(k record.Kind, v any) any {
	s, ok := v.(string)
	switch {
	case !ok:
		if n, ok := v.(int64); ok && k == record.Int32 {
			return int32(n)
		}
		return v
	case k == record.Text:
		return []byte(s)
	case k == record.Key:
		return []byte(key(s))
	case k == record.Prefix:
		return []byte(start(s))
	}
	return s
}

// columnTypes are those of this store's columns, for arrays of keys.
var columnTypes = map[record.Kind]string{record.Int: "bigint", record.Int32: "integer", record.Text: "bytea", record.Key: "bytea"}

// compare reads a table back and compares it row by row with where it came from.
func (i *importer) compare(ctx context.Context, t record.Table) error {
	columns, keys, arrays := make([]string, len(t.Columns)), make([]string, t.Keys), make([]string, t.Keys)
	for n, c := range t.Columns {
		columns[n] = "x." + c.Name
	}
	for n := range keys {
		keys[n] = t.Columns[n].Name
		arrays[n] = fmt.Sprintf("$%d::%s[]", n+1, columnTypes[t.Columns[n].Kind])
	}
	// In the order in which the keys are given.
	query := fmt.Sprintf(`SELECT %s FROM unnest(%s) WITH ORDINALITY AS k (%s, place) JOIN %s x USING (%s) ORDER BY k.place`,
		strings.Join(columns, ", "), strings.Join(arrays, ", "), strings.Join(keys, ", "), t.Name, strings.Join(keys, ", "))
	var compared int64
	err := i.each(ctx, t, func(want [][]any) error {
		got, err := i.read(ctx, query, t, want)
		if err != nil {
			return err
		}
		if len(got) != len(want) {
			return i.differs(t, "%d rows of %d are there", len(got), len(want))
		}
		for n := range want {
			for c := range want[n] {
				if !sameValue(want[n][c], got[n][c]) {
					return i.differs(t, "%s of the row %v is not what it was", t.Columns[c].Name, want[n][:t.Keys])
				}
			}
		}
		compared += int64(len(want))
		i.progress(t.Name, true, len(want))
		return nil
	})
	if err != nil {
		return err
	}
	var have int64
	if err := i.tx.QueryRow(ctx, "SELECT count(*) FROM "+t.Name).Scan(&have); err != nil {
		return err
	}
	if have != compared {
		return i.differs(t, "there are %d rows, and %d were compared", have, compared)
	}
	return nil
}

func (i *importer) differs(t record.Table, what string, args ...any) error {
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
		Message: fmt.Sprintf("%s did not come over to the database %q as it was: %s", t.Name, i.name, fmt.Sprintf(what, args...))}
}

// read reads the rows with the keys of some others.
func (i *importer) read(ctx context.Context, query string, t record.Table, like [][]any) ([][]any, error) {
	args := make([]any, t.Keys)
	for n := range args {
		switch t.Columns[n].Kind {
		case record.Int:
			args[n] = keysOf[int64](like, n)
		default:
			args[n] = keysOf[[]byte](like, n)
		}
	}
	rows, err := i.tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
}

func keysOf[T any](rows [][]any, column int) []T {
	all := make([]T, len(rows))
	for n := range rows {
		all[n], _ = rows[n][column].(T) // another type is no key of the table, and its row will differ
	}
	return all
}

func sameValue(a, b any) bool {
	x, ok := a.([]byte)
	if !ok {
		return a == b
	}
	y, ok := b.([]byte)
	return ok && bytes.Equal(x, y)
}
