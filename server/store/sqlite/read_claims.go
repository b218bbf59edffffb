package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/block"
	"github.com/secondsource/secondsource/server/store/record"
)

// blockRow is the claims of one document as they are stored.
type blockRow struct {
	first    int64 // Seq of the first one
	document string
	count    int
	body     []byte
}

// selectBlocks is scanned by scanBlock; "b" is the table, "d" its document.
const selectBlocks = `SELECT b.first, d.id, b.claims, b.body FROM claim_blocks b CROSS JOIN documents d ON d.seq = b.document`

func scanBlock(row scanner) (b blockRow, err error) {
	err = row.Scan(&b.first, &b.document, &b.count, &b.body)
	return b, err
}

// part is the part of the blocks in which the one with the first claim lies: some
// fifty documents. It is what asserters are filed by.
func part(first int64) int64 { return first >> partBits }

const partBits = 9

// open reads the outlines of a block. Errors name the claims that it has.
func (b *blockRow) open() (block.Block, error) {
	k, err := block.Parse(b.body)
	if err == nil && k.Len() != b.count {
		err = &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt, Message: fmt.Sprintf("it has %d claims and counts %d", k.Len(), b.count)}
	}
	return k, b.failed(err)
}

func (b *blockRow) failed(err error) error {
	if err == nil {
		return nil
	}
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt, Message: fmt.Sprintf("what is stored of the claims of %q cannot be read", "documents/"+b.document), Err: err}
}

// claim reads one of them, the first being number 0.
func (b *blockRow) claim(k *block.Block, i int) (claims.Claim, error) {
	c, err := k.Claim(i)
	c.Document, c.Seq = b.document, b.first+int64(i)
	return c, b.failed(err)
}

// claims reads all of them.
func (b *blockRow) claims() ([]claims.Claim, error) {
	k, err := b.open()
	if err != nil {
		return nil, err
	}
	cs := make([]claims.Claim, b.count)
	for i := range cs {
		if cs[i], err = b.claim(&k, i); err != nil {
			return nil, err
		}
	}
	return cs, nil
}

// asserters are the keys under which claims of the block are filed.
func (b *blockRow) asserters() (map[string]bool, error) {
	k, err := b.open()
	if err != nil {
		return nil, err
	}
	keys := make(map[string]bool)
	var last claims.Hop
	for i := range b.count {
		var by claims.Hop
		if _, by.Name, by.Handle, err = k.About(i); err != nil {
			return nil, b.failed(err)
		}
		if i > 0 && by.Name == last.Name && by.Handle == last.Handle {
			continue
		}
		last = by
		for _, key := range record.AsserterKeys(by) {
			keys[key] = true
		}
	}
	return keys, nil
}

const (
	blockOfDocument = selectBlocks + ` WHERE b.first = (SELECT first_claim FROM documents WHERE id = ?)`
	blocksBySeq     = selectBlocks + ` WHERE b.first IN (SELECT (SELECT max(first) FROM claim_blocks WHERE first <= json_each.value) FROM json_each(?)) ORDER BY b.first`
	// blocksFrom begins with the block that has the claim.
	blocksFrom = selectBlocks + ` WHERE b.first >= coalesce((SELECT max(first) FROM claim_blocks WHERE first <= ?), 0)`
	// partsOf are the parts in which any of some keys asserts something, and at last
	// the one from which on nothing is filed yet.
	partsOf = `SELECT DISTINCT a.part FROM asserted a WHERE a.asserter IN (SELECT num FROM sources WHERE id IN (SELECT value FROM json_each(?))
	UNION ALL SELECT -id FROM asserters WHERE key IN (SELECT value FROM json_each(?)))
	AND a.part >= (SELECT coalesce(max(first), 0) >> ? FROM claim_blocks WHERE first <= ?)
	UNION ALL SELECT part FROM folded ORDER BY 1`
)

// oneClaim finds a claim in its document's block, if that has it.
func oneClaim(blocks []blockRow, document string, index int) (claims.Claim, error) {
	if len(blocks) == 0 || index < 1 || index > blocks[0].count {
		return claims.Claim{}, claims.NotFound(claims.ReasonClaimNotFound, fmt.Sprintf("documents/%s/claims/%d", document, index))
	}
	k, err := blocks[0].open()
	if err != nil {
		return claims.Claim{}, err
	}
	return blocks[0].claim(&k, index-1)
}

// Claim implements claims.Store.
func (s *Store) Claim(ctx context.Context, document string, index int) (claims.Claim, error) {
	blocks, err := readAll(ctx, s, scanBlock, query{blockOfDocument, []any{document}})
	if err != nil {
		return claims.Claim{}, err
	}
	return oneClaim(blocks, document, index)
}

// Claims implements claims.Store.
func (s *Store) Claims(ctx context.Context, f claims.ClaimFilter, p claims.Page) ([]claims.Claim, error) {
	if err := record.CheckPage(p); err != nil {
		return nil, err
	}
	l := &listing{
		blocks: func(q query) ([]blockRow, error) { return readAll(ctx, s, scanBlock, q) },
		parts:  func(q query) ([]int64, error) { return readAll(ctx, s, scanInt, q) },
		filter: f, after: p.After.Key, most: p.Size,
	}
	return l.read()
}

// listing reads claims block by block and leaves out those that are not asked for.
type listing struct {
	blocks func(query) ([]blockRow, error)
	parts  func(query) ([]int64, error)
	filter claims.ClaimFilter
	after  int64 // Seq
	most   int   // claims
	found  []claims.Claim
	wanted map[string]bool // names and handles, whether their keys are asked for
}

