package main

import (
	"sort"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// Averaged perceptrons (Freund and Schapire 1999) in integers: w is the weight
// now, u the sum of each change times when it came, so that w - u/t is the
// average (Daumé 2006).

// dense learns the four transitions.
type dense struct {
	row []int32 // feature key -> row, 0 for none
	w   [][core.NumActions]int32
	u   [][core.NumActions]int64
	n   []uint16 // number of updates, saturating
	t   int64
}

func newDense() *dense {
	return &dense{row: make([]int32, 1<<core.KeyBits), w: make([][core.NumActions]int32, 1), u: make([][core.NumActions]int64, 1), n: make([]uint16, 1), t: 1}
}

// ScoreActions implements core.ActionScorer.
func (d *dense) ScoreActions(keys []uint32, out *[core.NumActions]int32) {
	for _, k := range keys {
		if r := d.row[k]; r != 0 {
			w := &d.w[r]
			for a := range out {
				out[a] += w[a]
			}
		}
	}
}

func (d *dense) update(keys []uint32, act int, delta int32) {
	for _, k := range keys {
		r := d.row[k]
		if r == 0 {
			r = int32(len(d.w))
			d.row[k] = r
			d.w = append(d.w, [core.NumActions]int32{})
			d.u = append(d.u, [core.NumActions]int64{})
			d.n = append(d.n, 0)
		}
		d.w[r][act] += delta
		d.u[r][act] += int64(delta) * d.t
		if d.n[r] < 65535 {
			d.n[r]++
		}
	}
}

// average returns the averaged features by rising key, leaving out those with
// fewer than minUpdates updates and weights under floor.
func (d *dense) average(scale int64, minUpdates int, floor int32) []core.Feature {
	var out []core.Feature
	for k, r := range d.row {
		if r == 0 || int(d.n[r]) < minUpdates {
			continue
		}
		f := core.Feature{Key: uint32(k)}
		for a := range d.w[r] {
			if v := mean(int64(d.w[r][a]), d.u[r][a], d.t, scale); v >= floor || v <= -floor {
				f.Classes = append(f.Classes, uint8(a))
				f.Weights = append(f.Weights, v)
			}
		}
		if len(f.Classes) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// mean is the average weight in fixed point with the given scale.
func mean(w, u, t, scale int64) int32 {
	return int32((w*t - u) * scale / t)
}

type entry struct {
	u     int64
	w     int32
	class uint8
}

// sparse learns many classes; a feature holds only those it was updated for.
type sparse struct {
	row   []int32
	feats [][]entry
	n     []uint16
	t     int64
}

func newSparse() *sparse {
	return &sparse{row: make([]int32, 1<<core.KeyBits), feats: make([][]entry, 1), n: make([]uint16, 1), t: 1}
}

// ScoreClasses implements core.ClassScorer.
func (s *sparse) ScoreClasses(keys []uint32, out []int32) {
	for _, k := range keys {
		if r := s.row[k]; r != 0 {
			for i := range s.feats[r] {
				e := &s.feats[r][i]
				out[e.class] += e.w
			}
		}
	}
}

func (s *sparse) update(keys []uint32, class int, delta int32) {
next:
	for _, k := range keys {
		r := s.row[k]
		if r == 0 {
			r = int32(len(s.feats))
			s.row[k] = r
			s.feats = append(s.feats, make([]entry, 0, 2))
			s.n = append(s.n, 0)
		}
		if s.n[r] < 65535 {
			s.n[r]++
		}
		for i := range s.feats[r] {
			if e := &s.feats[r][i]; int(e.class) == class {
				e.w += delta
				e.u += int64(delta) * s.t
				continue next
			}
		}
		s.feats[r] = append(s.feats[r], entry{int64(delta) * s.t, delta, uint8(class)})
	}
}

func (s *sparse) average(scale int64, minUpdates int, floor int32) []core.Feature {
	var out []core.Feature
	for k, r := range s.row {
		if r == 0 || int(s.n[r]) < minUpdates {
			continue
		}
		es := append([]entry(nil), s.feats[r]...)
		sort.Slice(es, func(i, j int) bool { return es[i].class < es[j].class })
		f := core.Feature{Key: uint32(k)}
		for _, e := range es {
			if v := mean(int64(e.w), e.u, s.t, scale); v >= floor || v <= -floor {
				f.Classes = append(f.Classes, e.class)
				f.Weights = append(f.Weights, v)
			}
		}
		if len(f.Classes) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// learn updates for gold against the best other class but barred unless gold
// leads by the margin; it reports whether gold was not the best.
func (s *sparse) learn(keys []uint32, scores []int32, gold, barred int, margin int32) bool {
	rival := -1
	for c, v := range scores {
		if c != gold && c != barred && (rival < 0 || v > scores[rival]) {
			rival = c
		}
	}
	if scores[gold]-scores[rival] <= margin {
		s.update(keys, gold, 1)
		s.update(keys, rival, -1)
	}
	return scores[gold] <= scores[rival]
}
