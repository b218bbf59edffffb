package copies

// passage is a run of n words that begins at word a of one text and at word b
// of another.
type passage struct{ a, b, n int }

// longestPassage finds the longest run of words that stands in both sequences,
// in time and memory linear in their length: a suffix automaton of one, run over
// the other (Blumer et al., "The smallest automaton recognizing the subwords of
// a text", 1985). Of equally long ones it is the first in b, and there the first
// in a.
func longestPassage(a, b []uint64) passage {
	if len(a) == 0 || len(b) == 0 {
		return passage{}
	}
	m := newAutomaton(len(a))
	for _, w := range a {
		m.extend(w)
	}
	var best passage
	state, length := int32(0), 0
	for i, w := range b {
		to, ok := m.step(state, w)
		for !ok && state != 0 {
			state = m.states[state].link
			length = int(m.states[state].length)
			to, ok = m.step(state, w)
		}
		if !ok {
			continue
		}
		state = to
		if length++; length > best.n {
			end := int(m.states[state].firstEnd) + 1
			best = passage{end - length, i + 1 - length, length}
		}
	}
	return best
}

// automaton is a suffix automaton over word hashes. Its edges lie in one hash
// table, as a text has many different words and most states one edge.
type automaton struct {
	states []state
	edges  []edge
	table  []int32 // edge number + 1, open addressing
	mask   uint64
	last   int32
}

type state struct {
	length   int32 // of the longest run that ends here
	link     int32 // suffix link, -1 at the root
	firstEnd int32 // place of the last word of the first occurrence
	edges    int32 // first edge + 1
}

type edge struct {
	word uint64
	from int32
	to   int32
	next int32 // next edge of the state + 1
}

func newAutomaton(n int) *automaton {
	// A sequence of n words has at most 2n-1 states and 3n-4 edges.
	size := 16
	for size < 4*n {
		size *= 2
	}
	m := &automaton{states: make([]state, 1, 2*n+1), edges: make([]edge, 0, 2*n), table: make([]int32, size), mask: uint64(size - 1)}
	m.states[0].link = -1
	return m
}

// slot is where the edge is or would be.
func (m *automaton) slot(from int32, word uint64) *int32 {
	for i := (word + uint64(from)*shingleBase) & m.mask; ; i = (i + 1) & m.mask {
		p := &m.table[i]
		if *p == 0 {
			return p
		}
		if e := &m.edges[*p-1]; e.from == from && e.word == word {
			return p
		}
	}
}

func (m *automaton) step(from int32, word uint64) (int32, bool) {
	p := *m.slot(from, word)
	if p == 0 {
		return 0, false
	}
	return m.edges[p-1].to, true
}

// connect adds an edge that is not there.
func (m *automaton) connect(from int32, word uint64, to int32) {
	s := &m.states[from]
	m.edges = append(m.edges, edge{word, from, to, s.edges})
	s.edges = int32(len(m.edges))
	*m.slot(from, word) = s.edges
}

func (m *automaton) extend(word uint64) {
	end := m.states[m.last].length
	cur := int32(len(m.states))
	m.states = append(m.states, state{length: end + 1, firstEnd: end})
	p := m.last
	m.last = cur
	for ; p >= 0; p = m.states[p].link {
		if _, ok := m.step(p, word); ok {
			break
		}
		m.connect(p, word, cur)
	}
	if p < 0 {
		return
	}
	q, _ := m.step(p, word)
	if m.states[p].length+1 == m.states[q].length {
		m.states[cur].link = q
		return
	}
	clone := int32(len(m.states))
	old := m.states[q]
	m.states = append(m.states, state{length: m.states[p].length + 1, link: old.link, firstEnd: old.firstEnd})
	for e := old.edges; e != 0; e = m.edges[e-1].next {
		m.connect(clone, m.edges[e-1].word, m.edges[e-1].to)
	}
	for ; p >= 0; p = m.states[p].link {
		at := *m.slot(p, word)
		if at == 0 || m.edges[at-1].to != q {
			break
		}
		m.edges[at-1].to = clone
	}
	m.states[q].link, m.states[cur].link = clone, clone
}
