package match

import (
	"math/rand/v2"
	"testing"
)

// A forest that is laid out gives the very scores of the trees it was made of.
func TestALaidForestScoresAsItsTrees(t *testing.T) {
	deep := Forest{Bias: -1, Trees: []Tree{
		{{Value: 3}}, // one leaf
		{{Feature: 2, Left: 1, Right: 4, At: 0.5}, {Feature: 9, Left: 2, Right: 3, At: -1}, {Value: 1}, {Value: 2}, {Value: 4}},
	}}
	r, shipped := rand.New(rand.NewPCG(1, 2)), forests()
	for name, f := range map[string]*Forest{"stump": &stump, "deep": &deep, "none": {Bias: 2}, "for": &shipped.pro, "against": &shipped.con} {
		laid := f.laid()
		for range 200 {
			x := make([]float64, r.IntN(mostGrounds))
			for i := range x {
				x[i] = float64(r.IntN(9))/4 - 0.5 + r.Float64()*float64(r.IntN(2))
			}
			if got, want := laid.score(widened(nil, x, laid.width)), f.Score(x); got != want {
				t.Fatalf("%s: %v, want %v of %v", name, got, want, x)
			}
		}
	}
}
