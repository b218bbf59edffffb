package match

import (
	"cmp"
	"slices"
)

// distinct moves one claim's postings of different keys to the front and says how
// many there are; of several under one key the one with the highest impact stays.
func distinct(ps []posting) int {
	if len(ps) > 64 { // hostile: most have a third of that
		slices.SortFunc(ps, func(a, b posting) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.impact, a.impact)) })
		return len(slices.CompactFunc(ps, func(a, b posting) bool { return a.key == b.key }))
	}
	n := 0
next:
	for _, p := range ps {
		for i := range ps[:n] {
			if ps[i].key == p.key {
				ps[i].impact = max(ps[i].impact, p.impact)
				continue next
			}
		}
		ps[n] = p
		n++
	}
	return n
}

// sortPostings orders postings by key, falling impact, and the order in which
// they came. It distributes them by one byte after the other, the least
// significant first (LSD radix sort; Knuth, volume 3, 5.2.5), which takes a fifth
// of the time of a sort by comparisons for a whole window, and looks only at the
// bytes in which there is a difference. The result is in one of the two slices;
// both must be as long.
func sortPostings(ps, spare []posting) []posting {
	const bytes = 10 // two of the impact, then eight of the key
	var counts [bytes][256]uint32
	for i := range ps {
		p := &ps[i]
		impact := ^p.impact
		counts[0][impact&0xFF]++
		counts[1][impact>>8]++
		key := p.key
		for b := 2; b < bytes; b++ {
			counts[b][key&0xFF]++
			key >>= 8
		}
	}
	for b := range counts {
		c := &counts[b]
		if len(ps) > 0 && c[digit(&ps[0], b)] == uint32(len(ps)) {
			continue // all have the same
		}
		sum := uint32(0)
		for v := range c {
			sum, c[v] = sum+c[v], sum
		}
		for i := range ps {
			d := digit(&ps[i], b)
			spare[c[d]] = ps[i]
			c[d]++
		}
		ps, spare = spare, ps
	}
	return ps
}

// digit is one byte of what postings are sorted by, the least significant first.
func digit(p *posting, b int) byte {
	switch b {
	case 0:
		return byte(^p.impact)
	case 1:
		return byte(^p.impact >> 8)
	default:
		return byte(p.key >> (8 * (b - 2)))
	}
}
