package sqlite

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// foldEvery is how many documents may come before what was put off for them is
// written: their mentions into the rows of sources; their identities, publishers and
// asserters into the indexes. Each lies on a page of its own; written together, in order,
// they share them. It bounds what is kept in memory, what a start counts again, and
// what listings by publisher look through.
const foldEvery = 2048

var (
	// foldArrivals moves what has arrived into the indexes.
	foldArrivals = []string{
		`INSERT INTO identities (prefix, document) SELECT prefix, document FROM arrivals ORDER BY prefix, document`,
		`INSERT INTO publishers (publisher_fold, published_at, id, document) SELECT publisher_fold, published_at, id, document FROM arrivals
	ORDER BY publisher_fold, published_at, id`,
		`DELETE FROM arrivals`,
	}
	listNames = `UPDATE sources SET listed = 1 WHERE listed = 0`
	addCount  = `UPDATE sources SET mentions = mentions + ? WHERE num = ?`
	markCount = `UPDATE folded SET document = ?, part = ?`
)

const (
	insertArrivals = `INSERT INTO arrivals (document, prefix, publisher_fold, published_at, id) VALUES `
	insertAsserted = `INSERT OR IGNORE INTO asserted (asserter, part) VALUES `
)

// flush writes the rows that the open transaction put off.
func (w *writer) flush() error {
	err := w.insert(insertArrivals, 5, w.open.arrivals)
	w.open.arrivals = w.open.arrivals[:0]
	return err
}

// fold writes what was put off for some thousand documents. What was put off by the
// open transaction is flushed before.
func (t *tx) fold() error {
	for _, text := range append(foldArrivals, listNames) {
		if err := t.exec(text); err != nil {
			return err
		}
	}
	w := t.w
	var late map[int64]int64
	if !w.open.folded {
		late = maps.Clone(w.counts.mentions) // only this goroutine writes it
	}
	late = sum(late, w.open.counts[w.open.foldedUntil:])
	for _, num := range slices.Sorted(maps.Keys(late)) {
		if err := t.exec(addCount, late[num], num); err != nil {
			return err
		}
	}
	filed, err := t.fileParts()
	if err != nil {
		return err
	}
	w.open.folded, w.open.foldedUntil, w.open.foldedTo, w.open.filed = true, len(w.open.counts), w.open.doc, filed
	return t.exec(markCount, w.open.doc, filed)
}

// asserted are pairs of an asserter and a part of the blocks; nil is not known.
type asserted map[[2]int64]struct{}

func (a asserted) add(asserter, part int64) {
	if a != nil {
		a[[2]int64{asserter, part}] = struct{}{}
	}
}

const filedUpTo = `SELECT part FROM folded`

// fileParts files the asserters of the parts that no block will be added to any
// more, and returns the first one that is not filed. Readers look through the blocks
// from there on.
func (t *tx) fileParts() (upTo int64, err error) {
	var from int64
	if _, err := t.row(func(row scanner) error { return row.Scan(&from) }, filedUpTo); err != nil {
		return 0, err
	}
	upTo = max(from, part(t.w.open.claim+1))
	if t.w.asserted == nil {
		if err := t.lookThrough(from, upTo); err != nil {
			return 0, err
		}
	}
	var values []any
	for _, pair := range slices.SortedFunc(maps.Keys(t.w.asserted), func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) }) {
		if pair[1] >= from && pair[1] < upTo {
			values = append(values, pair[0], pair[1])
		}
	}
	if err := t.w.insert(insertAsserted, 2, values); err != nil {
		return 0, t.fail(err)
	}
	return upTo, nil
}

const blocksBetween = selectBlocks + ` WHERE b.first >= ? AND b.first < ? ORDER BY b.first`

// lookThrough reads from the blocks who asserts something in them: after a start, and
// when what was known may not hold.
func (t *tx) lookThrough(from, upTo int64) error {
	t.w.asserted = make(asserted)
	for p := from; p <= upTo; p++ { // and those of the part that is being written
		blocks, err := rows(t, scanBlock, blocksBetween, p<<partBits, (p+1)<<partBits)
		if err != nil {
			return err
		}
		for i := range blocks {
			keys, err := blocks[i].asserters()
			if claims.CodeOf(err) == claims.CodeCorrupt {
				continue // whoever reads its claims will be told
			}
			for key := range keys {
				number, err := t.asserter(key)
				if err != nil {
					return err
				}
				t.w.asserted.add(number, p)
			}
		}
	}
	return nil
}

// commit makes the transaction durable and its counts known.
func (w *writer) commit() error {
	late := w.open.counts[w.open.foldedUntil:]
	if w.open.folded {
		// No reader may see the rows with these counts and add them once more.
		w.counts.mu.Lock()
		defer w.counts.mu.Unlock()
	}
	if err := w.exec("COMMIT"); err != nil {
		return err
	}
	if w.open.folded {
		w.counted = w.open.foldedTo
		w.counts.mentions = sum(nil, late)
		w.arrived.forget(w.counted)
		w.asserted.forget(w.open.filed)
		return nil
	}
	if len(late) > 0 {
		w.counts.mu.Lock()
		defer w.counts.mu.Unlock()
		w.counts.mentions = sum(w.counts.mentions, late)
	}
	return nil
}

// settle leaves nothing to be folded by the next start. When it cannot, that one
// does.
func (w *writer) settle() {
	if w.counted == w.open.doc || w.Begin() != nil {
		return
	}
	if err := (&tx{w: w}).fold(); err != nil {
		w.Rollback()
		return
	}
	_ = w.Commit()
}

func (a asserted) forget(before int64) {
	maps.DeleteFunc(a, func(pair [2]int64, _ struct{}) bool { return pair[1] < before })
}

// arrived are the identities of the documents that the index of identities does not
// have. One that was taken back or erased may stand here: whoever finds a document
// by it looks whether it is that one.
type arrived map[[32]byte]int64

const arrivedIdentities = `SELECT d.seq, d.hash FROM arrivals a CROSS JOIN documents d ON d.seq = a.document`

func readArrived(ctx context.Context, db querier) (arrived, error) {
	all, err := gather(ctx, db, scanIdentified, arrivedIdentities)
	a := make(arrived, len(all))
	for _, d := range all {
		var hash [32]byte
		copy(hash[:], d.hash)
		a[hash] = d.seq
	}
	return a, err
}

func (a arrived) forget(upTo int64) {
	maps.DeleteFunc(a, func(_ [32]byte, seq int64) bool { return seq <= upTo })
}

// prefix is what the index of identities has of a hash.
func prefix(hash []byte) int64 {
	var first [8]byte
	copy(first[:], hash)
	return int64(binary.BigEndian.Uint64(first[:]))
}
