package match

import (
	"slices"
	"strings"
)

// Grades of likeness, 0..1. Sisters under one hypernym get none: they often
// exclude each other.
const (
	sameStem      = 1.0
	sameSynset    = 0.9  // commonest senses; less by rank
	sameDerived   = 0.85 // "assassinate", "assassination"
	sameClass     = 0.85 // the table of news words
	sameGeneral   = 0.8  // the query's word is one step more general; two steps .7
	samePerson    = 0.8  // "person" for any word for somebody
	sameRoot      = 0.7  // one root that the stemmer leaves apart
	sameSpecific  = 0.65 // the query's word is one step more special: alike, often a paraphrase
	commonestRank = 1    // senses up to this rank are linked over relations
)

// sense is a stem with what the lexicon knows of it.
type sense struct {
	stem    string
	sign    uint64  // mark of the stem, by which what was worked out for it is found again
	content float64 // what the stem counts for beside others
	own     []meaning
	beside  synsets
	up, up2 synsets
	class   []int
	person  bool

	core, wide []uint16 // see keyed
}

// synsets are some meanings, rising: few, mostly, and looked through for that.
type synsets []int

func (l *synsets) add(k int) {
	if at, had := slices.BinarySearch(*l, k); !had {
		*l = slices.Insert(*l, at, k)
	}
}

func (l *synsets) has(k int) bool {
	const few = 16
	if len(*l) > few {
		_, ok := slices.BinarySearch(*l, k)
		return ok
	}
	for _, x := range *l {
		if x >= k {
			return x == k
		}
	}
	return false
}

// senseOf returns what the lexicon knows of a stem. It is shared: nobody changes it.
func senseOf(stem string) *sense { return senses.get(stem, makeSense) }

var (
	senses memo[*sense]
	// noSense is that of what carries no content.
	noSense = &sense{}
)

func makeSense(stem string) *sense {
	s := &sense{stem: stem, sign: mark(stem), content: content(stem), class: words().class[stem]}
	if isNumber(stem) {
		return s.keyed()
	}
	f := wordnet()
	s.own = f.find(stem)
	if len(s.own) == 0 {
		return s.keyed()
	}
	for _, m := range s.own {
		s.person = s.person || m.person && m.rank == 0
	}
	for _, m := range s.own {
		if m.rank > commonestRank {
			continue
		}
		f.relation(f.besideEnds, f.beside, m.synset, s.beside.add)
		f.relation(f.upEnds, f.up, m.synset, func(k int) {
			s.up.add(k)
			f.relation(f.upEnds, f.up, k, s.up2.add)
		})
	}
	return s.keyed()
}

// Same is how alike two stems are in meaning, 0..1, the first being the query's:
// 1 for the same stem, .9 in one synset, .85 derived, .8 and .7 where the
// query's is more general by one or two steps.
func Same(query, other string) float64 {
	if query == other {
		return sameStem
	}
	if query == "" || other == "" {
		return 0
	}
	return senseOf(query).same(senseOf(other))
}

func (q *sense) same(d *sense) float64 {
	if q.stem == d.stem {
		return sameStem
	}
	best := 0.0
	for _, x := range q.class {
		for _, y := range d.class {
			if x == y {
				best = sameClass
			}
		}
	}
	for _, x := range q.own {
		for _, y := range d.own {
			v := 0.0
			common := x.rank <= commonestRank && y.rank <= commonestRank
			switch n := x.rank + y.rank; {
			case x.synset == y.synset && n <= 2:
				v = sameSynset
			case x.synset == y.synset && n <= 4:
				v = sameSynset - 0.1
			case x.synset == y.synset:
				v = sameSynset - 0.2
			case common && (q.beside.has(y.synset) || d.beside.has(x.synset)):
				v = sameDerived
			case common && d.up.has(x.synset):
				v = sameGeneral
			case common && d.up2.has(x.synset):
				v = sameGeneral - 0.1
			case common && q.up.has(y.synset):
				v = sameSpecific
			}
			best = max(best, v)
		}
	}
	if best == 0 && q.stem == "person" && d.person {
		return samePerson
	}
	if best > 0 {
		return best
	}
	a, b := q.stem, d.stem
	// A phrasal verb and its verb, where the lexicon has no more to say.
	if x, _, ok := strings.Cut(a, "_"); ok && x == b {
		return sameSpecific
	}
	if x, _, ok := strings.Cut(b, "_"); ok && x == a {
		return sameSpecific
	}
	// Words of one root that the stemmer leaves apart: "decide", "decision".
	if n := min(len(a), len(b)); n >= 6 && a[:5] == b[:5] && max(len(a), len(b))-n <= 3 && !strings.Contains(a+b, "_") {
		return sameRoot
	}
	return 0
}

// sister tells whether two words stand for two things of one kind: they share
// what is one or two steps more general, and neither is the other's.
func (q *sense) sister(o *sense) bool {
	for _, k := range q.up {
		if o.up.has(k) || o.up2.has(k) {
			return true
		}
	}
	return slices.ContainsFunc(o.up, q.up2.has)
}
