package match

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// windowSize is the most claims a segment holds: their slots have 16 bits, and
// their sums of four bytes stay in a core's second-level cache.
const windowSize = 1 << 16

// indexSegment is a window of claims, in order of Seq, that never changes.
//
// Nearly all claims of a key have it with the same impact or one of a few, so
// postings are kept by key and impact: an entry is a pair of them with the slots
// of its claims, two bytes each.
type indexSegment struct {
	seqs, docs column

	keys    []uint64 // of the entries: mixed, ascending, equal ones by falling impact
	impacts []uint16 // of the entries
	starts  []uint32 // of each entry's slots; one more for the end
	slots   []uint16 // ascending within an entry

	// directory[b] is the first entry whose key's leading bits are b or more;
	// with about two for each b, a lookup reads one line of it and one of keys.
	directory []uint32
	shift     int
}

func (g *indexSegment) len() int { return g.seqs.len() }

// entry returns the slots of an entry.
func (g *indexSegment) entry(i int) []uint16 { return g.slots[g.starts[i]:g.starts[i+1]] }

// mix spreads keys over all 64 bits, so that the directory works for keys that
// are not hashes too. An odd factor maps no two keys to one.
func mix(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// posting is one claim of a key on its way into a segment.
type posting struct {
	key          uint64
	slot, impact uint16
}

// newSegment makes a segment of claims in order of Seq.
func newSegment(vectors []claims.TermVector) *indexSegment {
	seqs, docs := make([]int64, len(vectors)), make([]int64, len(vectors))
	n := 0
	for _, v := range vectors {
		n += len(v.Terms)
	}
	all := make([]posting, 0, n)
	for slot, v := range vectors {
		seqs[slot], docs[slot] = v.Claim, v.Doc
		from := len(all)
		for _, t := range v.Terms {
			if t.Impact > 0 {
				all = append(all, posting{mix(t.Key), uint16(slot), t.Impact})
			}
		}
		all = all[:from+distinct(all[from:])]
	}
	all = sortPostings(all, make([]posting, len(all)))
	b := segmentBuilder{g: &indexSegment{seqs: newColumn(seqs), docs: newColumn(docs), slots: make([]uint16, 0, len(all))}}
	for _, p := range all {
		b.add(p.key, p.impact, p.slot)
	}
	return b.done()
}

// segmentBuilder takes postings in order of key, falling impact, and slot.
type segmentBuilder struct{ g *indexSegment }

func (b segmentBuilder) add(key uint64, impact, slot uint16) {
	g := b.g
	if n := len(g.keys); n == 0 || g.keys[n-1] != key || g.impacts[n-1] != impact {
		g.keys = append(g.keys, key)
		g.impacts = append(g.impacts, impact)
		g.starts = append(g.starts, uint32(len(g.slots)))
	}
	g.slots = append(g.slots, slot)
}

func (b segmentBuilder) done() *indexSegment {
	g := b.g
	g.starts = append(g.starts, uint32(len(g.slots)))
	// What append left over would stay as long as the segment.
	g.keys, g.starts, g.impacts = slices.Clone(g.keys), slices.Clone(g.starts), slices.Clone(g.impacts)
	width := max(1, bits.Len(uint(len(g.keys)))-2)
	g.shift = 64 - width
	g.directory = make([]uint32, 1<<width+1)
	at := 0
	for b := range g.directory {
		for at < len(g.keys) && g.keys[at]>>g.shift < uint64(b) {
			at++
		}
		g.directory[b] = uint32(at)
	}
	return g
}

// find returns the entries of a mixed key: [from, to).
func (g *indexSegment) find(key uint64) (from, to int) {
	b := key >> g.shift
	first, end := int(g.directory[b]), int(g.directory[b+1])
	at, _ := slices.BinarySearch(g.keys[first:end], key)
	from = first + at
	for to = from; to < end && g.keys[to] == key; {
		to++
	}
	return from, to
}

// mergeSegments makes one segment of two, or a full window and one with the
// claims of later Seq that are left. The two share no claim.
func mergeSegments(a, b *indexSegment) []*indexSegment {
	from := [2]*indexSegment{a, b}
	// Where each slot goes: places 0 to windowSize-1 are the first window.
	place := [2][]uint32{make([]uint32, 0, a.len()), make([]uint32, 0, b.len())}
	total := a.len() + b.len()
	seqs, docs := make([]int64, 0, total), make([]int64, 0, total)
	next := [2]int{}
	for len(seqs) < total {
		w := 0
		if next[0] == a.len() || next[1] < b.len() && b.seqs.at(next[1]) < a.seqs.at(next[0]) {
			w = 1
		}
		place[w] = append(place[w], uint32(len(seqs)))
		seqs, docs = append(seqs, from[w].seqs.at(next[w])), append(docs, from[w].docs.at(next[w]))
		next[w]++
	}
	var parts []segmentBuilder
	for at := 0; at < total; at += windowSize {
		end := min(at+windowSize, total)
		parts = append(parts, segmentBuilder{&indexSegment{seqs: newColumn(seqs[at:end]), docs: newColumn(docs[at:end])}})
	}
	if len(parts) == 1 {
		parts[0].g.slots = make([]uint16, 0, len(a.slots)+len(b.slots))
	}
	put := func(key uint64, impact uint16, to uint32) {
		parts[to/windowSize].add(key, impact, uint16(to%windowSize))
	}
	for i, j := 0, 0; i < len(a.keys) || j < len(b.keys); {
		order := -1
		switch {
		case i == len(a.keys):
			order = 1
		case j < len(b.keys):
			order = cmp.Or(cmp.Compare(a.keys[i], b.keys[j]), cmp.Compare(b.impacts[j], a.impacts[i]))
		}
		switch {
		case order < 0:
			for _, slot := range a.entry(i) {
				put(a.keys[i], a.impacts[i], place[0][slot])
			}
			i++
		case order > 0:
			for _, slot := range b.entry(j) {
				put(b.keys[j], b.impacts[j], place[1][slot])
			}
			j++
		default: // an entry of both: in order of place
			sa, sb := a.entry(i), b.entry(j)
			for len(sa) > 0 || len(sb) > 0 {
				if len(sb) == 0 || len(sa) > 0 && place[0][sa[0]] < place[1][sb[0]] {
					put(a.keys[i], a.impacts[i], place[0][sa[0]])
					sa = sa[1:]
				} else {
					put(b.keys[j], b.impacts[j], place[1][sb[0]])
					sb = sb[1:]
				}
			}
			i, j = i+1, j+1
		}
	}
	merged := make([]*indexSegment, len(parts))
	for i, p := range parts {
		if len(parts) > 1 {
			p.g.slots = slices.Clone(p.g.slots)
		}
		merged[i] = p.done()
	}
	return merged
}

// column is a list of numbers as differences from the least, in as few bytes each
// as hold them: seqs of one window follow one another, mostly, and its documents
// lie close together.
type column struct {
	base   int64
	n      int
	tiny   []uint16
	narrow []uint32
	wide   []int64
}

func newColumn(values []int64) column {
	if len(values) == 0 {
		return column{}
	}
	low, high, run := slices.Min(values), slices.Max(values), true
	for i, v := range values {
		run = run && v == low+int64(i)
	}
	c := column{base: low, n: len(values)}
	switch span := uint64(high) - uint64(low); {
	case run:
	case span <= math.MaxUint16:
		c.tiny = make([]uint16, len(values))
		for i, v := range values {
			c.tiny[i] = uint16(v - low)
		}
	case span <= math.MaxUint32:
		c.narrow = make([]uint32, len(values))
		for i, v := range values {
			c.narrow[i] = uint32(v - low)
		}
	default:
		c.wide = slices.Clone(values)
	}
	return c
}

func (c *column) len() int { return c.n }

func (c *column) at(i int) int64 {
	switch {
	case c.tiny != nil:
		return c.base + int64(c.tiny[i])
	case c.narrow != nil:
		return c.base + int64(c.narrow[i])
	case c.wide != nil:
		return c.wide[i]
	}
	return c.base + int64(i)
}
