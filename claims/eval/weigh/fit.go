package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// row is a document beside a query: the features of each of its claims.
type row struct {
	claims            [][]float64
	supports, refutes bool
	fold              int
}

// weights of features, the constant last.
type weights []float64

func (w weights) score(x []float64) float64 {
	s := w[len(w)-1]
	for i, v := range x {
		s += w[i] * v
	}
	return s
}

// best is the claim of a document that scores highest, -1 where it has none.
func (w weights) best(r *row) (int, float64) {
	at, most := -1, math.Inf(-1)
	for i, x := range r.claims {
		if s := w.score(x); s > most {
			at, most = i, s
		}
	}
	return at, most
}

const (
	rounds = 8
	steps  = 300
	pace   = 0.03
	ridge  = 2.0
	nearly = -1.5 // a claim of a document without the label that scores higher is learned from too
)

// fit learns weights. In the first round a document stands for its claim with the
// most in common with the query, later for the one that scores highest.
func fit(rows []*row, label func(*row) bool) weights {
	n := 0
	for _, r := range rows {
		if len(r.claims) > 0 {
			n = len(r.claims[0])
		}
	}
	w := make(weights, n+1)
	w[0] = 1
	for range rounds {
		var xs [][]float64
		var ys []float64
		for _, r := range rows {
			at, _ := w.best(r)
			if at < 0 {
				continue
			}
			y := 0.0
			if label(r) {
				y = 1
			}
			xs, ys = append(xs, r.claims[at]), append(ys, y)
			for i, x := range r.claims {
				if y == 0 && i != at && w.score(x) > nearly {
					xs, ys = append(xs, x), append(ys, 0)
				}
			}
		}
		w.descend(xs, ys)
	}
	return w
}

// descend takes diagonal Newton steps on the penalised likelihood.
func (w weights) descend(xs [][]float64, ys []float64) {
	n := len(w) - 1
	g, h := make([]float64, n+1), make([]float64, n+1)
	for range steps {
		for j := range g {
			g[j], h[j] = ridge*w[j], ridge
		}
		g[n], h[n] = 0, 1e-6
		for i, x := range xs {
			p := 1 / (1 + math.Exp(-w.score(x)))
			e, v := p-ys[i], p*(1-p)
			for j, a := range x {
				g[j] += e * a
				h[j] += v * a * a
			}
			g[n] += e
			h[n] += v
		}
		for j := range w {
			w[j] -= pace * g[j] / h[j]
		}
	}
}

type scored struct {
	score float64
	gold  bool
}

// curve is precision and recall at some scores.
func curve(all []scored) string {
	slices.SortStableFunc(all, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	gold := 0
	for _, a := range all {
		if a.gold {
			gold++
		}
	}
	var b strings.Builder
	for _, at := range []float64{0.5, 0, -0.5, -0.75, -1, -1.25, -1.5} {
		n, tp := 0, 0
		for _, a := range all {
			if a.score >= at {
				n++
				if a.gold {
					tp++
				}
			}
		}
		p, r := float64(tp)/float64(max(n, 1)), float64(tp)/float64(max(gold, 1))
		fmt.Fprintf(&b, "  at %5.2f: P %5.1f R %5.1f F1 %5.1f\n", at, 100*p, 100*r, 200*p*r/math.Max(p+r, 1e-9))
	}
	return b.String()
}
