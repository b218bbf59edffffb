package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims/match"
)

// row is a document beside a query: the grounds of each of its claims.
type row struct {
	claims            [][]float64
	supports, refutes bool
	weight            float64
	made              bool // made from a document's own words: learned from, not counted
	fold              int  // when it is held out; noFold for what never is
	document          string
	negated           bool // a negation was asked: the grounds are of what it negates
}

// label says what a document does to the question. To what a negation negates it
// does the contrary.
func (r *row) label(supports, refutes bool) {
	if r.negated {
		supports, refutes = refutes, supports
	}
	r.supports, r.refutes = supports, refutes
}

const noFold = -1

// best is the claim of a document that scores highest, -1 where it has none.
func best(f *match.Forest, r *row) (int, float64) {
	at, most := -1, math.Inf(-1)
	for i, x := range r.claims {
		if s := f.Score(x); s > most {
			at, most = i, s
		}
	}
	return at, most
}

const (
	rounds = 3
	rivals = 3 // claims of a document without the label that are learned from
)

// learn grows a forest that tells documents with a label. Which claim of a
// labelled document earns it is not known: in the first round the one with the
// most in common with the query, later the one that scores highest (Zhou and
// Zhang's multiple instances).
func learn(rows []*row, label func(*row) bool, signs []int8, s settings) *match.Forest {
	var f *match.Forest
	for range rounds {
		var es []example
		for _, r := range rows {
			if len(r.claims) == 0 {
				continue
			}
			order := make([]int, len(r.claims))
			scores := make([]float64, len(r.claims))
			for i, x := range r.claims {
				order[i] = i
				if f != nil {
					scores[i] = f.Score(x)
				} else {
					scores[i] = x[wholeInClaim] + x[wholeInSentence]
				}
			}
			slices.SortStableFunc(order, func(a, b int) int {
				switch {
				case scores[a] > scores[b]:
					return -1
				case scores[a] < scores[b]:
					return 1
				}
				return 0
			})
			if label(r) {
				es = append(es, example{slices.Clone(r.claims[order[0]]), 1, r.weight})
				continue
			}
			for _, i := range order[:min(rivals, len(order))] {
				es = append(es, example{slices.Clone(r.claims[i]), 0, r.weight})
			}
		}
		f = grow(es, signs, s)
	}
	return f
}

// places of two grounds, by which the first round chooses.
const (
	wholeInClaim    = 15
	wholeInSentence = 16
)

type scored struct {
	score float64
	gold  bool
}

// report is the average precision and the best F1 of a ranking, and where.
func report(all []scored) string {
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
	tp, ap, bestF, bestAt := 0, 0.0, 0.0, 0.0
	for i, a := range all {
		if !a.gold {
			continue
		}
		tp++
		ap += float64(tp) / float64(i+1) / float64(max(gold, 1))
		if f := 2 * float64(tp) / float64(i+1+gold); f > bestF {
			bestF, bestAt = f, a.score
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "AP %.3f, best F1 %.1f at %.2f;", ap, 100*bestF, bestAt)
	for _, at := range []float64{0.5, 0, -0.5, -1, -1.5} {
		n, tp := 0, 0
		for _, a := range all {
			if a.score >= at {
				n++
				if a.gold {
					tp++
				}
			}
		}
		fmt.Fprintf(&b, "  %.1f: %.0f/%.0f", at, 100*float64(tp)/float64(max(n, 1)), 100*float64(tp)/float64(max(gold, 1)))
	}
	return b.String()
}
