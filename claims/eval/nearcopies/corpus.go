package main

import (
	"hash/fnv"
	"sort"
	"strings"
)

// gram is the length in words of the runs by which the benchmark itself tells
// whether two articles share wording: other than the shingles of the detector.
const gram = 8

// apart is the share of such runs below which two articles are no copies.
const apart = 0.1

type corpus struct {
	bodies []string
	story  map[string][]int // headline -> articles that bear on it
	grams  map[int]map[uint64]bool
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

func (c *corpus) gramsOf(i int) map[uint64]bool {
	if g := c.grams[i]; g != nil {
		return g
	}
	ws, g := words(c.bodies[i]), map[uint64]bool{}
	for k := 0; k+gram <= len(ws); k++ {
		h := fnv.New64a()
		for _, w := range ws[k : k+gram] {
			_, _ = h.Write([]byte(w + " "))
		}
		g[h.Sum64()] = true
	}
	c.grams[i] = g
	return g
}

// wording is the share of the runs of words of the shorter article that stand in
// the other.
func (c *corpus) wording(i, j int) float64 {
	a, b := c.gramsOf(i), c.gramsOf(j)
	if len(b) < len(a) {
		a, b = b, a
	}
	n := 0
	for h := range a {
		if b[h] {
			n++
		}
	}
	if len(a) == 0 {
		return 0
	}
	return float64(n) / float64(len(a))
}

// rewrites are the pairs of articles on one story that share little wording.
func (c *corpus) rewrites() [][2]int {
	seen := map[[2]int]bool{}
	for _, in := range c.story {
		for x, i := range in {
			for _, j := range in[:x] {
				if p := [2]int{min(i, j), max(i, j)}; i != j && !seen[p] {
					seen[p] = c.wording(i, j) < apart
				}
			}
		}
	}
	var out [][2]int
	for p, ok := range seen {
		if ok {
			out = append(out, p)
		}
	}
	sort.Slice(out, func(a, b int) bool {
		return out[a][0] < out[b][0] || out[a][0] == out[b][0] && out[a][1] < out[b][1]
	})
	return out
}
