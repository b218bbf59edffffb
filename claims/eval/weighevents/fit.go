package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// gold is a part of ECB+ with its answers.
type gold struct {
	mentions []dataset.EventMention
	events   *match.Events
	topic    map[int]int    // of a document
	story    map[int]string // of a document
}

func newGold(mentions []dataset.EventMention, ms []match.Mention) *gold {
	g := &gold{mentions, match.ReadEvents(ms), map[int]int{}, map[int]string{}}
	for i, m := range mentions {
		g.topic[ms[i].Doc], g.story[ms[i].Doc] = m.Topic, m.Subtopic
	}
	return g
}

// row is one pair with its features.
type row struct {
	x   []float64
	one bool
}

// fit learns the three lists of weights from the topics that use admits.
func (g *gold) fit(use func(topic int) bool) *match.EventWeights {
	var w match.EventWeights
	var rows []row
	g.events.Documents(func(docs []int, features func(i, j int) []float64) {
		for i, a := range docs {
			for j, b := range docs[:i] {
				if use(g.topic[a]) && use(g.topic[b]) {
					rows = append(rows, row{slices.Clone(features(i, j)), g.story[a] == g.story[b]})
				}
			}
		}
	})
	w.Story = regress(rows)
	collect := func(ms []int, features func(i, j int) []float64) {
		for i, a := range ms {
			for j, b := range ms[:i] {
				if use(g.mentions[a].Topic) && use(g.mentions[b].Topic) {
					rows = append(rows, row{slices.Clone(features(i, j)), g.mentions[a].Cluster == g.mentions[b].Cluster})
				}
			}
		}
	}
	rows = nil
	g.events.First(&w, collect)
	w.First = regress(rows)
	rows = nil
	g.events.Second(&w, collect)
	w.Second = regress(rows)
	return &w
}

const (
	rounds = 4
	pace   = 0.1
	ridge  = 1e-6
	seed   = 1
)

// regress fits a logistic regression by stochastic gradient descent with steps
// that shrink for each weight (AdaGrad; Duchi, Hazan and Singer 2011), over
// features brought to mean 0 and variance 1. The constant is last.
func regress(rows []row) []float64 {
	if len(rows) == 0 {
		return nil
	}
	n := len(rows[0].x)
	mean, spread := moments(rows, n)
	w, past := make([]float64, n+1), make([]float64, n+1)
	random := rand.New(rand.NewPCG(seed, seed))
	z := make([]float64, n+1)
	z[n] = 1
	for range rounds {
		for _, k := range random.Perm(len(rows)) {
			sum := w[n]
			for j, v := range rows[k].x {
				z[j] = (v - mean[j]) / spread[j]
				sum += w[j] * z[j]
			}
			off := 1 / (1 + math.Exp(-sum))
			if rows[k].one {
				off--
			}
			for j := range w {
				g := off*z[j] + ridge*w[j]
				past[j] += g * g
				w[j] -= pace * g / math.Sqrt(past[j]+1)
			}
		}
	}
	for j := range n {
		w[j] /= spread[j]
		w[n] -= w[j] * mean[j]
	}
	return w
}

func moments(rows []row, n int) (mean, spread []float64) {
	mean, spread = make([]float64, n), make([]float64, n)
	for _, r := range rows {
		for j, v := range r.x {
			mean[j] += v / float64(len(rows))
		}
	}
	for _, r := range rows {
		for j, v := range r.x {
			spread[j] += (v - mean[j]) * (v - mean[j]) / float64(len(rows))
		}
	}
	for j := range spread {
		if spread[j] = math.Sqrt(spread[j]); spread[j] < 1e-9 {
			spread[j] = 1
		}
	}
	return mean, spread
}
