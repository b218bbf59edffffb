package postgres

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/postings"
)

const (
	// headersOf reads how long the lists of terms are and the most they can add,
	// without the lists.
	headersOf = `SELECT term, block, highest, octet_length(blob) FROM postings WHERE shard = 0 AND term = ANY($1::bigint[])`
	someLists = `SELECT block, blob FROM postings WHERE shard = 0 AND term = ANY($1::bigint[]) AND block = ANY($2::bigint[]) ORDER BY block`
)

// search is one search in the posting lists. It reads the lists of a query's terms
// by falling impact, and no more of them than it must (MaxScore: Turtle and Flood,
// 1995): once the terms that are left cannot lift a claim into the result that has
// none of those read, only the blocks matter in which a claim met so far may be
// among the best, and the long lists of common terms stay where they are in all
// others.
type search struct {
	size   int64    // claims of a block
	terms  []weight // by falling impact
	blocks map[int64]*block
}

// weight is what a term can add to a score, at most, and the bytes of its lists.
type weight struct {
	term    int64
	highest uint32
	bytes   int
}

// block is what is known of one range of claims.
type block struct {
	highest map[int64]uint32 // of each term that has a list here
	slots   []uint16         // of the claims met so far, each once
	sums    []uint32         // of what was read of them
}

type header struct {
	term, block int64
	highest     uint32
	bytes       int
}

func scanHeader(row pgx.CollectableRow) (h header, err error) {
	err = row.Scan(&h.term, &h.block, &h.highest, &h.bytes)
	return h, err
}

func newSearch(size int64, headers []header) *search {
	s := &search{size: size, blocks: make(map[int64]*block)}
	at := make(map[int64]int)
	for _, h := range headers {
		b := s.blocks[h.block]
		if b == nil {
			b = &block{highest: make(map[int64]uint32)}
			s.blocks[h.block] = b
		}
		b.highest[h.term] = h.highest
		i, ok := at[h.term]
		if !ok {
			i = len(s.terms)
			at[h.term] = i
			s.terms = append(s.terms, weight{term: h.term})
		}
		w := &s.terms[i]
		w.highest, w.bytes = max(w.highest, h.highest), w.bytes+h.bytes
	}
	slices.SortFunc(s.terms, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.highest, a.highest), cmp.Compare(a.bytes, b.bytes), cmp.Compare(a.term, b.term))
	})
	return s
}

// Of the terms, those are read first that make up this share of what all can add,
// which the best claims mostly reach, and those that cost little.
const (
	firstShare = 0.6
	firstBytes = 16 << 10
)

// run reads what it must and offers every claim that could be among the best.
func (s *search) run(ctx context.Context, conn *pgx.Conn, best *best) error {
	first, bytes := 0, 0
	for first < len(s.terms) && (float64(s.rest(first)) > (1-firstShare)*float64(s.rest(0)) || bytes+s.terms[first].bytes <= firstBytes) {
		bytes += s.terms[first].bytes
		first++
	}
	if err := s.read(ctx, conn, s.terms[:first], s.all(), false); err != nil {
		return err
	}
	taken, need := first, s.need(best)
	for taken < len(s.terms) && s.rest(taken) >= need {
		taken++
	}
	if taken > first {
		if err := s.read(ctx, conn, s.terms[first:taken], s.all(), false); err != nil {
			return err
		}
		need = s.need(best)
	}
	if left := s.terms[taken:]; len(left) > 0 {
		if err := s.read(ctx, conn, left, s.hopeful(left, need), true); err != nil {
			return err
		}
	}
	for number, b := range s.blocks {
		for i, slot := range b.slots {
			best.offer(claims.Hit{Claim: number*s.size + int64(slot), Score: b.sums[i]})
		}
	}
	return nil
}

// rest is the most that the terms from one on can add.
func (s *search) rest(from int) (sum uint32) {
	for _, w := range s.terms[from:] {
		sum += w.highest
	}
	return sum
}

// all are the numbers of all blocks.
func (s *search) all() []int64 {
	out := make([]int64, 0, len(s.blocks))
	for number := range s.blocks {
		out = append(out, number)
	}
	return out
}

// need is a score below which no claim can be among the best: so many have more
// already.
func (s *search) need(found *best) uint32 {
	b := best{k: found.k, hits: slices.Clone(found.hits), need: found.need}
	for _, x := range s.blocks {
		for _, sum := range x.sums {
			b.offer(claims.Hit{Score: sum})
		}
	}
	b.cut()
	return max(b.need, 1)
}

// hopeful are the blocks in which a claim may reach a score with what is left.
func (s *search) hopeful(left []weight, need uint32) (out []int64) {
	for number, b := range s.blocks {
		var rest uint32
		for _, w := range left {
			rest += b.highest[w.term]
		}
		if rest > 0 && slices.ContainsFunc(b.sums, func(sum uint32) bool { return sum+rest >= need }) {
			out = append(out, number)
		}
	}
	return out
}

// adder holds what reading needs; its sums are all 0 between blocks.
type adder struct {
	sums     [postings.BlockSize]uint32
	postings []postings.Posting
}

var adders = sync.Pool{New: func() any { return new(adder) }}

// read adds the lists of terms in blocks to the sums; known says that claims not
// met before do not matter.
func (s *search) read(ctx context.Context, conn *pgx.Conn, terms []weight, blocks []int64, known bool) error {
	if len(terms) == 0 || len(blocks) == 0 {
		return nil
	}
	numbers := make([]int64, len(terms))
	for i, w := range terms {
		numbers[i] = w.term
	}
	slices.Sort(numbers)
	slices.Sort(blocks)
	rows, err := conn.Query(ctx, someLists, numbers, blocks)
	if err != nil {
		return err
	}
	defer rows.Close()
	a, _ := adders.Get().(*adder) // the pool holds nothing else
	defer adders.Put(a)
	at := int64(-1)
	for rows.Next() {
		var number int64
		var blob []byte
		if err := rows.Scan(&number, &blob); err != nil {
			a.close(s.blocks[at], known)
			return err
		}
		if number != at {
			a.close(s.blocks[at], known)
			a.open(s.blocks[number])
			at = number
		}
		if err := a.add(blob); err != nil {
			a.close(s.blocks[at], known)
			return err
		}
	}
	a.close(s.blocks[at], known)
	return rows.Err()
}

// open begins with the sums of a block, as far as they are known.
func (a *adder) open(b *block) {
	a.postings = a.postings[:0]
	for i, slot := range b.slots {
		a.sums[slot] = b.sums[i]
	}
}

// add adds a list.
func (a *adder) add(blob []byte) (err error) {
	from := len(a.postings)
	if a.postings, err = postings.Decode(a.postings, blob); err != nil {
		a.postings = a.postings[:from]
		return err
	}
	for _, p := range a.postings[from:] {
		a.sums[p.Slot] += uint32(p.Impact)
	}
	return nil
}

// close puts the sums into the block and leaves none behind.
func (a *adder) close(b *block, known bool) {
	if b == nil {
		return
	}
	for i, slot := range b.slots {
		b.sums[i] = a.sums[slot]
		a.sums[slot] = 0
	}
	for _, p := range a.postings {
		if sum := a.sums[p.Slot]; sum > 0 && !known {
			b.slots, b.sums = append(b.slots, p.Slot), append(b.sums, sum)
		}
		a.sums[p.Slot] = 0
	}
}
