package match

import (
	"github.com/secondsource/secondsource/claims"
)

// Question is a query as a search asks it: its keys, those of each word together,
// so that what a hit shares tells how much of the query it may say before it is
// read.
type Question struct {
	Keys  []uint64
	parts []asking
	total float64
}

// asking is a word or a name of a query: its weight and the places of its keys.
type asking struct {
	weight float64
	name   bool // each of its words has a share of it; of a word the surest key counts
	keys   []place
}

// place is that of a key, and how surely a claim that has the key says the word, or
// what share of the name.
type place struct {
	at    int
	share float64
}

// How surely a word is said by a claim that shares one of its keys.
const (
	byStem    = 1.0
	byClass   = 0.85
	byMeaning = 0.8
	byGeneral = 0.4 // the more general word, or only another one under it
)

// Question returns the query as a search asks it. Its keys are those of Terms.
func (r *Reader) Question(main *claims.Claim) *Question {
	q := &Question{}
	free := map[uint64]bool{}
	terms := Terms(main)
	for _, t := range terms {
		free[t.Key] = true
	}
	at := map[uint64]int{}
	ask := func(a *asking, key uint64, share float64) {
		n, had := at[key]
		if !had {
			if !free[key] {
				return
			}
			n = len(q.Keys)
			at[key] = n
			q.Keys = append(q.Keys, key)
		}
		if n < claims.MaxShared {
			a.keys = append(a.keys, place{n, share})
		}
	}
	add := func(a asking) {
		if len(a.keys) > 0 {
			q.parts = append(q.parts, a)
		}
		q.total += a.weight
	}
	for _, n := range r.q.names {
		a := asking{weight: 1 + 0.3*float64(len(n.tokens)-1), name: true}
		need := 0.0
		for i := range n.tokens {
			need += flag(n.required[i] && n.tokens[i].stem != "")
		}
		for i, t := range n.tokens {
			if n.required[i] && t.stem != "" {
				ask(&a, hash("s", t.stem), 1/need)
			}
		}
		add(a)
	}
	for i, w := range r.q.words {
		a := asking{weight: r.weight[i]}
		ask(&a, hash("s", w.stem), byStem)
		for _, n := range w.class {
			ask(&a, hashClass(n), byClass)
		}
		for _, k := range w.keys() {
			share := byGeneral
			for _, m := range w.own {
				if m.synset == k {
					share = byMeaning
				}
			}
			ask(&a, hashSynset(k), share)
		}
		add(a)
	}
	for _, t := range terms {
		if _, had := at[t.Key]; !had {
			q.Keys = append(q.Keys, t.Key)
		}
	}
	return q
}

// Share is how much of the query, by weight, is said by who shares some of its
// keys, 0..1; as far as keys can tell.
func (q *Question) Share(s claims.Shared) float64 {
	if q.total == 0 {
		return 1
	}
	have := 0.0
	for i := range q.parts {
		p := &q.parts[i]
		said := 0.0
		for _, k := range p.keys {
			switch {
			case !s.Has(k.at):
			case p.name:
				said += k.share
			default:
				said = max(said, k.share)
			}
		}
		have += p.weight * said
	}
	return have / q.total
}
