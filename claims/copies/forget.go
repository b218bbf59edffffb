package copies

import "slices"

// Remove makes documents unfindable for good: a later Add of one does nothing, so
// it does not matter whether it comes first. What was kept of them is dropped in
// one pass over the whole table; a document that was not added costs nothing.
func (d *Detector) Remove(docs ...int64) {
	gone := d.strike(docs)
	if len(gone) == 0 {
		return
	}
	for i := range d.shards {
		sh := &d.shards[i]
		sh.mu.Lock()
		sh.remove(gone)
		sh.mu.Unlock()
	}
}

// strike empties the entries of documents, after which no search returns them,
// and says which entries those are.
func (d *Detector) strike(docs []int64) map[uint32]bool {
	gone := make(map[uint32]bool)
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted := make(map[int64]bool, len(docs))
	for _, doc := range docs {
		if _, ok := d.seen[doc]; ok {
			wanted[doc] = true
		}
		d.seen[doc] = struct{}{}
	}
	for at := 0; at < d.n && len(wanted) > 0; at++ {
		if e := d.at(at); e.fingerprints > 0 && wanted[e.doc] {
			delete(wanted, e.doc)
			*e = signed{}
			gone[uint32(at)] = true
		}
	}
	return gone
}

// remove drops entries from the fingerprints that hold them. A fingerprint that
// nothing holds any more keeps its slot, which the search for others passes
// through, until the table grows.
func (s *shard) remove(gone map[uint32]bool) {
	for i := range s.slots {
		switch p := &s.slots[i]; {
		case p.held == 0:
		case p.held&several != 0:
			list := &s.lists[p.held&^several]
			*list = slices.DeleteFunc(*list, func(at uint32) bool { return gone[at] })
		case gone[p.held-1]:
			s.lists = append(s.lists, nil)
			p.held = several | uint32(len(s.lists)-1)
		}
	}
}
