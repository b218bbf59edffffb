package sqlite

import (
	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// claimsOf are the claims of a document.
func (t *tx) claimsOf(document string) ([]claims.Claim, error) {
	blocks, err := rows(t, scanBlock, blockOfDocument, document)
	if err != nil || len(blocks) == 0 {
		return nil, err
	}
	cs, err := blocks[0].claims()
	if err != nil {
		return nil, t.fail(err)
	}
	return cs, nil
}

// claimsBy are the first claims that somebody asserts.
func (t *tx) claimsBy(key string, most int) ([]claims.Claim, error) {
	l := &listing{
		blocks: func(q query) ([]blockRow, error) { return rows(t, scanBlock, q.text, q.args...) },
		parts:  func(q query) ([]int64, error) { return rows(t, scanInt, q.text, q.args...) },
		filter: claims.ClaimFilter{Asserter: []string{key}}, most: most,
	}
	found, err := l.read()
	if err != nil {
		return nil, t.fail(err)
	}
	return found, nil
}

const (
	asserterNums   = `SELECT num FROM sources WHERE id = ? UNION ALL SELECT -id FROM asserters WHERE key = ?`
	unfileAsserter = `DELETE FROM asserted WHERE asserter = ? AND part = ?`
	forgetAsserter = `DELETE FROM asserters WHERE key = ? AND NOT EXISTS (SELECT 1 FROM asserted WHERE asserter = -id)`
)

// dropClaims removes a block of claims, and their asserters from the part in which
// it lies where no other block there has them.
func (t *tx) dropClaims(first int64, cs []claims.Claim) error {
	if len(cs) == 0 {
		return nil
	}
	if err := t.exec(dropBlock, first); err != nil {
		return err
	}
	gone := make(map[string]bool)
	for i := range cs {
		for _, key := range record.AsserterKeys(cs[i].Attribution.Asserter()) {
			gone[key] = true
		}
	}
	p := part(first)
	beside, err := rows(t, scanBlock, blocksBetween, p<<partBits, (p+1)<<partBits)
	if err != nil {
		return err
	}
	for i := range beside {
		keys, err := beside[i].asserters()
		if err != nil {
			return t.fail(err)
		}
		for key := range keys {
			delete(gone, key)
		}
	}
	for key := range gone {
		nums, err := rows(t, scanInt, asserterNums, record.DerivedID(key), key)
		if err != nil {
			return err
		}
		for _, num := range nums {
			if err := t.exec(unfileAsserter, num, p); err != nil {
				return err
			}
		}
		if err := t.exec(forgetAsserter, key); err != nil {
			return err
		}
	}
	return nil
}

const (
	unmetNum     = `SELECT num FROM sources WHERE id = ? AND registered = 0 AND mentions = 0 AND EXISTS (SELECT 1 FROM asserted WHERE asserter = num)`
	moveAsserted = `UPDATE OR REPLACE asserted SET asserter = ? WHERE asserter = ?`
)

// renumber files what is left under the number of a source that goes: claims by
// somebody whom their document does not name as a source of its own.
func (t *tx) renumber(m *record.Met) error {
	var old, number int64
	ok, err := t.row(func(row scanner) error { return row.Scan(&old) }, unmetNum, m.ID)
	if err != nil || !ok {
		return err
	}
	scan := func(row scanner) error { return row.Scan(&number) }
	if ok, err = t.row(scan, asserterID, m.Key); err == nil && !ok {
		_, err = t.inserted(scan, insertAsserter, m.Key)
	}
	if err != nil {
		return err
	}
	return t.exec(moveAsserted, number, old)
}

const (
	uncountName   = `UPDATE sources SET mentions = max(0, mentions - ?) WHERE id = ?`
	dropUnmetBy   = `DELETE FROM source_names WHERE source IN (SELECT id FROM sources WHERE id = ? AND registered = 0 AND mentions = 0)`
	dropUnmet     = `DELETE FROM sources WHERE id = ? AND registered = 0 AND mentions = 0`
	toldBody      = `SELECT 1 FROM sources WHERE id = ? AND registered = 0 AND body = ?`
	rewriteSource = `UPDATE sources SET body = ? WHERE id = ?`
)

// uncountNames takes back what countNames counted. The claims are gone already.
func (t *tx) uncountNames(cs []claims.Claim) error {
	names, err := record.NamesMet(cs)
	if err != nil {
		return t.fail(err)
	}
	for i := range names {
		m := &names[i]
		if err := t.exec(uncountName, m.Mentions, m.ID); err != nil {
			return err
		}
		if err := t.renumber(m); err != nil {
			return err
		}
		if err := t.exec(dropUnmetBy, m.ID); err != nil {
			return err
		}
		if err := t.exec(dropUnmet, m.ID); err != nil {
			return err
		}
		if m.Body == record.NoBody {
			continue
		}
		if err := t.retell(m); err != nil {
			return err
		}
	}
	return nil
}

// retell lets a derived source keep the handle that the document told only when
// a claim that is left tells it too.
func (t *tx) retell(m *record.Met) error {
	ok, err := t.row(func(row scanner) error { return row.Scan(new(int64)) }, toldBody, m.ID, m.Body)
	if err != nil || !ok {
		return err
	}
	left, err := t.claimsBy(m.Key, record.MostLeft)
	if err != nil {
		return err
	}
	body, handle, err := record.Known(m.Key, left)
	if err != nil {
		return t.fail(err)
	}
	if err := t.exec(rewriteSource, body, m.ID); err != nil {
		return err
	}
	if err := t.exec(dropNames, m.ID); err != nil {
		return err
	}
	if handle == "" {
		return nil
	}
	return t.exec(insertName, handle, m.ID, record.DerivedID(handle))
}
