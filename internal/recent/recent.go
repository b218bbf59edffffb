// Package recent keeps what was used last, up to a size.
package recent

// Cache holds values in two generations. What is found in the older one moves to the
// younger, and when that is full the older one is dropped as a whole: the least
// lately used go, at no cost for each use but a look into a map (the clock of two
// hands, as in SLRU). Not safe for concurrent use: its owners have locks of their
// own, and more to guard. The zero value keeps nothing.
type Cache[K comparable, V any] struct {
	limit      int // of each generation
	young, old map[K]sized[V]
	size       int // of the young
}

type sized[V any] struct {
	value V
	size  int
}

// New returns an empty cache for values whose sizes add up to so much at most, in
// whatever unit Put is given.
func New[K comparable, V any](limit int) *Cache[K, V] {
	return &Cache[K, V]{limit: limit / 2, young: map[K]sized[V]{}}
}

// Get returns the value of a key, and whether it is kept.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	x, ok := c.young[key]
	if !ok {
		if x, ok = c.old[key]; ok {
			c.put(key, x)
		}
	}
	return x.value, ok
}

// Put keeps a value; one that is kept already stays.
func (c *Cache[K, V]) Put(key K, value V, size int) { c.put(key, sized[V]{value, size}) }

func (c *Cache[K, V]) put(key K, x sized[V]) {
	if _, had := c.young[key]; had || c.limit == 0 {
		return
	}
	c.young[key] = x
	if c.size += x.size; c.size >= c.limit {
		c.old, c.young, c.size = c.young, map[K]sized[V]{}, 0
	}
}

// Delete drops the value of a key.
func (c *Cache[K, V]) Delete(key K) {
	if x, ok := c.young[key]; ok {
		c.size -= x.size
	}
	delete(c.young, key)
	delete(c.old, key)
}

// Clear drops everything.
func (c *Cache[K, V]) Clear() {
	if c.limit > 0 {
		c.young, c.old, c.size = map[K]sized[V]{}, nil, 0
	}
}

// Len is the number of values kept, those of both generations counted twice.
func (c *Cache[K, V]) Len() int { return len(c.young) + len(c.old) }
