package copies

import "sync"

// Compared remembers what pairs of stored texts share: a stored text never
// changes, and the documents of one story are compared for every question about
// it. The zero value is ready. Safe for concurrent use.
type Compared struct {
	mu         sync.Mutex
	young, old map[pair]Overlap
}

// pair is two documents by their numbers, the lower one first.
type pair struct{ a, b int64 }

// maxCompared is how many pairs each of two generations holds, of some 150 bytes.
const maxCompared = 1 << 15

// Compare is Compare of two texts that are stored under numbers above 0.
func (c *Compared) Compare(a, b string, docA, docB int64) Overlap {
	if docA > docB {
		o := c.Compare(b, a, docB, docA)
		o.A, o.B = o.B, o.A
		return o
	}
	if docA == 0 {
		return Compare(a, b)
	}
	p := pair{docA, docB}
	c.mu.Lock()
	o, ok := c.young[p]
	if !ok {
		if o, ok = c.old[p]; ok {
			c.keep(p, o)
		}
	}
	c.mu.Unlock()
	if ok {
		return o
	}
	o = Compare(a, b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(p, o)
	return o
}

// keep files an overlap; when the younger half is full the older one is dropped.
func (c *Compared) keep(p pair, o Overlap) {
	if len(c.young) >= maxCompared || c.young == nil {
		c.young, c.old = make(map[pair]Overlap), c.young
	}
	c.young[p] = o
}

// Forget drops everything that is remembered, once a document was erased.
func (c *Compared) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old = nil, nil
}
