package extract

import (
	"slices"
	"strings"

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
	PropCore     PropositionKind = iota // subject, verb, object or complement
	PropBare                            // subject and verb alone
	PropAdjunct                         // with a prepositional phrase or a time: "opened the dam | in | May"
	PropModifier                        // with what a noun of it is said to be of: "opened a part of | the dam"
	PropContent                         // with what was said: "said | that the dam broke"
	PropMember                          // one of those that an object names as examples: "opened | the dam" for "opened works such as the dam"
	PropTitled                          // a name and the noun before it that says what it is: "Ana Dorn | actress"
	PropAside                           // a noun and what stands in brackets behind it
	PropApposed                         // a noun and the apposition behind its comma
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
	rd.visit = func(c clause) {
		p := proposer{r: rd, t: rd.t, c: c}
		p.clause()
		out = append(out, p.out...)
	}
	rd.read()
	for n := range rd.t.Sentences {
		p := proposer{r: rd, t: rd.t}
		p.speech(&rd.t.Sentences[n])
		p.nouns(&rd.t.Sentences[n])
		out = append(out, p.out...)
	}
	return out
}

// proposer says what one clause says.
type proposer struct {
	r    *reader
	t    *language.Text
	c    clause
	sub  []int // the subject that is being said
	sur  []int // what else says which subject is meant
	top  []int // Topic
	adv  []int // the adverbs of the verb that is being said
	tail []int // Complement
	out  []Proposition
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
	if gap >= 0 && len(objects) == 0 && t.Tokens[v].Rel == "acl:relcl" {
		objects = []int{gap}
	}
	said := len(objects) > 0 || next >= 0
	for _, o := range objects {
		p.emit(PropCore, p.sub, rel, p.slot(o))
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
	for _, c := range t.Children(v) {
		if p.r.boring[c] || linking[t.Tokens[c].Lower] {
			continue
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
			if bare && tail == nil && len(prep) > 0 && prep[0] == v+1 && !p.passive(v) && !p.r.inTime[c] {
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
			if len(prep) == 0 {
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

func (p *proposer) modifier(rel, ks []int, depth int) {
	for _, k := range ks {
		p.emit(PropModifier, p.sub, rel, p.slot(k))
	}
	p.modifiers(rel, ks, depth+1)
}

// before is the phrase of a noun less what stands behind it from token m on.
func (p *proposer) before(o, m int) []int {
	return keep(p.slot(o), func(i int) bool { return i < m })
}

// preposition is the words that tie a noun to what it hangs on: "in", "because
// of".
func (p *proposer) preposition(k int) []int {
	t := p.t
	var out []int
	for _, c := range t.Children(k) {
		if t.Tokens[c].Rel == "case" && c < k {
			out = append(out, t.Subtree(c, nil)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// content are the words of what was said.
func (p *proposer) content(h int) []int {
	t := p.t
	out := p.r.own(h)
	if m := t.Child(h, "mark"); m >= 0 && len(out) > 0 && m < out[0] && t.Tokens[m].Lower == "that" {
		out = append([]int{m}, out...)
	}
	return out
}

// maxCoordinated bounds how many conjuncts are said apart.
const maxCoordinated = 16

// coordinated is a noun and all that is coordinated with it.
func (p *proposer) coordinated(h int) []int {
	t := p.t
	out := []int{h}
	for k := 0; k < len(out) && len(out) < maxCoordinated; k++ {
		for _, c := range t.Children(out[k]) {
			if t.Tokens[c].Rel == "conj" && !p.r.boring[c] && !p.r.verbal(c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}

// slot is a noun phrase without what is said of it apart: clauses, appositions,
// coordination, and prepositional phrases but those with "of".
func (p *proposer) slot(h int) []int {
	t := p.t
	toks := t.Subtree(h, func(i int) bool {
		if p.r.boring[i] {
			return true
		}
		tok := &t.Tokens[i]
		switch tok.Rel {
		case "conj", "cc", "cc:preconj":
			return tok.Head == h
		case "nmod":
			c := t.Child(i, "case")
			return c < 0 || t.Tokens[c].Lower != "of"
		case "acl:relcl", "acl", "parataxis", "cop", "advcl", "ccomp", "list", "orphan", "aux", "aux:pass", "expl", "discourse":
			return true
		case "appos":
			return !p.glued(i)
		case "nsubj", "nsubj:pass", "nsubj:outer", "csubj", "obl", "xcomp", "obl:tmod", "obl:unmarked":
			return tok.Head == h
		case "punct":
			return tok.Head == h && tok.Text != "-" && tok.Text != "%" && tok.Text != "$" || isQuote(tok.Text)
		case "case", "mark":
			return tok.Head == h && tok.Text != "'s" && tok.Text != "'"
		case "advmod":
			return tok.Head == h && (i > h || t.Child(h, "cop") >= 0)
		}
		return false
	})
	return trimMarks(t, toks)
}

// glued: a name right behind the noun that says what it is: "actress Ana Dorn".
func (p *proposer) glued(app int) bool {
	t := p.t
	return t.Tokens[app].UPOS == "PROPN" && t.Tokens[app].Head == app-1
}

func isQuote(s string) bool { return s == "\"" || s == "''" || s == "``" || s == "`" || s == "'" }

// extend is toks with more behind them, in memory of its own.
func extend(toks []int, more ...int) []int {
	return append(append(make([]int, 0, len(toks)+len(more)), toks...), more...)
}

func (p *proposer) emit(k PropositionKind, sub, rel, obj []int) {
	if len(p.out) >= maxPropositions || len(sub) == 0 || len(rel) == 0 || len(obj) == 0 && k != PropBare {
		return
	}
	p.out = append(p.out, Proposition{
		Kind: k, Subject: p.spans(sub), Relation: p.spans(rel), Object: p.spans(obj), Adverbs: p.spans(p.adv),
		SubjectRest: p.spans(p.sur), ObjectRest: p.spans(p.rest(obj, sub)), Topic: p.spans(p.top), Complement: p.spans(p.tail),
	})
}

// rest is what hangs on a noun phrase besides its slot.
func (p *proposer) rest(obj, without []int) []int {
	if len(obj) == 0 {
		return nil
	}
	t := p.t
	in := map[int]bool{}
	for _, i := range obj {
		in[i] = true
	}
	for _, i := range without {
		in[i] = true
	}
	h := obj[0]
	for n := 0; n < len(obj) && in[t.Tokens[h].Head]; n++ {
		h = t.Tokens[h].Head
	}
	return keep(trimMarks(t, t.Subtree(h, func(i int) bool {
		switch t.Tokens[i].Rel {
		case "conj", "cc", "parataxis", "appos":
			return true
		case "acl:relcl", "acl":
			return p.set(i) || t.Tokens[i].Head == h && t.Child(h, "cop") >= 0 && t.Child(i, "mark") < 0
		case "nmod":
			return p.exemplary(i)
		case "nsubj", "nsubj:pass", "cop", "aux", "aux:pass", "obl", "advcl", "advmod", "case", "mark", "punct":
			return t.Tokens[i].Head == h
		}
		return false
	})), func(i int) bool { return !in[i] })
}

// set: the clause is set off by a comma: it says more, not which.
func (p *proposer) set(i int) bool {
	sub := p.t.Subtree(i, nil)
	return p.t.Tokens[sub[0]].Text == "," || sub[0] > 0 && p.t.Tokens[sub[0]-1].Text == ","
}

// exemplary: the phrase names examples: "such as", "including".
func (p *proposer) exemplary(i int) bool {
	c := p.t.Child(i, "case")
	return c >= 0 && (p.t.Tokens[c].Lower == "such" || p.t.Tokens[c].Lower == "including")
}

// topic is the subject of "X is a Y …" for its Y.
func (p *proposer) topic(y int) []int {
	if p.t.Child(y, "cop") < 0 {
		return nil
	}
	if s := p.t.Child(y, "nsubj", "nsubj:outer"); s >= 0 && !relativePronoun(p.t.Tokens[s].XPOS) {
		return p.slot(s)
	}
	return nil
}

// speech says who said a sentence, for a speech clause that was cut off it.
func (p *proposer) speech(s *language.Sentence) {
	t := p.t
	if s.Host < 0 || s.Root < 0 || t.Tokens[s.Root].UPOS != "VERB" {
		return
	}
	subj := t.Child(s.Root, "nsubj")
	content := trimMarks(t, slices.Clone(t.Sentences[s.Host].Tokens))
	if subj < 0 || len(content) == 0 {
		return
	}
	if m := content[0] - 1; m >= 0 && t.Tokens[m].Lower == "that" && t.Tokens[m].Sentence < 0 {
		content = append([]int{m}, content...)
	}
	for _, k := range p.coordinated(subj) {
		p.emit(PropContent, p.slot(k), extend(p.auxiliaries(s.Root), s.Root), content)
	}
}

// nouns says what stands beside the nouns of a sentence.
func (p *proposer) nouns(s *language.Sentence) {
	t := p.t
	for k, i := range s.Tokens {
		tok := &t.Tokens[i]
		if p.r.boring[i] {
			continue
		}
		switch {
		case tok.Text == "(" && k > 0:
			p.bracketed(s, k)
		case tok.Rel == "appos" && tok.Head >= 0 && !p.glued(i) && tok.Head < i:
			if a := p.slot(i); len(a) > 1 && tok.UPOS == "NOUN" && a[0] > 0 && t.Tokens[a[0]-1].Text == "," {
				p.emit(PropApposed, p.slot(tok.Head), []int{tok.Head}, a)
			}
		case tok.UPOS == "PROPN" && k > 0 && s.Tokens[k-1] == i-1 && t.Tokens[i-1].UPOS == "NOUN" && p.together(i-1, i):
			p.titled(s, k)
		}
	}
}

// together: two neighbours of one noun phrase.
func (p *proposer) together(a, b int) bool {
	t := p.t
	return t.Tokens[b].Head == a || t.Tokens[a].Head == b || t.Tokens[a].Head >= 0 && t.Tokens[a].Head == t.Tokens[b].Head && t.Tokens[a].Rel != "nsubj" && t.Tokens[b].Rel != "obj"
}

// titled says that the name at place k of a sentence is what the nouns before it
// call it.
func (p *proposer) titled(s *language.Sentence, k int) {
	t := p.t
	end := k + 1
	for end < len(s.Tokens) && t.Tokens[s.Tokens[end]].UPOS == "PROPN" && s.Tokens[end] == s.Tokens[end-1]+1 {
		end++
	}
	first := k - 1
	for first > 0 && s.Tokens[first-1] == s.Tokens[first]-1 && describes(&t.Tokens[s.Tokens[first-1]]) {
		first--
	}
	p.emit(PropTitled, s.Tokens[k:end], s.Tokens[k-1:k], s.Tokens[first:k])
}

func describes(x *language.Token) bool {
	switch x.UPOS {
	case "ADJ", "NOUN", "PROPN", "NUM":
		return true
	}
	return x.Text == "-"
}

// bracketed says what stands in the brackets that open at place k.
func (p *proposer) bracketed(s *language.Sentence, k int) {
	t := p.t
	end := k + 1
	for end < len(s.Tokens) && t.Tokens[s.Tokens[end]].Text != ")" {
		end++
	}
	root := -1
	for _, i := range s.Tokens[k+1 : end] {
		if h := t.Tokens[i].Head; h >= 0 && h < s.Tokens[k] {
			root = h
		}
	}
	if root < 0 || end == len(s.Tokens) || t.Tokens[root].UPOS != "NOUN" && t.Tokens[root].UPOS != "PROPN" {
		return
	}
	p.emit(PropAside, p.slot(root), s.Tokens[k:k+1], s.Tokens[k+1:end])
}

// spans are the byte ranges of tokens; neighbours make one range.
func (p *proposer) spans(toks []int) []claims.Span {
	var out []claims.Span
	for n, i := range toks {
		if n > 0 && toks[n-1] == i-1 {
			out[len(out)-1].End = p.t.Tokens[i].Span.End
			continue
		}
		out = append(out, p.t.Tokens[i].Span)
	}
	return out
}

// Words are the bytes of a slot, its ranges joined by a space.
func Words(text string, slot []claims.Span) string {
	parts := make([]string, len(slot))
	for i, s := range slot {
		parts[i] = s.Of(text)
	}
	return strings.Join(parts, " ")
}
