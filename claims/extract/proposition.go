package extract

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// Proposition is the smallest thing that a clause says, in the words of the
// text: who, does what, to whom or where. A slot is a list of byte ranges of
// Document.Text in the order they are said, which need not be the order they
// stand in ("In May the dam broke": "the dam", "broke In", "May").
type Proposition struct {
	Kind     PropositionKind
	Subject  []claims.Span
	Relation []claims.Span
	Object   []claims.Span // empty when the clause is only subject and verb

	// What the slots leave out and a fuller wording keeps.
	Adverbs     []claims.Span // of the verb: "also", "reportedly"
	SubjectRest []claims.Span // prepositional phrases and clauses that say which subject is meant
	ObjectRest  []claims.Span // the same of the object
	Complement  []claims.Span // the prepositional phrase right behind the verb, when the object is a later one: "went to Bata | in | May"
	// Topic is who the subject of a clause inside "X is a Y that …" is in the end:
	// X, while the subject is Y. Empty for all others.
	Topic []claims.Span
}

// PropositionKind says what the object of a Proposition is to its clause.
type PropositionKind int

// The kinds of proposition.
const (
	PropCore      PropositionKind = iota // subject, verb, object or complement
	PropBare                             // subject and verb alone
	PropAdjunct                          // with a prepositional phrase or a time: "opened the dam | in | May"
	PropModifier                         // with what a noun of it is said to be of: "opened a part of | the dam"
	PropContent                          // with what was said: "said | that the dam broke"
	PropMember                           // one of those that an object names as examples: "opened | the dam" for "opened works such as the dam"
	PropTitled                           // a name and the noun before it that says what it is: "Ana Dorn | actress"
	PropAside                            // a noun and what stands in brackets behind it
	PropApposed                          // a noun and the apposition behind its comma
	PropDescribed                        // a predicate noun with one of its adjectives, or none: "is | a town" for "is a small town"
)

// maxPropositions bounds those of one clause: coordination multiplies.
const maxPropositions = 48

// clause is one stop of the clause walk.
type clause struct {
	head int
	subj np // what it borrows: the subject of the clause before, the noun a relative clause is about
	form form
	who  speech
}

// Propositions reads the document as Document does, and returns what its clauses
// say in the smallest parts, in the order of the clause walk. Time is linear in
// the length of the text.
func (x *Extractor) Propositions(d *claims.Document) []Proposition {
	rd := x.reader(d)
	var out []Proposition
	titles := quotedTitles(rd.t)
	rd.visit = func(c clause) {
		p := proposer{r: rd, t: rd.t, c: c, titles: titles}
		p.clause()
		out = append(out, p.out...)
	}
	rd.read()
	for n := range rd.t.Sentences {
		p := proposer{r: rd, t: rd.t, titles: titles}
		p.speech(&rd.t.Sentences[n])
		p.nouns(&rd.t.Sentences[n])
		out = append(out, p.out...)
	}
	return out
}

// proposer says what one clause says.
type proposer struct {
	r      *reader
	t      *language.Text
	c      clause
	sub    []int // the subject that is being said
	sur    []int // what else says which subject is meant
	top    []int // Topic
	adv    []int // the adverbs of the verb that is being said
	tail   []int // Complement
	out    []Proposition
	short  bool           // the object is said without its rest
	titles map[int][2]int // tokens inside quotation marks -> first and last of the words quoted
}

func (p *proposer) clause() {
	t, h := p.t, p.c.head
	if p.c.form == infinitive {
		return // said with the verb above it
	}
	gap := -1 // the noun that a relative clause leaves out behind its verb
	var subjects [][]int
	attached := t.Tokens[h].Rel == "acl" || t.Tokens[h].Rel == "acl:relcl"
	switch own := t.Child(h, "nsubj", "nsubj:pass", "nsubj:outer"); {
	case t.Child(h, "expl") >= 0 && (own < 0 || own > h):
		subjects = [][]int{{t.Child(h, "expl")}}
	case own >= 0 && (p.c.form != relative || !relativePronoun(t.Tokens[own].XPOS)):
		for _, s := range p.coordinated(own) {
			subjects = append(subjects, p.slot(s))
		}
		if p.c.form == relative {
			gap = p.c.subj.head
		}
	case !p.c.subj.ok():
	case attached:
		subjects = [][]int{p.slot(p.c.subj.head)}
	default:
		for _, s := range p.coordinated(p.c.subj.head) {
			subjects = append(subjects, p.slot(s))
		}
	}
	for _, s := range subjects {
		if len(s) == 0 || len(s) == 1 && relativePronoun(t.Tokens[s[0]].XPOS) {
			continue
		}
		p.sub, p.sur, p.top = s, nil, nil
		if !attached {
			p.sur = p.rest(s, nil)
		} else if p.c.subj.ok() {
			p.top = p.topic(p.c.subj.head)
		}
		p.predicate(h, p.auxiliaries(h), gap, 0)
	}
}

