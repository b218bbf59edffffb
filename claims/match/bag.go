package match

import (
	"cmp"
	"math"
	"slices"
)

// bag is a list of weighed stems, sorted by stem, of length 1.
type bag []weighedStem

type weighedStem struct {
	stem   string
	weight float64
}

func newBag(weights map[string]float64) bag {
	b := make(bag, 0, len(weights))
	for s, w := range weights {
		if w > 0 {
			b = append(b, weighedStem{s, w})
		}
	}
	slices.SortFunc(b, func(x, y weighedStem) int { return cmp.Compare(x.stem, y.stem) })
	sum := 0.0 // in order of stems: sums must not depend on the order of a map
	for _, x := range b {
		sum += x.weight * x.weight
	}
	for i := range b {
		b[i].weight /= math.Sqrt(sum)
	}
	return b
}

// cosine compares two bags, 0..1.
func (b bag) cosine(o bag) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(b) && j < len(o); {
		switch {
		case b[i].stem < o[j].stem:
			i++
		case b[i].stem > o[j].stem:
			j++
		default:
			sum += b[i].weight * o[j].weight
			i++
			j++
		}
	}
	return sum
}
