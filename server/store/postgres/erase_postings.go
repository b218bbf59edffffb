package postgres

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/postings"
)

const (
	lockCompaction = `SELECT document FROM compaction WHERE shard = 0 FOR UPDATE`
	listsOf        = `SELECT p.term, p.block, p.blob FROM postings p
	JOIN unnest($1::bigint[], $2::bigint[]) AS k (term, block) ON p.term = k.term AND p.block = k.block WHERE p.shard = 0`
	rewriteLists = `UPDATE postings SET highest = r.highest, blob = r.blob
	FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bytea[]) AS r (term, block, highest, blob)
	WHERE postings.shard = 0 AND postings.term = r.term AND postings.block = r.block`
	dropLists = `DELETE FROM postings USING unnest($1::bigint[], $2::bigint[]) AS r (term, block)
	WHERE postings.shard = 0 AND postings.term = r.term AND postings.block = r.block`
)

// eraseLists is how many posting lists are read and written at once: one of a
// common term is some 200 kB long.
const eraseLists = 128

type storedList struct {
	key  listKey
	blob []byte
}

func scanList(row pgx.Row) (l storedList, err error) {
	err = row.Scan(&l.key.term, &l.key.block, &l.blob)
	return l, err
}

// dropPostings takes the claims of an entry out of the lists of their terms. The
// row of the compaction is locked, so nobody appends meanwhile.
func (t *tx) dropPostings(gone claims.Entry) error {
	slots := make(map[int64]map[uint16]bool) // by block
	lists := make(map[listKey][]postings.Posting)
	for _, v := range gone.Vectors {
		block := v.Claim / t.w.block
		if slots[block] == nil {
			slots[block] = make(map[uint16]bool)
		}
		slots[block][uint16(v.Claim%t.w.block)] = true
		addLists(lists, v, t.w.block)
	}
	order := make([]listKey, 0, len(lists))
	for k := range lists {
		order = append(order, k)
	}
	slices.SortFunc(order, func(a, b listKey) int { return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.block, b.block)) })
	for part := range slices.Chunk(order, eraseLists) {
		terms, blocks := make([]int64, len(part)), make([]int64, len(part))
		for i, k := range part {
			terms[i], blocks[i] = k.term, k.block
		}
		found, err := rows(t, scanList, listsOf, terms, blocks)
		if err != nil {
			return err
		}
		if err := t.rewriteLists(found, slots); err != nil {
			return err
		}
	}
	return nil
}

// rewriteLists stores lists without the slots of their blocks that are gone.
func (t *tx) rewriteLists(found []storedList, gone map[int64]map[uint16]bool) error {
	var terms, blocks, emptyTerms, emptyBlocks []int64
	var highest []int32
	var blobs [][]byte
	for _, l := range found {
		rest, most, err := postings.Without(l.blob, func(slot uint16) bool { return gone[l.key.block][slot] })
		switch {
		case err != nil:
			return t.fail(err)
		case rest == nil:
			emptyTerms, emptyBlocks = append(emptyTerms, l.key.term), append(emptyBlocks, l.key.block)
		default:
			terms, blocks = append(terms, l.key.term), append(blocks, l.key.block)
			highest, blobs = append(highest, int32(most)), append(blobs, rest)
		}
	}
	b := t.writing()
	b.Queue(rewriteLists, terms, blocks, highest, blobs)
	b.Queue(dropLists, emptyTerms, emptyBlocks)
	return t.write(b)
}
