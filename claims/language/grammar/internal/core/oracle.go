package core

// Learner is told of one transition: its keys, the scores of all transitions,
// and the best of the allowed ones that lose no gold arc and the best of the
// others.
type Learner func(keys []uint32, scores []int32, good, bad int)

// LearnGreedy parses the prepared words with a dynamic oracle for arc-eager
// (Goldberg and Nivre 2012): in every state it asks which transitions lose no
// gold arc that could still be had, tells learn, and goes on with the
// prediction when explore says so, else with the best harmless transition.
// heads is a projective tree, n for the child of the root; labels are those of
// its arcs.
func (s *Scratch) LearnGreedy(heads []int, labels []uint8, acts []Action, root int, sc ClassScorer, explore func() bool, learn Learner) {
	st := &s.state
	st.reset(len(heads))
	s.act = grow(s.act, len(acts))
	for !st.done() {
		s.keys = s.actionKeys(st, s.keys)
		s.thin()
		clear(s.act)
		sc.ScoreClasses(s.keys, s.act)
		legal := st.legal()
		free := st.free(heads) & legal
		good, bad := -1, -1
		for a, act := range acts {
			if !st.allowed(act, legal, root) {
				continue
			}
			ok := free>>act.Kind&1 == 1
			if ok && act.Kind >= Left {
				// An arc that is not gold costs nothing when the gold one is lost
				// already; its label is then all the same.
				h, d := st.arc(act.Kind)
				ok = heads[d] != h || labels[d] == act.Label
			}
			if ok && (good < 0 || s.act[a] > s.act[good]) {
				good = a
			}
			if !ok && (bad < 0 || s.act[a] > s.act[bad]) {
				bad = a
			}
		}
		if good < 0 { // a gold label that acts lacks: lose nothing more by going on
			good, bad = bad, -1
		}
		next := good
		if bad >= 0 {
			learn(s.keys, s.act, good, bad)
			if s.act[bad] > s.act[good] && explore() {
				next = bad
			}
		}
		st.apply(acts[next])
	}
}

// free returns a bit per kind of transition that loses no gold arc.
func (st *State) free(heads []int) uint8 {
	n, b := st.n, st.b
	top := -1
	if k := len(st.stack); k > 0 {
		top = int(st.stack[k-1])
	}
	var left, right, shift, reduce int
	if top >= 0 {
		for k := b; k < n; k++ { // dependents of the top still to come
			if heads[k] == top {
				reduce++
				left++
			}
		}
		if h := heads[top]; h > b {
			left++
		}
	}
	if b < n {
		hb := heads[b]
		if hb > b && top >= 0 {
			right++
		}
		for _, x := range st.stack {
			if int(x) == hb {
				shift++
				if hb != top {
					right++
				}
			}
			if heads[x] == b && st.nodes[x].head < 0 {
				shift++
				right++
			}
		}
	}
	var m uint8
	for k, c := range [4]int{Shift: shift, Reduce: reduce, Left: left, Right: right} {
		if c == 0 {
			m |= 1 << k
		}
	}
	return m
}
