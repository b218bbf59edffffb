package sqlite

import (
	"context"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// known is what the writer remembers of names, so that it need not look for them
// again: most claims name those that claims shortly before named. It holds for the
// open transaction and those before it; when something is taken back or erased,
// it is forgotten as a whole.
type known struct {
	asserters map[string]int64 // key -> id
	// met are the ids of derived sources that stand there with their name's key:
	// to be counted is all that is left. True for one whose kind is told.
	met map[string]bool
}

// maxKnown bounds each of the two.
const maxKnown = 1 << 16

func (k *known) forget() { k.asserters, k.met = nil, nil }

func remember[V any](m map[string]V, key string, value V) map[string]V {
	if m == nil || len(m) >= maxKnown {
		m = make(map[string]V)
	}
	m[strings.Clone(key)] = value
	return m
}

const (
	asserterID     = `SELECT id FROM asserters WHERE key = ?`
	insertAsserter = `INSERT INTO asserters (key) VALUES (?) RETURNING id`
	insertAsserted = `INSERT INTO asserted (asserter, claim) VALUES `
	insertClaims   = `INSERT INTO claims (seq, document, idx, kind, modality, published_at, text, body) VALUES `
)

// asserter returns the number under which claims of a key stand.
func (t *tx) asserter(key string) (id int64, err error) {
	if id, ok := t.w.known.asserters[key]; ok {
		return id, nil
	}
	scan := func(row scanner) error { return row.Scan(&id) }
	ok, err := t.row(scan, asserterID, key)
	if err == nil && !ok {
		_, err = t.row(scan, insertAsserter, key)
	}
	if err == nil {
		t.w.known.asserters = remember(t.w.known.asserters, key, id)
	}
	return id, err
}

// putClaims stores the claims of a document, numbered from first on, with the keys
// of their asserters.
func (t *tx) putClaims(doc, first, published int64, cs []claims.Claim, bodies []string) error {
	rows, asserted := make([]any, 0, 8*len(cs)), make([]any, 0, 2*len(cs))
	for i := range cs {
		c := &cs[i]
		n := first + int64(i)
		rows = append(rows, n, doc, c.Index, c.Kind, c.Modality, published, c.Text, bodies[i])
		for _, key := range record.AsserterKeys(c.Attribution.Asserter()) {
			id, err := t.asserter(key)
			if err != nil {
				return err
			}
			asserted = append(asserted, id, n)
		}
	}
	if err := t.insert(insertClaims, 8, rows); err != nil {
		return err
	}
	return t.insert(insertAsserted, 2, asserted)
}

// mostRows is how many rows one statement inserts at most; a power of two.
const mostRows = 16

// insert inserts rows of so many columns, many with one statement: 16 rows, then 8
// and so on, so that there are few different statements.
func (t *tx) insert(head string, columns int, values []any) error {
	for rows := mostRows; rows > 0; rows /= 2 {
		for len(values) >= rows*columns {
			if err := t.exec(insertText(head, columns, rows), values[:rows*columns]...); err != nil {
				return err
			}
			values = values[rows*columns:]
		}
	}
	return nil
}

func insertText(head string, columns, rows int) string {
	row := "(" + strings.Repeat("?, ", columns-1) + "?)"
	return head + strings.Repeat(row+", ", rows-1) + row
}

const countKnown = `UPDATE sources SET mentions = mentions + ? WHERE id = ?`

// countName counts a name that a document mentions as a derived source.
func (t *tx) countName(m *record.Met, at int64) error {
	if kind, ok := t.w.known.met[m.ID]; ok && m.Body == record.NoBody && m.HandleKey == "" && (kind || m.Kind == "") {
		n, err := t.change(countKnown, m.Mentions, m.ID)
		if err != nil || n > 0 {
			return err
		}
	}
	if err := t.exec(countName, m.ID, m.Key, m.Kind, m.Name, record.Fold(m.Name), m.Mentions, at, m.Body); err != nil {
		return err
	}
	if err := t.exec(nameAny, m.Key, m.ID); err != nil {
		return err
	}
	t.w.known.met = remember(t.w.known.met, m.ID, m.Kind != "")
	if m.HandleKey == "" {
		return nil
	}
	return t.exec(nameDerived, m.HandleKey, m.ID, m.Body)
}

// change is exec that says how many rows it changed.
func (t *tx) change(query string, args ...any) (int64, error) {
	stmt, err := t.w.stmt(query)
	if err != nil {
		return 0, t.fail(err)
	}
	done, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, t.fail(err)
	}
	return done.RowsAffected()
}