// auxiliaries are the words before the verb that belong to it, with those that a
// second conjunct shares with the first.
func (p *proposer) auxiliaries(h int) []int {
	t := p.t
	var out []int
	for _, c := range t.Children(h) {
		if rel := t.Tokens[c].Rel; rel == "aux" || rel == "aux:pass" || rel == "cop" || rel == "advmod" && negative(t.Tokens[c].Lower) {
			out = append(out, c)
		}
	}
	if len(out) > 0 || t.Tokens[h].Rel != "conj" || t.Tokens[h].Head < 0 {
		return out
	}
	if x := t.Tokens[h].XPOS; x != "VBN" && x != "VB" && x != "VBG" && t.Tokens[h].UPOS == "VERB" {
		return out
	}
	if p.r.verbal(t.Tokens[h].Head) {
		for _, c := range p.auxiliaries(t.Tokens[h].Head) {
			if c < h {
				out = append(out, c)
			}
		}
	}
	return out
}

func negative(w string) bool { return w == "not" || w == "n't" || w == "never" }

// predicate says the verb at v with all that hangs on it; before are the words
// of the relation so far, gap the object a relative clause leaves out, -1 none.
func (p *proposer) predicate(v int, before []int, gap, depth int) {
	t := p.t
	if depth > 4 {
		return
	}
	if t.Tokens[v].UPOS != "VERB" && t.Tokens[v].UPOS != "AUX" || t.Child(v, "cop") >= 0 {
		p.copular(v, before)
		return
	}
	rel := extend(before, v)
	defer func(adv []int) { p.adv = adv }(p.adv)
	p.adv = slices.Clone(p.adv)
	for _, c := range t.Children(v) {
		switch t.Tokens[c].Rel {
		case "compound:prt":
			rel = extend(rel, c)
		case "advmod":
			if !negative(t.Tokens[c].Lower) && t.Tokens[c].XPOS != "WRB" && len(t.Subtree(c, nil)) < 3 {
				p.adv = append(p.adv, t.Subtree(c, nil)...)
			}
		}
	}
	var objects []int
	next := -1
	for _, c := range t.Children(v) {
		if p.r.boring[c] {
			continue
		}
		switch tok := &t.Tokens[c]; tok.Rel {
		case "obj", "iobj":
			if !relativePronoun(tok.XPOS) {
				objects = append(objects, p.coordinated(c)...)
			}
		case "xcomp":
			if t.Tokens[c].UPOS == "VERB" || t.Child(c, "mark") >= 0 {
				next = c
			} else {
				objects = append(objects, p.coordinated(c)...)
			}
		case "nsubj":
			if t.Child(v, "expl") >= 0 && c > v {
				objects = append(objects, p.coordinated(c)...)
			}
		case "ccomp":
			p.emit(PropContent, p.sub, rel, p.content(c))
		}
	}
	if to := p.recipient(v, objects); to >= 0 {
		// "won him a prize": whom it was won for stands before what was won.
		rel = extend(rel, p.slot(to)...)
		objects = slices.DeleteFunc(objects, func(o int) bool { return o == to })
	}
	if gap >= 0 && len(objects) == 0 && t.Tokens[v].Rel == "acl:relcl" {
		objects = []int{gap}
	}
	said := len(objects) > 0 || next >= 0
	for _, o := range objects {
		p.emit(PropCore, p.sub, rel, p.slot(o))
		if t.Tokens[o].Rel == "xcomp" && t.Tokens[o].UPOS == "ADJ" {
			p.adjuncts(o, extend(rel, p.slot(o)...), nil)
		}
	}
	p.modifiers(rel, objects, 0)
	if next >= 0 {
		mid := rel
		if len(objects) > 0 {
			mid = extend(rel, p.slot(objects[0])...)
		}
		if m := t.Child(next, "mark"); m >= 0 {
			mid = extend(mid, m)
		}
		p.predicate(next, extend(mid, p.auxiliaries(next)...), -1, depth+1)
	}
	if !p.adjuncts(v, rel, objects) && !said {
		p.emit(PropBare, p.sub, rel, nil)
	}
	p.purposes(v, rel, objects, depth)
}