// read goes by the narrowest filter there is: a document's claims, an asserter's,
// those of the documents published from an instant on, or all in order of seq,
// which is roughly that of publication.
func (l *listing) read() ([]claims.Claim, error) {
	switch {
	case l.filter.Document != "":
		_, err := l.take(query{blockOfDocument, []any{l.filter.Document}})
		return l.found, err
	case len(l.filter.Asserter) > 0:
		parts, err := l.parts(partsQuery(l.filter.Asserter, l.after))
		for err == nil && len(parts) > 0 && len(l.found) < l.most {
			if p := parts[0]; len(parts) > 1 {
				_, err = l.take(blocksQuery(l.filter, l.after, p<<partBits, (p+1)<<partBits, math.MaxInt64))
			} else {
				err = l.through(p<<partBits, mostAtOnce)
			}
			parts = parts[1:]
		}
		return l.found, err
	}
	// Each block has a claim at least, and mostly one that is asked for.
	return l.found, l.through(0, l.most+1)
}

// mostAtOnce is how many blocks are read at a time when few have what is asked for.
const mostAtOnce = 200

// through looks through all blocks whose first claim is numbered from on, some at a
// time.
func (l *listing) through(from int64, some int) error {
	for {
		blocks, err := l.take(blocksQuery(l.filter, l.after, from, math.MaxInt64, some))
		if err != nil || len(blocks) < some || len(l.found) == l.most {
			return err
		}
		// Where the next one was erased, the block before it is read once more.
		last := &blocks[len(blocks)-1]
		l.after = max(l.after, last.first+int64(last.count)-1)
	}
}

// take reads the blocks of a query and takes from them what is asked for.
func (l *listing) take(q query) ([]blockRow, error) {
	blocks, err := l.blocks(q)
	for i := range blocks {
		if err == nil && len(l.found) < l.most {
			err = l.pick(&blocks[i])
		}
	}
	return blocks, err
}

func (l *listing) pick(b *blockRow) error {
	k, err := b.open()
	if err != nil {
		return err
	}
	for i := range b.count {
		if len(l.found) == l.most {
			return nil
		}
		if b.first+int64(i) <= l.after {
			continue
		}
		kind, name, handle, err := k.About(i)
		if err != nil {
			return b.failed(err)
		}
		if l.filter.Kind != "" && kind != l.filter.Kind || len(l.filter.Asserter) > 0 && !l.wants(name) && !l.wants(handle) {
			continue
		}
		c, err := b.claim(&k, i)
		if err != nil {
			return err
		}
		l.found = append(l.found, c)
	}
	return nil
}

// wants tells whether a name has one of the keys that are asked for.
func (l *listing) wants(name string) bool {
	if name == "" {
		return false
	}
	wanted, known := l.wanted[name]
	if !known {
		key := claims.NameKey(name)
		wanted = key != "" && slices.Contains(l.filter.Asserter, key)
		if l.wanted == nil || len(l.wanted) >= maxKnown {
			l.wanted = make(map[string]bool)
		}
		l.wanted[strings.Clone(name)] = wanted
	}
	return wanted
}

func partsQuery(keys []string, after int64) query {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = record.DerivedID(key)
	}
	return query{partsOf, []any{list(ids), list(keys), partBits, after + 1}}
}

// blocksQuery reads blocks with claims after one, of which the first is numbered
// [from, to).
func blocksQuery(f claims.ClaimFilter, after, from, to int64, most int) query {
	w := where{args: []any{after + 1}}
	w.and("b.first < ?", to)
	if from > 0 {
		w.and("b.first >= ?", from)
	}
	switch {
	case !f.From.IsZero() && len(f.Asserter) == 0:
		before := int64(math.MaxInt64)
		if !f.To.IsZero() {
			before = record.Micros(f.To)
		}
		w.and("b.first IN (SELECT first_claim FROM documents WHERE published_at >= ? AND published_at < ?)", record.Micros(f.From), before)
		f.From, f.To = time.Time{}, time.Time{}
	case !f.From.IsZero():
		w.and("b.published_at >= ?", record.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.and("b.published_at < ?", record.Micros(f.To))
	}
	return query{blocksFrom + " AND " + strings.Join(w.conds, " AND ") + " ORDER BY b.first LIMIT ?", append(w.args, most)}
}

// ClaimsBySeq implements claims.Store.
func (s *Store) ClaimsBySeq(ctx context.Context, seqs []int64) ([]claims.Claim, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	seqs = slices.Compact(slices.Sorted(slices.Values(seqs)))
	all, missing, state := s.kept.find(seqs)
	if len(missing) == 0 {
		return all, nil
	}
	blocks, err := readAll(ctx, s, scanBlock, query{blocksBySeq, []any{list(missing)}})
	if err != nil {
		return nil, err
	}
	read := make([]claims.Claim, 0, len(missing))
	for i := range blocks {
		b := &blocks[i]
		from, _ := slices.BinarySearch(missing, b.first)
		to, _ := slices.BinarySearch(missing, b.first+int64(b.count))
		if from == to {
			continue // those before it were erased
		}
		k, err := b.open()
		for _, seq := range missing[from:to] {
			if err != nil {
				return nil, err
			}
			var c claims.Claim
			if c, err = b.claim(&k, int(seq-b.first)); err == nil {
				read = append(read, c)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	s.kept.put(read, state)
	if all = append(all, read...); len(all) > len(read) {
		slices.SortFunc(all, func(a, b claims.Claim) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	return all, nil
}
