package match

import (
	"cmp"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// sorted returns the hits, best first, with the terms of the query they share.
func (b *bestHits) sorted(query []uint64) []claims.Hit {
	// Hits are large to move: what they are ordered by is sorted, with their places.
	type entry struct {
		claim int64
		score uint32
		at    int32
	}
	order := make([]entry, len(b.heap))
	for i := range b.heap {
		order[i] = entry{b.heap[i].Claim, b.heap[i].Score, int32(i)}
	}
	slices.SortFunc(order, func(x, y entry) int { return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.claim, y.claim)) })
	out, at := make([]claims.Hit, len(order)), make([]placed, len(order))
	for i, e := range order {
		at[i] = b.heap[e.at]
		out[i] = at[i].Hit
	}
	share(query, at, out)
	return out
}

// share sets what the hits share with the query. A search adds impacts up and
// forgets whose they are; for the few that are left it is looked up, segment by
// segment, in order of slot, so that each look begins where the last one ended.
func share(query []uint64, at []placed, hits []claims.Hit) {
	order := bySlot(at)
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

// bySlot are the places of hits in order of segment and slot.
func bySlot(at []placed) []int {
	var segments []*indexSegment
	for i := range at {
		if !slices.Contains(segments, at[i].segment) {
			segments = append(segments, at[i].segment)
		}
	}
	slices.SortFunc(segments, func(a, b *indexSegment) int { return cmp.Compare(a.seqs.at(0), b.seqs.at(0)) })
	keys := make([]uint64, len(at)) // segment, slot, place
	for i := range at {
		keys[i] = uint64(slices.Index(segments, at[i].segment))<<48 | uint64(at[i].slot)<<32 | uint64(i)
	}
	slices.Sort(keys)
	order := make([]int, len(at))
	for i, k := range keys {
		order[i] = int(uint32(k))
	}
	return order
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
