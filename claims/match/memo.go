package match

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// memo remembers what was worked out for strings: a table of places, of which each
// string has some; the one that comes when they are taken goes to the last of them.
// It is safe for concurrent use and nobody waits; the zero value is ready.
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
	memoWays   = 4 // places of a string, side by side
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
	first := maphash.String(memoSeed, key) % memoPlaces &^ (memoWays - 1)
	place := &places[first+memoWays-1]
	for i := range places[first : first+memoWays] {
		p := &places[first+uint64(i)]
		r := p.Load()
		if r == nil {
			place = p
			break
		}
		if r.key == key {
			return r.value
		}
	}
	// The key may be a part of a long text, which it must not keep alive.
	r := &remembered[V]{key: strings.Clone(key)}
	r.value = work(r.key)
	place.Store(r)
	return r.value
}