// described says each of the adjectives of a predicate noun on its own: "is a
// small | town", "is a northern | town".
func (p *proposer) described(rel []int, o int, s []int) {
	t := p.t
	if t.Tokens[o].UPOS != "NOUN" {
		return
	}
	var adjectives []int
	for _, c := range t.Children(o) {
		if t.Tokens[c].Rel == "amod" && c < o {
			adjectives = append(adjectives, c)
			for _, k := range t.Children(c) {
				if t.Tokens[k].Rel == "conj" && k < o {
					adjectives = append(adjectives, k)
				}
			}
		}
	}
	if len(adjectives) == 0 {
		return
	}
	p.short = true
	defer func() { p.short = false }()
	for _, v := range p.each(s, adjectives) {
		p.emit(PropDescribed, p.sub, rel, v)
	}
}

// recipient is the first of two objects that are not coordinated, or -1.
func (p *proposer) recipient(v int, objects []int) int {
	t := p.t
	first := -1
	for _, o := range objects {
		if t.Tokens[o].Head != v || t.Tokens[o].Rel != "obj" && t.Tokens[o].Rel != "iobj" {
			continue
		}
		if first >= 0 && t.Child(first, "conj") < 0 {
			return first
		}
		first = o
	}
	return -1
}

// purposes says what something is done for, or how: "closed the road to clear |
// the snow".
func (p *proposer) purposes(v int, rel, objects []int, depth int) {
	t := p.t
	for _, c := range t.Children(v) {
		if t.Tokens[c].Rel != "advcl" || t.Tokens[c].UPOS != "VERB" || c < v || t.Child(c, "nsubj", "nsubj:pass") >= 0 {
			continue
		}
		m := t.Child(c, "mark")
		if m < 0 || t.Tokens[m].Lower != "to" {
			continue
		}
		os := objects
		if len(os) == 0 {
			os = []int{-1}
		}
		for _, o := range os {
			p.predicate(c, extend(extend(rel, p.slotOf(o)...), m), -1, depth+2)
		}
	}
}

// slotOf is slot, or nothing for -1.
func (p *proposer) slotOf(o int) []int {
	if o < 0 {
		return nil
	}
	return p.slot(o)
}

// adjuncts says each prepositional phrase and time of a clause on its own, with
// the object before it. It returns false when there are none.
func (p *proposer) adjuncts(v int, rel []int, objects []int) bool {
	t := p.t
	found := false
	var tail []int // the first complement of a verb without object, kept before those behind it
	bare := len(objects) == 0
	if bare {
		objects = []int{-1}
	}
	first := p.complement(v)
	for _, c := range t.Children(v) {
		if p.r.boring[c] || linking[t.Tokens[c].Lower] {
			continue
		}
		if bare && first >= 0 && c < v && t.Tokens[c].Rel == "obl" {
			// "In May it | went to Bata": the fuller wording keeps where to.
			p.tail = extend(p.preposition(first), p.slot(first)...)
		}
		switch t.Tokens[c].Rel {
		case "obl", "obl:agent", "obl:tmod", "obl:unmarked", "obl:npmod":
			ks := p.coordinated(c)
			prep := p.preposition(c)
			for _, o := range objects {
				r := extend(extend(rel, p.slotOf(o)...), prep...)
				if c > v {
					p.tail = tail
				}
				for _, k := range ks {
					if !relativePronoun(t.Tokens[k].XPOS) {
						p.emit(PropAdjunct, p.sub, r, p.slot(k))
						found = true
					}
				}
				p.modifiers(r, ks, 0)
				p.tail = nil
			}
			if bare && tail == nil && len(prep) > 0 && prep[0] == v+1 && !p.passive(v) && !p.r.inTime(c) {
				tail = extend(prep, p.slot(ks[0])...)
			}
		case "advmod":
			// "five years later"
			if t.Child(c, "obl:unmarked", "obl:npmod", "obl:tmod") < 0 {
				continue
			}
			for _, o := range objects {
				p.emit(PropAdjunct, p.sub, extend(rel, p.slotOf(o)...), t.Subtree(c, nil))
				found = true
			}
		}
	}
	return found
}

