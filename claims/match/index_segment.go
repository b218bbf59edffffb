package match

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// windowSize is the most claims a segment holds: their sums of four bytes stay
// in a core's second-level cache. A power of two, at most 1<<16.
const windowSize = 1 << 15

// posting is one claim of a term: its slot in the segment and the impact.
type posting uint32

func newPosting(slot int, impact uint16) posting { return posting(uint32(slot)<<16 | uint32(impact)) }

func (p posting) slot() uint32   { return uint32(p) >> 16 }
func (p posting) impact() uint32 { return uint32(p) & 0xFFFF }

// indexSegment is a window of claims, in order of Seq, that never changes.
type indexSegment struct {
	seqs, docs column

	keys     []uint64 // mixed, ascending
	starts   []uint32 // of each key's postings; one more for the end
	highest  []uint16 // impact of each key
	postings []posting

	// directory[b] is the first key whose leading bits are b or more; with
	// about two keys for each b, a lookup reads one line of it and one of keys.
	directory []uint32
	shift     int
}

func (g *indexSegment) len() int { return g.seqs.len() }

// mix spreads keys over all 64 bits, so that the directory works for keys that
// are not hashes too. An odd factor maps no two keys to one.
func mix(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// keyed is a posting on its way into a segment.
type keyed struct {
	posting

	key uint64
}

// newSegment makes a segment of claims in order of Seq.
func newSegment(vectors []claims.TermVector) *indexSegment {
	seqs, docs := make([]int64, len(vectors)), make([]int64, len(vectors))
	n := 0
	for _, v := range vectors {
		n += len(v.Terms)
	}
	all := make([]keyed, 0, n)
	for slot, v := range vectors {
		seqs[slot], docs[slot] = v.Claim, v.Doc
		for _, t := range v.Terms {
			if t.Impact > 0 {
				all = append(all, keyed{posting: newPosting(slot, t.Impact), key: mix(t.Key)})
			}
		}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.slot(), b.slot()), cmp.Compare(b.impact(), a.impact()))
	})
	// Of a claim's postings under one key the highest comes first and stays.
	all = slices.CompactFunc(all, func(a, b keyed) bool { return a.key == b.key && a.slot() == b.slot() })
	b := segmentBuilder{g: &indexSegment{seqs: newColumn(seqs), docs: newColumn(docs), postings: make([]posting, 0, len(all))}}
	for _, p := range all {
		b.add(p.key, p.posting)
	}
	return b.done()
}

// segmentBuilder takes postings in order of key and slot.
type segmentBuilder struct{ g *indexSegment }

func (b segmentBuilder) add(key uint64, p posting) {
	g := b.g
	if n := len(g.keys); n == 0 || g.keys[n-1] != key {
		g.keys = append(g.keys, key)
		g.starts = append(g.starts, uint32(len(g.postings)))
		g.highest = append(g.highest, 0)
	}
	last := len(g.highest) - 1
	g.highest[last] = max(g.highest[last], uint16(p.impact()))
	g.postings = append(g.postings, p)
}

func (b segmentBuilder) done() *indexSegment {
	g := b.g
	g.starts = append(g.starts, uint32(len(g.postings)))
	// What append left over would stay as long as the segment.
	g.keys, g.starts, g.highest = slices.Clone(g.keys), slices.Clone(g.starts), slices.Clone(g.highest)
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

// find returns the postings of a mixed key.
func (g *indexSegment) find(key uint64) (termList, bool) {
	b := key >> g.shift
	from, to := g.directory[b], g.directory[b+1]
	at, ok := slices.BinarySearch(g.keys[from:to], key)
	if !ok {
		return termList{}, false
	}
	i := int(from) + at
	return termList{g.postings[g.starts[i]:g.starts[i+1]], uint32(g.highest[i])}, true
}

// mergeSegments makes one segment of two, or a full window and one with the
// claims of later Seq that are left. The two share no claim.
func mergeSegments(a, b *indexSegment) []*indexSegment {
	from := [2]*indexSegment{a, b}
	// Where each slot goes: places 0 to windowSize-1 are the first window.
	var place [2][]uint32
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
		parts[0].g.postings = make([]posting, 0, len(a.postings)+len(b.postings))
	}
	put := func(key uint64, w int, p posting) {
		to := place[w][p.slot()]
		parts[to/windowSize].add(key, newPosting(int(to%windowSize), uint16(p.impact())))
	}
	for i, j := 0, 0; i < len(a.keys) || j < len(b.keys); {
		switch {
		case j == len(b.keys) || i < len(a.keys) && a.keys[i] < b.keys[j]:
			for _, p := range a.postings[a.starts[i]:a.starts[i+1]] {
				put(a.keys[i], 0, p)
			}
			i++
		case i == len(a.keys) || b.keys[j] < a.keys[i]:
			for _, p := range b.postings[b.starts[j]:b.starts[j+1]] {
				put(b.keys[j], 1, p)
			}
			j++
		default: // one key of both: in order of place
			pa, pb := a.postings[a.starts[i]:a.starts[i+1]], b.postings[b.starts[j]:b.starts[j+1]]
			for len(pa) > 0 || len(pb) > 0 {
				if len(pb) == 0 || len(pa) > 0 && place[0][pa[0].slot()] < place[1][pb[0].slot()] {
					put(a.keys[i], 0, pa[0])
					pa = pa[1:]
				} else {
					put(b.keys[j], 1, pb[0])
					pb = pb[1:]
				}
			}
			i, j = i+1, j+1
		}
	}
	merged := make([]*indexSegment, len(parts))
	for i, p := range parts {
		if len(parts) > 1 {
			p.g.postings = slices.Clone(p.g.postings)
		}
		merged[i] = p.done()
	}
	return merged
}

// column is a list of numbers as differences from the least, in four bytes
// each where they fit: seqs of one window lie close together.
type column struct {
	base   int64
	narrow []uint32
	wide   []int64
}

func newColumn(values []int64) column {
	if len(values) == 0 {
		return column{}
	}
	low, high := slices.Min(values), slices.Max(values)
	if uint64(high)-uint64(low) > 1<<32-1 {
		return column{wide: slices.Clone(values)}
	}
	c := column{base: low, narrow: make([]uint32, len(values))}
	for i, v := range values {
		c.narrow[i] = uint32(v - low)
	}
	return c
}

func (c *column) len() int { return max(len(c.narrow), len(c.wide)) }

func (c *column) at(i int) int64 {
	if c.wide != nil {
		return c.wide[i]
	}
	return c.base + int64(c.narrow[i])
}
