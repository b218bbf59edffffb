package copies

import (
	"sync"

	"github.com/secondsource/secondsource/internal/recent"
)

// Compared remembers what pairs of stored texts share: a stored text never
// changes, and the documents of one story are compared for every question about
// it. Safe for concurrent use.
type Compared struct {
	mu   sync.Mutex
	kept *recent.Cache[pair, Overlap]
}

// pair is two documents by their numbers, the lower one first.
type pair struct{ a, b int64 }

// maxCompared is how many pairs are kept, of some 150 bytes.
const maxCompared = 1 << 16

// NewCompared remembers nothing yet.
func NewCompared() *Compared { return &Compared{kept: recent.New[pair, Overlap](maxCompared)} }

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
	o, ok := c.kept.Get(p)
	c.mu.Unlock()
	if ok {
		return o
	}
	o = Compare(a, b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Put(p, o, 1)
	return o
}

// Forget drops everything that is remembered, once a document was erased.
func (c *Compared) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Clear()
}
