package match

import (
	"cmp"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// sorted returns the hits, best first, with the terms of the query they share.
func (b *bestHits) sorted(query []uint64) []claims.Hit {
	slices.SortFunc(b.heap, compareHits)
	out := make([]claims.Hit, len(b.heap))
	for i := range b.heap {
		out[i] = b.heap[i].Hit
	}
	share(query, b.heap, out)
	return out
}

// share sets what the hits share with the query. A search adds impacts up and
// forgets whose they are; for the few that are left it is looked up, segment by
// segment, in order of slot, so that each look begins where the last one ended.
func share(query []uint64, at []placed, hits []claims.Hit) {
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(at[i].segment.seqs.at(0), at[j].segment.seqs.at(0)), cmp.Compare(at[i].slot, at[j].slot))
	})
	query = query[:min(len(query), claims.MaxShared)]
	seen := make(map[uint64]bool, len(query))
	for place, key := range query {
		if seen[key] {
			continue
		}
		seen[key] = true
		key = mix(key)
		for from := 0; from < len(order); {
			g, to := at[order[from]].segment, from
			for to < len(order) && at[order[to]].segment == g {
				to++
			}
			for i, end := g.find(key); i < end; i++ {
				g.shareEntry(i, place, order[from:to], at, hits)
			}
			from = to
		}
	}
}

// shareEntry marks the hits that stand in one entry.
func (g *indexSegment) shareEntry(entry, place int, order []int, at []placed, hits []claims.Hit) {
	slots := g.entry(entry)
	for _, i := range order {
		slot := at[i].slot
		// Twice as far each time, then by halves (Bentley and Yao, 1976).
		step := 1
		for step < len(slots) && slots[step] < slot {
			step *= 2
		}
		from, to := step/2, min(step+1, len(slots))
		for from < to {
			mid := int(uint(from+to) >> 1)
			if slots[mid] < slot {
				from = mid + 1
			} else {
				to = mid
			}
		}
		if slots = slots[from:]; len(slots) == 0 {
			return
		}
		if slots[0] == slot {
			hits[i].Shared.Add(place)
		}
	}
}
