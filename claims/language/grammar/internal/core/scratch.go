package core

// Scratch is the working memory of one analysis at a time. Its zero value is
// ready; reuse it to produce no garbage. It is not safe for concurrent use.
type Scratch struct {
	form, low []byte
	tok       []Token
	amb       []uint64
	sure      []int16
	tags      []uint8
	keys      []uint32
	scores    []int32 // of tags
	act       []int32 // of transitions

	atoms atoms
	state State
	Out   Result

	// Drop, when not nil, takes some features away in training. It may use the
	// memory of keys.
	Drop func(keys []uint32) []uint32
}

// Result is the analysis of one sentence of n words, by index.
type Result struct {
	Tags   []uint8 // index into Model.Tags
	Heads  []int32 // n for the root
	Labels []uint8 // index into Model.Labels
	Gaps   []int32 // lowest margin of the transitions that gave the word its head
}

// thin applies Drop to s.keys.
func (s *Scratch) thin() {
	if s.Drop != nil {
		s.keys = s.Drop(s.keys)
	}
}
