package sqlite

import (
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// known is what the writer remembers of names, so that it need not look for them
// again: most claims name those that claims shortly before named. It holds for the
// open transaction and those before it; when something is taken back or erased,
// it is forgotten as a whole.
type known struct {
	// sources are those that stand there under their name's key: to be counted is
	// all that is left.
	sources   map[string]knownSource
	asserters map[string]int64 // keys that are no source's -> number
}

type knownSource struct {
	num  int64
	kind bool // whether its kind is told
}

// maxKnown bounds each of the two.
const maxKnown = 1 << 16

func (k *known) forget() { *k = known{} }

func remember[V any](m map[string]V, key string, value V) map[string]V {
	if m == nil || len(m) >= maxKnown {
		m = make(map[string]V)
	}
	m[strings.Clone(key)] = value
	return m
}

const (
	asserterID     = `SELECT -id FROM asserters WHERE key = ?`
	insertAsserter = `INSERT INTO asserters (key) VALUES (?) RETURNING -id`
)

// asserter returns the number under which the claims of a key are filed: that of the
// source of this name, or one of its own where documents name nobody by it.
func (t *tx) asserter(key string) (number int64, err error) {
	if s, ok := t.w.known.sources[key]; ok {
		return s.num, nil
	}
	if n, ok := t.w.known.asserters[key]; ok {
		return n, nil
	}
	scan := func(row scanner) error { return row.Scan(&number) }
	ok, err := t.row(scan, sourceNum, record.DerivedID(key))
	if err == nil && !ok {
		ok, err = t.row(scan, asserterID, key)
	}
	if err == nil && !ok {
		_, err = t.inserted(scan, insertAsserter, key)
	}
	if err == nil {
		t.w.known.asserters = remember(t.w.known.asserters, key, number)
	}
	return number, err
}

// fileAsserters notes who asserts the claims of a block, numbered from first on:
// each once in a part of the blocks. They are filed when the next fold comes.
func (t *tx) fileAsserters(first int64, cs []claims.Claim) error {
	var last claims.Hop
	for i := range cs {
		by := cs[i].Attribution.Asserter()
		if i > 0 && by.Name == last.Name && by.Handle == last.Handle {
			continue
		}
		last = by
		for _, key := range record.AsserterKeys(by) {
			number, err := t.asserter(key)
			if err != nil {
				return err
			}
			t.w.asserted.add(number, part(first))
		}
	}
	return nil
}

// mostRows is how many rows one statement inserts at most; a power of two.
const mostRows = 16

// insert inserts rows of so many columns, many with one statement: 16 rows, then 8
// and so on, so that there are few different statements.
func (w *writer) insert(head string, columns int, values []any) error {
	for rows := mostRows; rows > 0; rows /= 2 {
		for len(values) >= rows*columns {
			if err := w.exec(insertText(head, columns, rows), values[:rows*columns]...); err != nil {
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

// A derived source keeps the first name, and the first kind and handle that a
// hop tells. Once promoted only its hidden count goes on.
const (
	sourceMet    = `SELECT num, registered = 0 AND kind = '' AND ?2 <> '' OR registered = 0 AND body = '{}' AND ?3 <> '{}', kind <> '' FROM sources WHERE id = ?1`
	insertSource = `INSERT INTO sources (id, registered, listed, derived_key, kind, name, name_fold, mentions, created_at, updated_at, revision, body)
	VALUES (?, 0, 0, ?, ?, ?, ?, 0, ?6, ?6, 0, ?7) ON CONFLICT (id) DO NOTHING RETURNING num`
	tellSource  = `UPDATE sources SET kind = iif(kind = '', ?, kind), body = iif(body = '{}', ?, body) WHERE num = ?`
	nameDerived = `INSERT INTO source_names (key, source, derived) SELECT ?, id, ? FROM sources WHERE num = ? AND registered = 0 AND body = ?
	ON CONFLICT DO NOTHING`
)

// countNames counts the names in the claims' hops as derived sources.
func (t *tx) countNames(doc *claims.Document, cs []claims.Claim) error {
	names, err := record.NamesMet(cs)
	if err != nil {
		return t.fail(err)
	}
	at := record.Micros(doc.IngestedAt)
	for i := range names {
		num, err := t.meet(&names[i], at)
		if err != nil {
			return err
		}
		t.w.open.counts = append(t.w.open.counts, count{num, int64(names[i].Mentions)})
	}
	return nil
}

// meet makes sure that there is a source of a name that a document mentions.
func (t *tx) meet(m *record.Met, at int64) (num int64, err error) {
	if s, ok := t.w.known.sources[m.Key]; ok && m.Body == record.NoBody && m.HandleKey == "" && (s.kind || m.Kind == "") {
		return s.num, nil
	}
	var news, kind bool
	inserted, err := t.inserted(func(row scanner) error { return row.Scan(&num) }, insertSource, m.ID, m.Key, m.Kind, m.Name, record.Fold(m.Name), at, m.Body)
	if err == nil && !inserted {
		_, err = t.row(func(row scanner) error { return row.Scan(&num, &news, &kind) }, sourceMet, m.ID, m.Kind, m.Body)
	}
	if err == nil && news {
		err = t.exec(tellSource, m.Kind, m.Body, num)
	}
	if err != nil {
		return 0, err
	}
	t.w.known.sources = remember(t.w.known.sources, m.Key, knownSource{num, kind || m.Kind != ""})
	if m.HandleKey == "" {
		return num, nil
	}
	return num, t.exec(nameDerived, m.HandleKey, record.DerivedID(m.HandleKey), num, m.Body)
}
