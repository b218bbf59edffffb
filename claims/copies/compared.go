package copies

import (
	"sync"

	"github.com/secondsource/secondsource/internal/recent"
)

// Compared remembers what stored texts are like and what pairs of them share: a
// stored text never changes, and the documents of one story are compared for every
// question about it. Safe for concurrent use.
type Compared struct {
	mu    sync.Mutex
	kept  *recent.Cache[pair, Overlap]
	texts *recent.Cache[int64, *ready] // sizes in bytes
	gone  int                          // times that something was erased
}

// pair is two documents by their numbers, the lower one first.
type pair struct{ a, b int64 }

const (
	maxCompared = 1 << 16  // pairs that are kept, of some 150 bytes
	textMemory  = 32 << 20 // bytes that texts made ready may take, about
)

// NewCompared remembers nothing yet.
func NewCompared() *Compared {
	return &Compared{kept: recent.New[pair, Overlap](maxCompared), texts: recent.New[int64, *ready](textMemory)}
}

// Sign is Sign of a text that is stored under a number above 0.
func (c *Compared) Sign(text string, doc int64) Signature { return c.ready(text, doc).signature }

func (c *Compared) ready(text string, doc int64) *ready {
	if doc == 0 {
		return readied(text)
	}
	c.mu.Lock()
	r, ok := c.texts.Get(doc)
	gone := c.gone
	c.mu.Unlock()
	if ok {
		return r
	}
	r = readied(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if gone == c.gone { // else it may be one that was erased meanwhile
		c.texts.Put(doc, r, len(text)+r.size())
	}
	return r
}

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
	o = compare(c.ready(a, docA), c.ready(b, docB))
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
	c.texts.Clear()
	c.gone++
}
