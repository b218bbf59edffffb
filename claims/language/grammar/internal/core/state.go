package core

// The four transitions of the arc-eager system (Nivre 2003). The artificial
// root stands behind the last word (Ballesteros and Nivre 2013), so every
// sentence of n words takes exactly 2n transitions.
const (
	Shift  = 0 // push the next word
	Reduce = 1 // pop a word that has its head
	Left   = 2 // the next word becomes head of the top, which is popped
	Right  = 3 // the top becomes head of the next word, which is pushed

	NumActions = 4
)

// MaxChunk is the longest stretch, in words, that is parsed as one: states are
// copied, so the cost is quadratic within a chunk and linear over chunks.
const MaxChunk = 160

// node is a word's place in a partial tree; -1 is "none".
type node struct {
	head           int16
	l1, l2, r1, r2 int16 // outermost and second outermost children
	lv, rv         uint8 // number of children on either side, saturating
	lset, rset     uint32
}

var freshNode = node{head: -1, l1: -1, l2: -1, r1: -1, r2: -1}

// State is a partial parse of n words. Node n is the artificial root.
type State struct {
	n, b  int
	stack []int16
	nodes []node // nodes[0..b] are initialised
	Score int64
	prev  uint8
	act   uint8
	roots int
}

func (st *State) reset(n int) {
	st.n, st.b = n, 0
	st.stack = st.stack[:0]
	st.nodes = grow(st.nodes, n+1)
	st.nodes[0] = freshNode
	st.Score, st.roots = 0, 0
}

func (st *State) copyFrom(o *State) {
	st.n, st.b = o.n, o.b
	st.stack = append(st.stack[:0], o.stack...)
	st.nodes = grow(st.nodes, o.n+1)
	copy(st.nodes[:o.b+1], o.nodes[:o.b+1])
	st.Score, st.roots = o.Score, o.roots
}

// done reports whether all words have been pushed and popped.
func (st *State) done() bool { return st.b == st.n && len(st.stack) == 0 }

// legal returns a bit per transition that may be taken.
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

// apply takes a legal transition. cls is the coarse class of each word, 0..31,
// for the sets of children.
func (st *State) apply(a int, cls []uint8) {
	switch a {
	case Shift:
		st.push()
	case Reduce:
		st.stack = st.stack[:len(st.stack)-1]
	case Left:
		s := st.stack[len(st.stack)-1]
		st.stack = st.stack[:len(st.stack)-1]
		h := &st.nodes[st.b]
		st.nodes[s].head = int16(st.b)
		h.l2, h.l1 = h.l1, s
		if h.lv < 255 {
			h.lv++
		}
		h.lset |= 1 << cls[s]
		if st.b == st.n {
			st.roots++
		}
	case Right:
		s := st.stack[len(st.stack)-1]
		h := &st.nodes[s]
		st.nodes[st.b].head = s
		h.r2, h.r1 = h.r1, int16(st.b)
		if h.rv < 255 {
			h.rv++
		}
		h.rset |= 1 << cls[st.b]
		st.push()
	}
}

func (st *State) push() {
	st.stack = append(st.stack, int16(st.b))
	st.b++
	st.nodes[st.b] = freshNode
}

// Oracle returns the transition of the canonical derivation of a projective
// tree: attach when possible, reduce as soon as the top has nothing left to do.
// heads holds n for the child of the root; rightmost[i] is i's last child or -1
// and leftmost the first.
func (st *State) Oracle(heads, leftmost []int) int {
	if len(st.stack) == 0 {
		return Shift
	}
	s := int(st.stack[len(st.stack)-1])
	if heads[s] == st.b {
		return Left
	}
	if st.b < st.n && heads[st.b] == s {
		return Right
	}
	if st.nodes[s].head >= 0 {
		// Something below the top wants the next word, or is wanted by it.
		if h := heads1(heads, st.b, st.n); h >= 0 && h < s {
			return Reduce
		}
		if lm := leftmost[st.b]; lm >= 0 && lm < s {
			return Reduce
		}
		if st.b == st.n {
			return Reduce
		}
	}
	return Shift
}

func heads1(heads []int, b, n int) int {
	if b >= n {
		return -1
	}
	return heads[b]
}
