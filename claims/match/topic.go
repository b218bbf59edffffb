package match

import (
	"math"
	"slices"
)

// topic is what a text is about: its stems, weighed by their rarity, slowly by
// how often they are used, and twice for names. Two topics are compared by the
// cosine of their weights.
type topic struct {
	stems  []string // sorted
	weight map[string]float64
	norm   float64
}

// newTopic reads the topic of a text.
func newTopic(text string) topic {
	count, capital := map[string]int{}, map[string]bool{}
	for _, t := range tokens(text) {
		if t.stem == "" {
			continue
		}
		count[t.stem]++
		capital[t.stem] = capital[t.stem] || t.capital && !t.first
	}
	o := topic{weight: make(map[string]float64, len(count))}
	for s, n := range count {
		r := Rarity(s)
		w := r * r * (1 + math.Log(float64(n)))
		if capital[s] {
			w *= 2
		}
		o.weight[s] = w
		o.stems = append(o.stems, s)
	}
	slices.Sort(o.stems) // sums must not depend on the order of a map
	for _, s := range o.stems {
		o.norm += o.weight[s] * o.weight[s]
	}
	o.norm = math.Sqrt(o.norm)
	return o
}

// cosine compares two topics, 0..1.
func (t topic) cosine(o topic) float64 {
	if t.norm == 0 || o.norm == 0 {
		return 0
	}
	if len(o.stems) < len(t.stems) {
		t, o = o, t
	}
	sum := 0.0
	for _, s := range t.stems {
		sum += t.weight[s] * o.weight[s]
	}
	return sum / (t.norm * o.norm)
}

// share is how much of a topic's weight, without regard to names and counts, a
// list of stems holds, 0..1.
func (t topic) share(stems []string) float64 {
	in := make(map[string]bool, len(stems))
	for _, s := range stems {
		in[s] = true
	}
	total, have := 0.0, 0.0
	for _, s := range t.stems {
		w := Rarity(s)
		total += w * w
		if in[s] {
			have += w * w
		}
	}
	if total == 0 {
		return 0
	}
	return have / total
}
