package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// Head returns the numbers that the log goes on from.
func (s *Store) Head(ctx context.Context) (h record.Head, err error) {
	if err := s.readRow(ctx, headOfStore, nil, &h.Document, &h.Claim); err != nil {
		return h, err
	}
	if err := s.readRow(ctx, `SELECT coalesce((SELECT max(seq) FROM judgements), 0), coalesce((SELECT max(seq) FROM erasures), 0)`, nil,
		&h.Judgement, &h.Erased); err != nil {
		return h, err
	}
	st, err := s.Stats(ctx)
	h.Documents, h.Claims = st.Documents, st.Claims
	return h, err
}

// Rows counts the rows of a table.
func (s *Store) Rows(ctx context.Context, t record.Table) (n int64, err error) {
	text := "SELECT count(*) FROM " + t.Name
	switch t.Name {
	case "claims":
		text = "SELECT coalesce(sum(claims), 0) FROM claim_blocks"
	case "source_names":
		text = "SELECT count(*) FROM (" + allNames + ")"
	case "claim_asserters":
		err = s.Export(ctx, t, func([]any) error {
			n++
			return nil
		})
		return n, err
	}
	err = s.readRow(ctx, text, nil, &n)
	return n, err
}

// allNames are the names of all sources, those of derived ones among them.
const allNames = `SELECT n.key, n.source FROM source_names n
	UNION SELECT s.derived_key, s.id FROM sources s WHERE s.registered = 0`

// Export calls fn with every row of a table, in order of its keys (asserters in
// that of their claims), and stops at fn's first error. The row is fn's to keep. It
// reads one state of the table.
func (s *Store) Export(ctx context.Context, t record.Table, fn func(row []any) error) (err error) {
	switch t.Name {
	case "claims":
		return s.exportClaims(ctx, claimRows, fn)
	case "claim_asserters":
		return s.exportClaims(ctx, asserterRows, fn)
	case "sources":
		return s.exportSources(ctx, t, fn)
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer s.end()
	found, err := s.reads.QueryContext(ctx, exportQuery(t))
	if err != nil {
		return s.failed(ctx, err)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	row := make([]any, len(t.Columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			return s.failed(ctx, err)
		}
		values, err := s.values(t, row)
		if err != nil {
			return err
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return s.failed(ctx, found.Err())
}

// values are a row as record.Table has it.
func (s *Store) values(t record.Table, row []any) (values []any, err error) {
	values = make([]any, len(t.Columns))
	for i := range values {
		if values[i], err = value(t.Columns[i].Kind, row[i]); err != nil {
			return nil, &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
				Message: fmt.Sprintf("a value of %s.%s in the database %q: %v", t.Name, t.Columns[i].Name, s.path, err)}
		}
	}
	return values, nil
}

// exportColumns are the columns of a table; a Prefix is cut where it goes.
func exportColumns(t record.Table) []string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
		if c.Kind == record.Prefix {
			columns[i] = c.From
		}
	}
	return columns
}

func exportQuery(t record.Table) string {
	from := t.Name
	if from == "source_names" {
		from = "(" + allNames + ")"
	}
	columns := exportColumns(t)
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + from + " ORDER BY " + strings.Join(columns[:t.Keys], ", ")
}

// value is what the driver gives, as a row of record.Table has it.
func value(k record.Kind, v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if k == record.Bool {
			return v != 0, nil
		}
		if k == record.Int || k == record.Int32 {
			return v, nil
		}
	case string:
		if k == record.Word || k == record.Text || k == record.Key || k == record.Prefix {
			return v, nil
		}
	case []byte:
		if k == record.Binary {
			return append([]byte(nil), v...), nil
		}
	}
	return nil, fmt.Errorf("it is a %T", v)
}
