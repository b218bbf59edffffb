package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/secondsource/secondsource/claims/match"
)

// settings of a forest, chosen by what scenarios held out in turn say.
type settings struct {
	trees, depth int
	pace         float64 // of each tree
	ridge        float64 // on leaf values
	least        float64 // second derivatives a leaf must hold
	bins         int
	rows, cols   float64 // shares of examples and of grounds that a tree sees
}

var standard = settings{trees: 300, depth: 3, pace: 0.05, ridge: 4, least: 4, bins: 48, rows: 0.7, cols: 0.3}

// example is one claim beside a query.
type example struct {
	x      []float64
	y      float64
	weight float64
}

// grow fits a forest to examples by Newton boosting with exact histograms
// (Chen and Guestrin, 2016). Examples in the same order give the same forest.
func grow(es []example, signs []int8, s settings) *match.Forest {
	f := &match.Forest{}
	if len(es) == 0 {
		return f
	}
	pos, all := 1.0, 2.0
	for _, e := range es {
		pos += e.y * e.weight
		all += e.weight
	}
	f.Bias = math.Log(pos / (all - pos))
	cuts := cutsOf(es, s.bins)
	codes := make([][]uint8, len(cuts))
	for j := range cuts {
		codes[j] = make([]uint8, len(es))
		for i := range es {
			codes[j][i] = uint8(sort.SearchFloat64s(cuts[j], es[i].x[j]))
		}
	}
	score := make([]float64, len(es))
	for i := range score {
		score[i] = f.Bias
	}
	g, h := make([]float64, len(es)), make([]float64, len(es))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range s.trees {
		for i, e := range es {
			p := 1 / (1 + math.Exp(-score[i]))
			g[i], h[i] = e.weight*(p-e.y), e.weight*max(p*(1-p), 1e-6)
		}
		b := builder{s: s, signs: signs, cuts: cuts, codes: codes, g: g, h: h}
		idx := make([]int32, 0, len(es))
		for i := range es {
			if rnd.Float64() < s.rows {
				idx = append(idx, int32(i))
			}
		}
		for range cuts {
			b.skip = append(b.skip, rnd.Float64() >= s.cols)
		}
		b.split(idx, 0, math.Inf(-1), math.Inf(1))
		f.Trees = append(f.Trees, b.tree)
		one := match.Forest{Trees: []match.Tree{b.tree}}
		for i := range es {
			score[i] += one.Score(es[i].x)
		}
	}
	return f
}

// cutsOf are the values between which each feature is cut.
func cutsOf(es []example, bins int) [][]float64 {
	out := make([][]float64, len(es[0].x))
	for j := range out {
		v := make([]float64, len(es))
		for i := range es {
			v[i] = float64(float32(es[i].x[j]))
			es[i].x[j] = v[i]
		}
		slices.Sort(v)
		u := slices.Compact(slices.Clone(v))
		if len(u) <= bins {
			out[j] = u[:len(u)-1]
			continue
		}
		var cs []float64
		for k := 1; k < bins; k++ {
			c := v[k*len(v)/bins]
			if len(cs) == 0 || c > cs[len(cs)-1] {
				cs = append(cs, c)
			}
		}
		out[j] = cs
	}
	return out
}

type builder struct {
	s     settings
	cuts  [][]float64
	codes [][]uint8
	g, h  []float64
	skip  []bool
	signs []int8 // of the grounds: which way a tree may take them
	tree  match.Tree
}

// split adds the node for some examples, and those below it. Values stay between
// two bounds, so that what lies above a cut of a signed ground never scores less
// than what lies below it (or more).
func (b *builder) split(idx []int32, depth int, low, high float64) uint16 {
	at := uint16(len(b.tree))
	b.tree = append(b.tree, match.Node{})
	g, h := 0.0, 0.0
	for _, i := range idx {
		g += b.g[i]
		h += b.h[i]
	}
	value := func(g, h float64) float64 { return max(low, min(high, -b.s.pace*g/(h+b.s.ridge))) }
	best := cut{feature: -1, gain: 1e-3}
	if depth < b.s.depth {
		for j := range b.cuts {
			if len(b.cuts[j]) > 0 && !b.skip[j] {
				b.try(j, idx, g, h, value, &best)
			}
		}
	}
	if best.feature < 0 {
		b.tree[at].Value = float32(value(g, h))
		return at
	}
	var left, right []int32
	for _, i := range idx {
		if int(b.codes[best.feature][i]) <= best.at {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	mid := (best.left + best.right) / 2
	lowLeft, highLeft, lowRight, highRight := low, high, low, high
	switch b.signs[best.feature] {
	case 1:
		highLeft, lowRight = mid, mid
	case -1:
		lowLeft, highRight = mid, mid
	}
	n := match.Node{Feature: uint16(best.feature), At: float32(b.cuts[best.feature][best.at])}
	n.Left = b.split(left, depth+1, lowLeft, highLeft)
	n.Right = b.split(right, depth+1, lowRight, highRight)
	b.tree[at] = n
	return at
}

// cut is where examples are parted, and the values of both parts.
type cut struct {
	feature, at       int
	gain, left, right float64
}

// try looks for a better cut of one ground.
func (b *builder) try(j int, idx []int32, g, h float64, value func(g, h float64) float64, best *cut) {
	var hg, hh [256]float64
	code := b.codes[j]
	for _, i := range idx {
		hg[code[i]] += b.g[i]
		hh[code[i]] += b.h[i]
	}
	gl, hl := 0.0, 0.0
	for k := range b.cuts[j] {
		gl += hg[k]
		hl += hh[k]
		if hl < b.s.least || h-hl < b.s.least {
			continue
		}
		gain := gl*gl/(hl+b.s.ridge) + (g-gl)*(g-gl)/(h-hl+b.s.ridge) - g*g/(h+b.s.ridge)
		if gain <= best.gain {
			continue
		}
		l, r := value(gl, hl), value(g-gl, h-hl)
		if b.signs[j] > 0 && l > r || b.signs[j] < 0 && l < r {
			continue
		}
		*best = cut{j, k, gain, l, r}
	}
}
