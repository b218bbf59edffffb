package match

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// memo remembers what was worked out for strings: a table of places, each with
// the string that came there last. It is safe for concurrent use and nobody
// waits; the zero value is ready.
type memo[V any] struct {
	places atomic.Pointer[[memoPlaces]atomic.Pointer[remembered[V]]]
}

type remembered[V any] struct {
	key   string
	value V
}

// memoPlaces and memoKey bound what a memo holds: strings, and bytes of each.
const (
	memoPlaces = 1 << 16
	memoKey    = 48
)

var memoSeed = maphash.MakeSeed()

// get returns the value of a key, which work works out when it is not known.
func (m *memo[V]) get(key string, work func(string) V) V {
	if len(key) > memoKey {
		return work(key)
	}
	places := m.places.Load()
	if places == nil {
		m.places.CompareAndSwap(nil, new([memoPlaces]atomic.Pointer[remembered[V]]))
		places = m.places.Load()
	}
	place := &places[maphash.String(memoSeed, key)%memoPlaces]
	if r := place.Load(); r != nil && r.key == key {
		return r.value
	}
	// The key may be a part of a long text, which it must not keep alive.
	r := &remembered[V]{key: strings.Clone(key)}
	r.value = work(r.key)
	place.Store(r)
	return r.value
}
