package match

import "math/bits"

// byNumber is a map from the numbers of senses or spellings, which are never 0: a
// table of places, a power of two of them, half of them free at least. The zero
// value is empty. A Go map takes five times as long, and a reader looks up every
// word of every document it compares.
type byNumber[V any] struct {
	numbers []uint32
	values  []V
	n       int
}

// place is where a number stands, or where it would.
func (m *byNumber[V]) place(number uint32) int {
	mask := uint32(len(m.numbers) - 1)
	at := number * 0x9E3779B1 >> 7 & mask
	for m.numbers[at] != number && m.numbers[at] != 0 {
		at = (at + 1) & mask
	}
	return int(at)
}

func (m *byNumber[V]) get(number uint32) (v V, ok bool) {
	if m.n == 0 {
		return v, false
	}
	at := m.place(number)
	return m.values[at], m.numbers[at] != 0
}

// put sets the value of a number that has none.
func (m *byNumber[V]) put(number uint32, v V) {
	const fewest = 512
	if 2*(m.n+1) > len(m.numbers) {
		old := *m
		m.numbers, m.values = make([]uint32, max(fewest, 2*len(old.numbers))), make([]V, max(fewest, 2*len(old.numbers)))
		for i, x := range old.numbers {
			if x != 0 {
				at := m.place(x)
				m.numbers[at], m.values[at] = x, old.values[i]
			}
		}
	}
	at := m.place(number)
	m.numbers[at], m.values[at] = number, v
	m.n++
}

// saying is how well a stem says each word of a query, and the best of that.
type saying struct {
	words []float64
	most  float64
}

// says is how well a stem says each word of the query, remembered; nil when it says
// none.
func (r *Reader) says(s *sense) *saying {
	if s.number == 0 {
		return nil
	}
	v, ok := r.sayingOf.get(s.number)
	if ok {
		return v
	}
	if r.kin.related(s) {
		v = &saying{words: make([]float64, len(r.q.words))}
		for i, w := range r.q.words {
			v.words[i] = w.same(s)
			v.most = max(v.most, v.words[i])
		}
		if v.most == 0 {
			v = nil
		}
	}
	r.sayingOf.put(s.number, v)
	return v
}

// vector is how well a stem says each word of the query; nil when it says none.
func (r *Reader) vector(s *sense) []float64 {
	if v := r.says(s); v != nil {
		return v.words
	}
	return nil
}

// most is how well a stem says the word of the query that it says best.
func (r *Reader) most(s *sense) float64 {
	if v := r.says(s); v != nil {
		return v.most
	}
	return 0
}

// opposites are the words of a query and what cannot be said with them of one
// thing, as opposite tells it: the words are bits.
type opposites struct {
	own     map[int]uint64 // synset -> the words that mean it
	against map[int]uint64 // synset -> the words that mean its opposite
	listed  map[string]uint64
}

func oppositesOf(asked []*sense) *opposites {
	o := &opposites{own: map[int]uint64{}, against: map[int]uint64{}, listed: map[string]uint64{}}
	f, l := wordnet(), words()
	for i, w := range asked {
		for _, stem := range l.against[w.stem] {
			o.listed[stem] |= 1 << i
		}
		for _, x := range w.own {
			if x.rank <= commonestRank {
				o.own[x.synset] |= 1 << i
				f.relation(f.againstEnds, f.against, x.synset, func(k int) { o.against[k] |= 1 << i })
			}
		}
	}
	return o
}

func (o *opposites) of(s *sense) uint64 {
	found := o.listed[s.stem]
	f := wordnet()
	for _, y := range s.own {
		if y.rank <= commonestRank {
			found |= o.against[y.synset]
			f.relation(f.againstEnds, f.against, y.synset, func(k int) { found |= o.own[k] })
		}
	}
	return found
}

// opposing are the words of the query that cannot be said with a word of one thing,
// a bit each; none for a word of the query itself.
func (r *Reader) opposing(s *sense) uint64 {
	if s.number == 0 {
		return 0
	}
	v, ok := r.opposingOf.get(s.number)
	if !ok {
		if !r.q.set[s.stem] {
			v = r.opposites.of(s)
		}
		r.opposingOf.put(s.number, v)
	}
	return v
}

// firstOf is the first of some words of the query, given as bits.
func firstOf(words uint64) int { return bits.TrailingZeros64(words) }
