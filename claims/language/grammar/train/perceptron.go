package main

import (
	"slices"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// sparse is a multi-class averaged perceptron (Freund and Schapire 1999;
// Collins 2002) in integers. A feature holds only the classes it was updated
// for: w has the weights now, in the upper 24 bits, with their class, in the
// lower 8; u has the sum of each change times when it came, so that the average
// weight is w - u/t (Daumé 2006).
//
// The features' spans lie in one arena, so that scoring costs one cache miss for
// the head and mostly one for the span.
type sparse struct {
	head []span // by key
	w    []int32
	u    []int64
	t    int64
	used int // features
}

// span is where a feature's classes stand in the arena.
type span struct {
	start  uint32
	n, cap uint16
}

func newSparse() *sparse {
	return &sparse{head: make([]span, 1<<core.KeyBits), t: 1}
}

// ScoreClasses implements core.ClassScorer.
func (s *sparse) ScoreClasses(keys []uint32, out []int32) {
	var spans [256]span
	// Reading all heads first lets the processor wait for them together.
	for i, k := range keys {
		spans[i&255] = s.head[k]
	}
	for i := range keys {
		r := spans[i&255]
		for _, x := range s.w[r.start : r.start+uint32(r.n)] {
			out[x&255] += x >> 8
		}
	}
}

func (s *sparse) update(keys []uint32, class int, delta int32) {
next:
	for _, k := range keys {
		r := &s.head[k]
		for i := r.start; i < r.start+uint32(r.n); i++ {
			if int(s.w[i]&255) == class {
				s.w[i] += delta << 8
				s.u[i] += int64(delta) * s.t
				continue next
			}
		}
		if r.n == r.cap {
			s.move(r)
		}
		i := r.start + uint32(r.n)
		s.w[i] = delta<<8 | int32(class)
		s.u[i] = int64(delta) * s.t
		r.n++
	}
}

// move gives a span that is full twice the room at the end of the arena.
func (s *sparse) move(r *span) {
	if r.cap == 0 {
		s.used++
	}
	from, room := r.start, max(2, 2*int(r.cap))
	r.start, r.cap = uint32(len(s.w)), uint16(room)
	s.w = append(s.w, s.w[from:from+uint32(r.n)]...)
	s.u = append(s.u, s.u[from:from+uint32(r.n)]...)
	for range room - int(r.n) {
		s.w, s.u = append(s.w, 0), append(s.u, 0)
	}
}

// average returns the features with their average weights in fixed point with
// the given scale, but for weights that lie nearer to 0 than floor.
func (s *sparse) average(scale int64, floor int32) []core.Feature {
	var out []core.Feature
	var order []uint32
	for k, r := range s.head {
		order = order[:0]
		for i := r.start; i < r.start+uint32(r.n); i++ {
			order = append(order, i)
		}
		slices.SortFunc(order, func(a, b uint32) int { return int(s.w[a]&255) - int(s.w[b]&255) })
		f := core.Feature{Key: uint32(k)}
		for _, i := range order {
			if v := int32((int64(s.w[i]>>8)*s.t - s.u[i]) * scale / s.t); v >= floor || v <= -floor {
				f.Classes = append(f.Classes, uint8(s.w[i]&255))
				f.Weights = append(f.Weights, v)
			}
		}
		if len(f.Classes) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// learn updates for gold against the best other class unless gold leads by more
// than the margin; it reports whether gold was not the best.
func (s *sparse) learn(keys []uint32, scores []int32, gold int, margin int32) bool {
	rival := -1
	for c, v := range scores {
		if c != gold && (rival < 0 || v > scores[rival]) {
			rival = c
		}
	}
	if scores[gold]-scores[rival] <= margin {
		s.update(keys, gold, 1)
		s.update(keys, rival, -1)
	}
	return scores[gold] <= scores[rival]
}
