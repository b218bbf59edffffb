package match

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/internal/recent"
)

// Contexts keeps the contexts of stored documents that were compared last. A
// stored text never changes, so a context holds as long as its document. Safe
// for concurrent use.
type Contexts struct {
	mu   sync.Mutex
	kept *recent.Cache[int64, *Context] // by Document.Seq; sizes in bytes
	gone map[int64]bool                 // documents that were erased
}

// contextSize is about how many bytes of memory a context takes for each byte of
// its text, once its claims have been compared too.
const contextSize = 28

// NewContexts returns an empty store of contexts that takes about so many bytes.
func NewContexts(bytes int) *Contexts {
	return &Contexts{kept: recent.New[int64, *Context](bytes), gone: map[int64]bool{}}
}

// Of returns the context of a stored document.
func (c *Contexts) Of(d *claims.Document) *Context {
	seq := d.Seq // what may panic does so before the lock
	c.mu.Lock()
	ctx, ok := c.kept.Get(seq)
	c.mu.Unlock()
	if ok {
		return ctx
	}
	ctx = NewContext(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	if seq != 0 && !c.gone[seq] {
		c.kept.Put(seq, ctx, contextSize*(len(d.Text)+len(d.Title)+100))
	}
	return ctx
}

// All returns the contexts of stored documents, in their order; those that are not
// kept are made on all processors. A panic over one of them is the caller's own.
func (c *Contexts) All(docs []*claims.Document) []*Context {
	out := make([]*Context, len(docs))
	var next atomic.Int64
	var wg sync.WaitGroup
	var broken atomic.Pointer[any]
	for range min(runtime.GOMAXPROCS(0), len(docs)) {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					broken.Store(&v)
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(docs)); i = next.Add(1) - 1 {
				out[i] = c.Of(docs[i])
			}
		})
	}
	wg.Wait()
	if v := broken.Load(); v != nil {
		panic(*v)
	}
	return out
}

// Forget drops the contexts of documents that were erased, for good: somebody who
// read one just before does not bring it back.
func (c *Contexts) Forget(docs []int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, seq := range docs {
		c.kept.Delete(seq)
		c.gone[seq] = true
	}
}
