package sqlite

import (
	"sync"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/internal/recent"
)

// kept holds the claims that were read last, as they stand in the database: a
// claim never changes, so a row that was read holds until it is erased. Searches
// read the same claims of the stories of the day over and over, and most of the
// time that takes goes into their JSON. Safe for concurrent use. Whoever gets a
// claim shares its slices with others and does not write into them. nil keeps
// nothing.
type kept struct {
	mu     sync.Mutex
	claims *recent.Cache[int64, claims.Claim] // by Seq; sizes in bytes, about
	erased int                                // times that something was erased
}

// keptMemory is how many bytes of memory the claims read last may take, about.
const keptMemory = 128 << 20

func newKept(bytes int) *kept {
	return &kept{claims: recent.New[int64, claims.Claim](bytes)}
}

// find returns the claims that are kept, the seqs of those that are not, and the
// state of the store, which put asks for.
func (k *kept) find(seqs []int64) (have []claims.Claim, missing []int64, state int) {
	if k == nil {
		return nil, seqs, 0
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	have = make([]claims.Claim, 0, len(seqs))
	for _, seq := range seqs {
		if c, ok := k.claims.Get(seq); ok {
			have = append(have, c)
		} else {
			missing = append(missing, seq)
		}
	}
	return have, missing, k.erased
}

// put keeps claims that were read, unless something was erased since find.
func (k *kept) put(cs []claims.Claim, state int) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if state != k.erased {
		return
	}
	for i := range cs {
		k.claims.Put(cs[i].Seq, cs[i], sizeOf(&cs[i]))
	}
}

// forget drops everything. The writer calls it when something was erased, before
// it says so.
func (k *kept) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.claims.Clear()
	k.erased++
}

// sizeOf is about how many bytes of memory a claim takes.
func sizeOf(c *claims.Claim) int {
	const claim, argument, hop, span = 640, 160, 200, 16
	n := claim + len(c.Text) + span*len(c.Evidence)
	for i := range c.Frame.Arguments {
		a := &c.Frame.Arguments[i]
		n += argument + len(a.Text) + len(a.Head) + len(a.Entity) + len(a.Preposition)
		for _, also := range a.Also {
			n += span + len(also)
		}
	}
	for _, q := range c.Frame.Quantities {
		n += argument + len(q.Text) + len(q.Of)
	}
	for _, h := range c.Attribution.Hops {
		n += hop + len(h.Mention) + len(h.Name)
	}
	for _, d := range c.Doubts {
		n += span + len(d)
	}
	return n
}
