package core

// MaxBeam bounds the beam width.
const MaxBeam = 32

type candidate struct {
	score int64
	from  uint8
	act   uint8
}

// step remembers, for each item of a beam, where it came from.
type step struct {
	prev [MaxBeam]uint8
	act  [MaxBeam]uint8
	gap  [MaxBeam]int32 // score of the transition minus that of the best other legal one
	n    int
}

// cost is what Gold adds to the score of a transition.
func (g *Gold) cost(st *State, a int) int32 {
	switch a {
	case Left:
		if g.Heads[st.stack[len(st.stack)-1]] != st.b {
			return g.Cost
		}
	case Right:
		if g.Heads[st.b] != int(st.stack[len(st.stack)-1]) {
			return g.Cost
		}
	}
	return 0
}

// noGap is the margin of a transition that had no alternative.
const noGap = 1 << 30

// Gold is the reference derivation that training follows through the beam.
type Gold struct {
	Actions []uint8
	// Heads is the same tree; an arc that is not in it has Cost added to its
	// score, so that the gold tree must win by a margin for every wrong arc.
	Heads []int
	Cost  int32
	// Violation is the step count at which the gold derivation lies furthest
	// below the best item (Huang, Fayong and Guo 2012), 0 if it never does.
	Violation int
	// Best is the best item's derivation up to Violation.
	Best []uint8
}

// Parse runs a beam of transitions over the prepared words from..to and leaves the best derivation in
// s.path and its states' final beam in s.beam. With gold it also finds the
// worst violation.
func (s *Scratch) parse(n, width int, sc ActionScorer, gold *Gold) {
	if len(s.beam) < width {
		s.beam = append(s.beam, make([]State, width-len(s.beam))...)
		s.next = append(s.next, make([]State, width-len(s.next))...)
	}
	steps := 2 * n
	s.steps = grow(s.steps, steps)
	s.beam[0].reset(n)
	size := 1
	var gs *State
	var worst int64
	worstItem := 0
	if gold != nil {
		gs = &s.gold
		gs.reset(n)
		gold.Violation = 0
		worst = -1
	}
	cls := s.atoms.cls
	cands := s.cands[:0]
	for k := 0; k < steps; k++ {
		cands = cands[:0]
		var gaps [MaxBeam][NumActions]int32
		for i := 0; i < size; i++ {
			st := &s.beam[i]
			legal := st.legal()
			var sc4 [NumActions]int32
			if legal&(legal-1) != 0 || gold != nil {
				s.keys = s.actionKeys(st, s.keys)
				sc.ScoreActions(s.keys, &sc4)
			}
			for a := 0; a < NumActions; a++ {
				if legal>>a&1 == 0 {
					continue
				}
				gap := int32(noGap)
				for o := 0; o < NumActions; o++ {
					if o != a && legal>>o&1 == 1 {
						gap = min(gap, sc4[a]-sc4[o])
					}
				}
				gaps[i][a] = gap
				if gold != nil {
					sc4[a] += gold.cost(st, a)
				}
				cands = insertCandidate(cands, candidate{st.Score + int64(sc4[a]), uint8(i), uint8(a)}, width)
			}
		}
		rec := &s.steps[k]
		rec.n = len(cands)
		for j, c := range cands {
			nx := &s.next[j]
			nx.copyFrom(&s.beam[c.from])
			nx.apply(int(c.act), cls)
			nx.Score = c.score
			rec.prev[j], rec.act[j], rec.gap[j] = c.from, c.act, gaps[c.from][c.act]
		}
		size = len(cands)
		s.beam, s.next = s.next, s.beam
		if gold != nil {
			var sc4 [NumActions]int32
			s.keys = s.actionKeys(gs, s.keys)
			sc.ScoreActions(s.keys, &sc4)
			g := int(gold.Actions[k])
			gs.Score += int64(sc4[g])
			gs.apply(g, cls)
			if v := s.beam[0].Score - gs.Score; v >= worst {
				// Equal scores count: the weights start at zero.
				if v > 0 || !s.sameAsGold(k, gold) {
					worst, worstItem = v, k+1
				}
			}
		}
	}
	s.cands = cands
	s.size = size
	if gold != nil {
		gold.Violation = worstItem
		if worstItem > 0 {
			gold.Best = s.trace(worstItem-1, 0, gold.Best)
		}
		return
	}
	// Prefer an item with a single root.
	best := 0
	for i := 1; i < size; i++ {
		if s.beam[i].roots < s.beam[best].roots {
			best = i
		}
	}
	s.best = best
}

// sameAsGold reports whether the best item's derivation up to step k is gold's.
func (s *Scratch) sameAsGold(k int, gold *Gold) bool {
	j := uint8(0)
	for ; k >= 0; k-- {
		if s.steps[k].act[j] != gold.Actions[k] {
			return false
		}
		j = s.steps[k].prev[j]
	}
	return true
}

// trace writes the derivation of item j after step k into out.
func (s *Scratch) trace(k, j int, out []uint8) []uint8 {
	out = grow(out, k+1)
	for ; k >= 0; k-- {
		out[k] = s.steps[k].act[j]
		j = int(s.steps[k].prev[j])
	}
	return out
}

// insertCandidate keeps the best width candidates in falling order; of equal
// ones the first comes first.
func insertCandidate(c []candidate, x candidate, width int) []candidate {
	if len(c) == width {
		if c[width-1].score >= x.score {
			return c
		}
		c = c[:width-1]
	}
	i := len(c)
	c = append(c, x)
	for i > 0 && c[i-1].score < x.score {
		c[i] = c[i-1]
		i--
	}
	c[i] = x
	return c
}

// Replay calls f with the feature keys and the transition at every step of a
// derivation of n prepared words from step `from` on.
func (s *Scratch) Replay(n int, actions []uint8, from int, f func(keys []uint32, act int)) {
	st := &s.gold
	st.reset(n)
	for k, a := range actions {
		if k >= from {
			s.keys = s.actionKeys(st, s.keys)
			f(s.keys, int(a))
		}
		st.apply(int(a), s.atoms.cls)
	}
}

// LearnParse decodes the described and tagged words against gold.
func (s *Scratch) LearnParse(n, width int, sc ActionScorer, gold *Gold) { s.parse(n, width, sc, gold) }

// GoldActions returns the canonical derivation of a projective tree. heads
// holds n for the child of the root.
func (s *Scratch) GoldActions(heads []int, out []uint8) []uint8 {
	n := len(heads)
	left := make([]int, n+1)
	for i := range left {
		left[i] = -1
	}
	for i := n - 1; i >= 0; i-- {
		if h := heads[i]; h > i {
			left[h] = i
		}
	}
	cls := make([]uint8, n+2)
	st := &s.gold
	st.reset(n)
	out = out[:0]
	for !st.done() {
		a := st.Oracle(heads, left)
		out = append(out, uint8(a))
		st.apply(a, cls)
	}
	return out
}
