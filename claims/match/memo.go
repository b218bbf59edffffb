package match

import (
	"strings"
	"sync"
	"sync/atomic"
)

// memo remembers what was worked out for strings, between one and two times its
// size of the latest ones. It is safe for concurrent use; readers never wait.
type memo[V any] struct {
	now atomic.Pointer[memoPair]
}

// memoPair is a table that fills and the full one before it.
type memoPair struct {
	young  sync.Map
	n      atomic.Int64
	before *sync.Map
}

// memoSize and memoKey bound what a memo holds: strings, and bytes of each.
const (
	memoSize = 1 << 16
	memoKey  = 48
)

// get returns the value of a key, which work works out when it is not known.
func (m *memo[V]) get(key string, work func(string) V) V {
	if len(key) > memoKey {
		return work(key)
	}
	p := m.now.Load()
	if p == nil {
		m.now.CompareAndSwap(nil, &memoPair{before: &sync.Map{}})
		p = m.now.Load()
	}
	if v, ok := p.young.Load(key); ok {
		return v.(V) //nolint:forcetypeassert // nothing else is put in
	}
	var value any
	if v, ok := p.before.Load(key); ok {
		value = v
	} else {
		// The key may be a part of a long text, which it must not keep alive.
		key = strings.Clone(key)
		value = work(key)
	}
	if _, had := p.young.LoadOrStore(key, value); !had && p.n.Add(1) == memoSize {
		m.now.Store(&memoPair{before: &p.young})
	}
	return value.(V) //nolint:forcetypeassert // as above
}
