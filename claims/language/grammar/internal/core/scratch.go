package core

// Scratch is the working memory of one analysis at a time. Its zero value is
// ready; reuse it to produce no garbage. It is not safe for concurrent use.
type Scratch struct {
	form, low []byte
	tok       []Token
	amb       []uint64
	sure      []int16
	tags      []uint8
	word      []uint64
	keys      []uint32
	scores    []int32

	atoms      atoms
	beam, next []State
	gold       State
	steps      []step
	cands      []candidate
	path       []uint8
	size, best int

	off   int // first token of the chunk at hand
	tree  tree
	heads []int32
	gaps  []int32
	words []int32 // words attached at each step, scratch of attach
	Out   Result
}

// Result is the analysis of one sentence of n words, by index.
type Result struct {
	Tags   []uint8 // index into Model.Tags
	Heads  []int32 // n for the root
	Labels []uint8 // index into Model.Labels
	Gaps   []int32 // lowest margin of the decisions that attached the word
}

// attach replays the chosen derivation and fills heads and gaps of a chunk.
// Heads are relative to the chunk, n for the root; there may be several roots.
func (s *Scratch) attach(n int, heads, gaps []int32) {
	k := 2*n - 1
	s.path = s.trace(k, s.best, s.path)
	s.words = grow(s.words, 2*n)
	// Gaps along the path, backwards as the links run.
	j := s.best
	for i := k; i >= 0; i-- {
		s.words[i] = s.steps[i].gap[j]
		j = int(s.steps[i].prev[j])
	}
	st := &s.gold
	st.reset(n)
	for i, a := range s.path {
		switch a {
		case Left:
			gaps[st.stack[len(st.stack)-1]] = s.words[i]
		case Right:
			gaps[st.b] = s.words[i]
		}
		st.apply(int(a), s.atoms.cls)
	}
	for i := range n {
		heads[i] = int32(st.nodes[i].head)
	}
	// Another derivation in the final beam that attaches a word elsewhere bounds
	// the margin too: the sums were trained, not the single steps.
	bs := s.beam[s.best].Score
	for b := 0; b < s.size; b++ {
		if b == s.best {
			continue
		}
		diff := int32(max(0, min(bs-s.beam[b].Score, noGap)))
		for i := range n {
			if s.beam[b].nodes[i].head != int16(heads[i]) {
				gaps[i] = min(gaps[i], diff)
			}
		}
	}
}
