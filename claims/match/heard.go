package match

import "math/bits"

// byMark is a map from marks of words, which are never 0: a table of places, a power
// of two of them, half of them free at least. The zero value is empty. A Go map of
// strings takes five times as long, and a reader looks up every word of every
// document it compares.
type byMark[V any] struct {
	marks  []uint64
	values []V
	n      int
}

// place is where a mark stands, or where it would.
func (m *byMark[V]) place(mark uint64) int {
	mask := uint64(len(m.marks) - 1)
	at := mark & mask
	for m.marks[at] != mark && m.marks[at] != 0 {
		at = (at + 1) & mask
	}
	return int(at)
}

func (m *byMark[V]) get(mark uint64) (v V, ok bool) {
	if m.n == 0 {
		return v, false
	}
	at := m.place(mark)
	return m.values[at], m.marks[at] != 0
}

// put sets the value of a mark that has none.
func (m *byMark[V]) put(mark uint64, v V) {
	const fewest = 1024
	if 2*(m.n+1) > len(m.marks) {
		old := *m
		m.marks, m.values = make([]uint64, max(fewest, 2*len(old.marks))), make([]V, max(fewest, 2*len(old.marks)))
		for i, x := range old.marks {
			if x != 0 {
				at := m.place(x)
				m.marks[at], m.values[at] = x, old.values[i]
			}
		}
	}
	at := m.place(mark)
	m.marks[at], m.values[at] = mark, v
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
	if s.sign == 0 {
		return nil
	}
	v, ok := r.sayingOf.get(s.sign)
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
	r.sayingOf.put(s.sign, v)
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
	if s.sign == 0 {
		return 0
	}
	v, ok := r.opposingOf.get(s.sign)
	if !ok {
		if !r.q.holds(s.stem) {
			v = r.opposites.of(s)
		}
		r.opposingOf.put(s.sign, v)
	}
	return v
}

// firstOf is the first of some words of the query, given as bits.
func firstOf(words uint64) int { return bits.TrailingZeros64(words) }

// counting is how surely what a stem names is what each number of the query counts,
// and what its other numbers count.
type counting struct{ of, swapped []float64 }

// countedAs is that of a stem, remembered.
func (r *Reader) countedAs(s *sense) *counting {
	v, ok := r.countingOf.get(s.sign)
	if ok {
		return v
	}
	n := len(r.asked)
	room := make([]float64, 2*n)
	v = &counting{room[:n], room[n:]}
	for i := range r.asked {
		v.of[i], v.swapped[i] = best(r.asked[i].of, s), best(r.asked[i].swapped, s)
	}
	r.countingOf.put(s.sign, v)
	return v
}

// best is how well one of some words is said by another.
func best(words []*sense, s *sense) (most float64) {
	for _, w := range words {
		most = max(most, w.same(s))
	}
	return most
}
