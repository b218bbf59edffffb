package core

// The kinds of transition of the arc-eager system (Nivre 2003). The artificial
// root stands behind the last word (Ballesteros and Nivre 2013), so every
// sentence of n words takes exactly 2n transitions.
const (
	Shift  = 0 // push the next word
	Reduce = 1 // pop a word that has its head
	Left   = 2 // the next word becomes head of the top, which is popped
	Right  = 3 // the top becomes head of the next word, which is pushed
)

// Action is a transition with the label of the arc that it draws, 0 for Shift
// and Reduce.
type Action struct {
	Kind, Label uint8
}

// node is a word's place in a partial tree; -1 is "none".
type node struct {
	head           int32
	l1, l2, r1, r2 int32  // outermost and second outermost children
	lv, rv         uint8  // number of children on either side, saturating
	lab            uint8  // label of the arc from the head, plus one
	lset, rset     uint64 // labels of the children
}

var freshNode = node{head: -1, l1: -1, l2: -1, r1: -1, r2: -1}

// State is a partial parse of n words. Node n is the artificial root.
type State struct {
	n, b  int
	stack []int32
	nodes []node // nodes[0..b] are initialised
}

func (st *State) reset(n int) {
	st.n, st.b = n, 0
	st.stack = st.stack[:0]
	st.nodes = grow(st.nodes, n+1)
	st.nodes[0] = freshNode
}

// done reports whether all words have been pushed and popped.
func (st *State) done() bool { return st.b == st.n && len(st.stack) == 0 }

// legal returns a bit per kind of transition that may be taken.
func (st *State) legal() uint8 {
	var m uint8
	top := len(st.stack) > 0
	if st.b < st.n {
		m |= 1 << Shift
		if top {
			m |= 1 << Right
		}
	}
	if top {
		if st.nodes[st.stack[len(st.stack)-1]].head >= 0 {
			m |= 1 << Reduce
		} else {
			m |= 1 << Left
		}
	}
	return m
}

// allowed reports whether a transition may be taken when the legal kinds are
// as given: arcs from the artificial root and no others have the label root.
func (st *State) allowed(a Action, legal uint8, root int) bool {
	if legal>>a.Kind&1 == 0 {
		return false
	}
	return a.Kind < Left || (int(a.Label) == root) == (st.b == st.n)
}

// apply takes an allowed transition.
func (st *State) apply(a Action) {
	switch a.Kind {
	case Shift:
		st.push()
	case Reduce:
		st.stack = st.stack[:len(st.stack)-1]
	case Left:
		s := st.stack[len(st.stack)-1]
		st.stack = st.stack[:len(st.stack)-1]
		h := &st.nodes[st.b]
		st.nodes[s].head = int32(st.b)
		st.nodes[s].lab = a.Label + 1
		h.l2, h.l1 = h.l1, s
		if h.lv < 255 {
			h.lv++
		}
		h.lset |= 1 << (a.Label & 63)
	case Right:
		s := st.stack[len(st.stack)-1]
		h := &st.nodes[s]
		st.nodes[st.b].head = s
		st.nodes[st.b].lab = a.Label + 1
		h.r2, h.r1 = h.r1, int32(st.b)
		if h.rv < 255 {
			h.rv++
		}
		h.rset |= 1 << (a.Label & 63)
		st.push()
	}
}

func (st *State) push() {
	st.stack = append(st.stack, int32(st.b))
	st.b++
	st.nodes[st.b] = freshNode
}

// arc returns the head and the dependent of the arc that a Left or Right draws.
func (st *State) arc(kind uint8) (head, dep int) {
	top := int(st.stack[len(st.stack)-1])
	if kind == Left {
		return st.b, top
	}
	return top, st.b
}

// noGap is the margin of a transition that had no alternative.
const noGap = 1 << 30

// parse parses the n prepared words greedily into s.state and fills gaps.
func (s *Scratch) parse(n int, acts []Action, root int, sc ClassScorer, gaps []int32) {
	st := &s.state
	st.reset(n)
	s.act = grow(s.act, len(acts))
	for i := range gaps {
		gaps[i] = noGap
	}
	for !st.done() {
		s.keys = s.actionKeys(st, s.keys)
		clear(s.act)
		sc.ScoreClasses(s.keys, s.act)
		legal := st.legal()
		best, second := -1, -1
		for a, v := range s.act {
			if (best >= 0 && v <= s.act[best] && second >= 0 && v <= s.act[second]) || !st.allowed(acts[a], legal, root) {
				continue
			}
			switch {
			case best < 0 || v > s.act[best]:
				best, second = a, best
			case second < 0 || v > s.act[second]:
				second = a
			}
		}
		gap := int32(noGap)
		if second >= 0 {
			gap = s.act[best] - s.act[second]
		}
		// A word's head hangs on the transition that draws its arc and, when it
		// was pushed without a head, on that too.
		switch acts[best].Kind {
		case Shift, Right:
			gaps[st.b] = min(gaps[st.b], gap)
		case Left:
			top := st.stack[len(st.stack)-1]
			gaps[top] = min(gaps[top], gap)
		}
		st.apply(acts[best])
	}
}
