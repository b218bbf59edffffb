package match

import "slices"

// Remove makes claims unfindable for good, all of them at once as far as a search
// can tell; a later Add of one does nothing, so it does not matter whether it
// comes first. The segments that hold one are made again without it: nothing of
// its terms stays in memory once the searches that run have ended.
func (x *Index) Remove(seqs []int64) {
	x.add.Lock()
	defer x.add.Unlock()
	var gone []int64 // of those that were added
	for _, seq := range seqs {
		if !x.seen.insert(seq) {
			gone = append(gone, seq)
		}
	}
	if len(gone) == 0 {
		return
	}
	slices.Sort(gone)
	old := x.now.Load()
	segments := make([]*indexSegment, 0, len(old.segments))
	left := 0
	for _, g := range old.segments {
		if g = g.without(gone); g != nil {
			segments = append(segments, g)
			left += g.len()
		}
	}
	if left < old.claims {
		x.now.Store(&indexSnapshot{segments: segments, claims: left})
	}
}

// without is the segment without some claims, given in order of Seq: itself when
// it holds none of them, nil when it holds no other.
func (g *indexSegment) without(gone []int64) *indexSegment {
	if at, _ := slices.BinarySearch(gone, g.seqs.at(0)); at == len(gone) || gone[at] > g.seqs.at(g.len()-1) {
		return g
	}
	place := make([]int, g.len()) // where each slot goes, -1 for nowhere
	seqs, docs := make([]int64, 0, g.len()), make([]int64, 0, g.len())
	for slot := range place {
		if _, ok := slices.BinarySearch(gone, g.seqs.at(slot)); ok {
			place[slot] = -1
			continue
		}
		place[slot] = len(seqs)
		seqs, docs = append(seqs, g.seqs.at(slot)), append(docs, g.docs.at(slot))
	}
	switch len(seqs) {
	case g.len():
		return g
	case 0:
		return nil
	}
	b := segmentBuilder{&indexSegment{seqs: newColumn(seqs), docs: newColumn(docs), slots: make([]uint16, 0, len(g.slots))}}
	for i, key := range g.keys {
		for _, slot := range g.entry(i) {
			if to := place[slot]; to >= 0 {
				b.add(key, g.impacts[i], uint16(to))
			}
		}
	}
	return b.done()
}