// complement is the noun of the prepositional phrase right behind a verb, -1 when
// there is none.
func (p *proposer) complement(v int) int {
	for _, c := range p.t.Children(v) {
		if rel := p.t.Tokens[c].Rel; c > v && (rel == "obl" || rel == "obl:agent") && !p.r.inTime(c) {
			if prep := p.preposition(c); len(prep) > 0 && prep[0] == v+1 {
				return c
			}
		}
	}
	return -1
}

func (p *proposer) passive(v int) bool {
	return p.t.Child(v, "aux:pass", "nsubj:pass") >= 0 || p.c.form == passive
}

// linking are nouns that with their preposition only link a sentence to the one
// before: "for example", "in addition".
var linking = words("example instance addition contrast fact particular turn")

// copular says what something is: "is | the largest city", "was in | Bata".
func (p *proposer) copular(v int, before []int) {
	t := p.t
	if len(before) == 0 && p.c.form != passive && p.c.form != participle {
		return
	}
	os := p.coordinated(v)
	for _, o := range os {
		rel := extend(before, p.preposition(o)...)
		s := p.slot(o)
		p.emit(PropCore, p.sub, rel, s)
		p.described(rel, o, s)
		if u := t.Tokens[o].UPOS; u == "ADJ" || u == "VERB" || u == "ADV" {
			rel = extend(rel, s...)
			if x := t.Child(o, "xcomp", "advcl", "ccomp"); x >= 0 && t.Tokens[x].UPOS == "VERB" && t.Child(x, "mark") >= 0 && t.Child(x, "nsubj") < 0 {
				p.predicate(x, extend(rel, t.Child(x, "mark")), -1, 2)
			}
			p.adjuncts(o, rel, nil)
			continue
		}
		p.adjuncts(o, rel, []int{o})
	}
	if u := t.Tokens[v].UPOS; u != "ADJ" && u != "VERB" && u != "ADV" {
		p.modifiers(extend(before, p.preposition(v)...), os, 0)
	}
}

// modifiers says what the nouns of a coordination are of: "opened a part of |
// the dam". What stands behind the last of them belongs to all: "cars and lorries
// from Bata".
func (p *proposer) modifiers(rel []int, os []int, depth int) {
	t := p.t
	if depth > 1 {
		return
	}
	for n, o := range os {
		for _, m := range t.Children(o) {
			if t.Tokens[m].Rel != "nmod" || m < o || p.r.boring[m] {
				continue
			}
			prep := p.preposition(m)
			if len(prep) == 0 || depth > 0 && !p.follows(o, prep[0]) {
				continue
			}
			ks := p.coordinated(m)
			if p.exemplary(m) {
				for _, k := range ks {
					p.emit(PropMember, p.sub, rel, p.slot(k))
				}
			}
			for _, w := range os[:n+1] {
				if w != o && t.Tokens[prep[0]].Lower == "of" {
					continue
				}
				p.modifier(extend(extend(rel, p.before(w, prep[0])...), prep...), ks, depth)
			}
			for _, w := range os[n+1:] {
				if w < m {
					p.modifier(extend(extend(rel, p.slot(w)...), prep...), ks, depth)
				}
			}
		}
	}
}

// follows: token i stands right behind the words of a noun's slot.
func (p *proposer) follows(o, i int) bool {
	s := p.before(o, i)
	return len(s) > 0 && s[len(s)-1] == i-1
}

func (p *proposer) modifier(rel, ks []int, depth int) {
	for _, k := range ks {
		p.emit(PropModifier, p.sub, rel, p.slot(k))
	}
	p.modifiers(rel, ks, depth+1)
}
