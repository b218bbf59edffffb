package extract

import (
	"sort"
	"strings"
)

// extent is the stretch from the first to the last word below a token, without
// the subtrees that skip names.
func (x *reporter) extent(i int, skip func(i int) bool) stretch {
	sub := x.t.Subtree(i, skip)
	return stretch{sub[0], sub[len(sub)-1] + 1}
}

// trim takes marks and conjunctions off the edges of content and makes sure that
// it holds each quotation whole that it cuts.
func (x *reporter) trim(c stretch) stretch {
	t := x.t
	for c.ok() && (t.Tokens[c.lo].UPOS == "PUNCT" || t.Tokens[c.lo].Sentence < 0) && !x.opens(c.lo) && t.Tokens[c.lo].Lower != "that" {
		c.lo++
	}
	for c.ok() && !x.opens(c.lo+1) && (t.Tokens[c.lo].UPOS == "CCONJ" || c.lo == x.unit.lo && t.Tokens[c.lo].Lower == "however" || t.Tokens[c.lo].Text == "," && !x.opens(c.lo)) {
		c.lo++
	}
	for c.ok() && !x.closes(c.hi-1) {
		switch w := t.Tokens[c.hi-1].Text; { // what follows a sentence or joins it to the next
		case w == "." || w == "," || w == ";" || w == ":" || w == "-" || w == "--" || w == "—" || w == "!" || w == "?" || w == "(":
		case t.Tokens[c.hi-1].UPOS == "CCONJ", strings.Trim(w, "_-–—*") == "":
		default:
			return x.balance(c)
		}
		c.hi--
	}
	return x.balance(c)
}

// opens and closes: the token is a mark of a quotation's beginning or end.
func (x *reporter) opens(i int) bool {
	q := x.quoteAt(i + 1)
	return q >= 0 && x.marks(q).lo == i
}

func (x *reporter) closes(i int) bool {
	q := x.quoteAt(i)
	return q >= 0 && x.marks(q).hi == i+1 && !x.t.Quotes[q].Open
}

// quoteAt is the quotation with its marks that token i stands in, or -1.
func (x *reporter) quoteAt(i int) int {
	n := sort.Search(len(x.t.Quotes), func(n int) bool { return x.t.Quotes[n].First > i+1 }) - 1
	if n >= 0 && x.marks(n).holds(i) {
		return n
	}
	return -1
}

// balance widens a stretch over the quotations that it cuts.
func (x *reporter) balance(c stretch) stretch {
	if !c.ok() {
		return c
	}
	if q := x.quoteAt(c.lo); q >= 0 {
		if m := x.marks(q); c.hi > m.hi || c.lo <= m.lo+1 && c.hi >= m.hi-1 {
			c.lo = m.lo
		}
	}
	if q := x.quoteAt(c.hi - 1); q >= 0 {
		if m := x.marks(q); c.lo < m.lo || c.lo <= m.lo+1 && c.hi >= m.hi-1 {
			c.hi = max(c.hi, m.hi)
		}
	}
	return c
}

// group is a verb with the auxiliaries, negations and adverbs right before it.
func (x *reporter) group(v int) stretch {
	t := x.t
	g := stretch{v, v + 1}
	for j := v - 1; j >= x.unit.lo && t.Tokens[j].Sentence == t.Tokens[v].Sentence; j-- {
		tok := &t.Tokens[j]
		own := tok.Head == v || tok.Head >= 0 && g.holds(tok.Head)
		switch {
		case own && (tok.Rel == "aux" || tok.Rel == "aux:pass" || tok.Rel == "cop"),
			own && tok.Rel == "advmod" && tok.XPOS != "WRB",
			own && tok.Rel == "mark" && tok.Lower == "to",
			tok.UPOS == "AUX" && g.holds(tok.Head):
			g.lo = j
			continue
		}
		break
	}
	return g
}

// cueOf is the stretch of a verb with those above it that only say how it goes
// on, and its particle; top is the highest of them.
func (x *reporter) cueOf(v int) (cue stretch, top int) {
	t := x.t
	cue, top = x.group(v), v
	for n := 0; n < 4 && t.Tokens[top].Rel == "xcomp" && t.Tokens[top].Head >= 0 && t.Tokens[top].Head < top; n++ {
		h := t.Tokens[top].Head
		if !aspect[t.Tokens[h].Lemma] || cue.lo-h > 4 {
			break
		}
		top = h
		cue.lo = x.group(h).lo
	}
	if p := t.Child(v, "compound:prt"); p == cue.hi {
		cue.hi++
	}
	return cue, top
}

// clauseAfter is the stretch of the clause c that the word v brings in: to the
// end of what hangs on v, unless that is a clause beside it.
func (x *reporter) clauseAfter(v, c int) stretch {
	t := x.t
	s := x.extent(c, nil)
	s.lo = max(s.lo, v+1)
	// The clause's first words may hang elsewhere: "says | her plans to sell would
	// help" where "would help" was read as the whole clause.
	if n := v + 1; n < s.lo && !toldTo[t.Tokens[v].Lemma] && t.Child(v, "obj", "iobj") < n && nounLike(t.Tokens[n].UPOS) && !x.timely(n) && t.Tokens[n].Sentence == t.Tokens[v].Sentence {
		s.lo = n
	}
	if o := t.Child(v, "obj"); o > v && o < s.lo && !toldTo[t.Tokens[v].Lemma] && t.Child(c, "nsubj", "nsubj:pass", "mark") < 0 {
		s.lo = max(v+1, x.extent(o, nil).lo) // its subject was taken for an object
	}
	toks := t.Sentences[t.Tokens[v].Sentence].Tokens
	// "that if the dam broke, the town would drown": the main clause comes second.
	second := s.lo+1 < s.hi && t.Tokens[s.lo].Lower == "that" && (t.Tokens[s.lo+1].UPOS == "SCONJ" || t.Tokens[s.lo+1].XPOS == "WRB")
	end := s.hi
	first := x.opensSentence(v)
	if first {
		// "While she noted that it rained, the match went on."
		for i := c + 1; i < s.hi; i++ {
			if t.Tokens[i-1].Text == "," && x.startsClause(i) {
				return stretch{s.lo, i - 1}
			}
		}
	}
	for k := sort.SearchInts(toks, s.hi); k < len(toks); k++ {
		i := toks[k]
		if t.Tokens[i].UPOS == "PUNCT" {
			if end := x.dashes(toks, k); end > k {
				k = end // "would move the board - if anything would - to act"
			}
			continue
		}
		if first && t.Tokens[i-1].Text == "," && x.startsClause(i) {
			break
		}
		j := x.below(i, v, c)
		if j < 0 || t.Tokens[j].Head == v && x.beside(j) && !(second && t.Tokens[j].Rel == "parataxis") {
			break
		}
		end = i + 1
	}
	// A lone "why" or "that": the parse has torn the clause.
	if end-s.lo <= 2 && end < x.unit.hi && t.Tokens[end].UPOS != "PUNCT" && t.Tokens[end].Sentence == t.Tokens[v].Sentence && relativePronoun(t.Tokens[s.lo].XPOS) {
		end = x.unit.hi
	}
	return stretch{s.lo, end}
}

// dashes is the position of the dash that closes an insertion which the dash at
// toks[k] opens; k when there is none.
func (x *reporter) dashes(toks []int, k int) int {
	dash := func(k int) bool {
		tok := &x.t.Tokens[toks[k]]
		return (tok.Text == "-" || tok.Text == "--" || tok.Text == "—") && !tok.Glued
	}
	if !dash(k) {
		return k
	}
	for j := k + 2; j < len(toks) && j < k+25; j++ {
		if dash(j) {
			return j
		}
	}
	return k
}

// opensSentence: the cue stands in a subordinate clause that opens its sentence.
func (x *reporter) opensSentence(v int) bool {
	if v == x.unit.lo {
		return true // "Asked whether …, she said …"
	}
	for i := x.unit.lo; i < v && i < x.unit.lo+2; i++ {
		if tok := &x.t.Tokens[i]; (tok.UPOS == "SCONJ" || tok.XPOS == "WRB") && tok.Lower != "that" {
			for k := i; k < v; k++ {
				if x.t.Tokens[k].Text == "," {
					return false
				}
			}
			return true
		}
	}
	return false
}

// startsClause: a noun phrase that is the subject of a finite verb starts at i.
func (x *reporter) startsClause(i int) bool {
	t := x.t
	for k := i; k < i+12 && k < x.unit.hi; k++ {
		tok := &t.Tokens[k]
		if tok.Rel == "nsubj" || tok.Rel == "nsubj:pass" {
			return tok.Head > k && !relativePronoun(tok.XPOS)
		}
		if tok.UPOS == "PUNCT" && !tok.Glued || tok.UPOS == "VERB" || tok.UPOS == "ADP" || tok.UPOS == "SCONJ" || tok.UPOS == "CCONJ" {
			return false
		}
	}
	return false
}

// below is the word that ties token i to v or c, -1 when it hangs on neither.
func (x *reporter) below(i, v, c int) int {
	t := x.t
	for n := 0; n <= maxDepth && i >= 0; n++ {
		h := t.Tokens[i].Head
		if h == v || h == c {
			return i
		}
		i = h
	}
	return -1
}

// beside: what hangs on a cue from token j stands beside what the cue reports.
func (x *reporter) beside(j int) bool {
	t := x.t
	switch t.Tokens[j].Rel {
	case "cc":
		return true
	case "conj":
		// "said he differs with Moss but can not support Lind": only the second has
		// an auxiliary, so it is no second thing that he did.
		if h := t.Tokens[j].Head; t.Child(j, "nsubj", "nsubj:pass") < 0 && t.Child(j, "aux") >= 0 && t.Child(h, "aux") < 0 && !strongSpeech[t.Tokens[j].Lemma] {
			return false
		}
		return !x.marked(j, "that")
	case "parataxis":
		if lo := x.extent(j, nil).lo; lo > 0 && x.opens(lo-1) {
			return false // it goes on in quoted words
		}
		return t.Child(j, "nsubj", "nsubj:pass") >= 0
	case "advcl":
		lo := x.extent(j, nil).lo
		return lo > 0 && t.Tokens[lo-1].Text == ","
	}
	return false
}

// phraseAfter is a complement that is no finite clause: from its first word to
// the end of what hangs on it and on the cue behind it, up to a comma that sets
// something else off.
func (x *reporter) phraseAfter(v, c int) stretch {
	t := x.t
	s := x.extent(c, func(i int) bool { return t.Tokens[i].Rel == "parataxis" })
	s.lo = max(s.lo, v+1)
	toks := t.Sentences[t.Tokens[v].Sentence].Tokens
	for k := sort.SearchInts(toks, s.hi); k < len(toks); k++ {
		i := toks[k]
		if i > s.hi && !x.onlyMarks(s.hi, i) {
			break // something was cut out here
		}
		if t.Tokens[i].UPOS == "PUNCT" && !(t.Tokens[i].Text == "-" && t.Tokens[i].Glued) {
			if t.Tokens[i].Text == "," && k+1 < len(toks) && x.listed(toks[k+1], s, v) {
				continue
			}
			break
		}
		if t.Tokens[i].UPOS == "CCONJ" && (t.Tokens[i].Head < 0 || t.Tokens[t.Tokens[i].Head].UPOS == "VERB" && !x.infinitives(v, t.Tokens[i].Head)) {
			break
		}
		h := t.Tokens[i].Head
		for n := 0; h >= 0 && h != v && !(s.lo <= h && h < s.hi) && n < len(toks); n++ {
			if t.Tokens[h].Rel == "advcl" && x.marked(h, "for", "of", "from") {
				h = t.Tokens[h].Head
				continue
			}
			if t.Tokens[h].Rel == "conj" && !nameLike(t.Tokens[h].UPOS) && !x.infinitives(v, h) || t.Tokens[h].Rel == "parataxis" || t.Tokens[h].Rel == "advcl" && t.Tokens[h].XPOS != "VB" {
				h = -1
				break
			}
			h = t.Tokens[h].Head
		}
		if h < 0 {
			break
		}
		if rel := t.Tokens[i].Rel; h == v && (rel == "advcl" && t.Tokens[i].XPOS != "VB" && !x.marked(i, "for", "of", "from") || rel == "conj" && !x.infinitives(v, i) || rel == "parataxis") {
			break
		}
		s.hi = i + 1
	}
	return s
}

// onlyMarks: nothing but quotation marks stands in [lo, hi).
func (x *reporter) onlyMarks(lo, hi int) bool {
	for i := lo; i < hi; i++ {
		if !x.opens(i) && !x.closes(i) {
			return false
		}
	}
	return true
}

// listed: token i belongs to another member of the list that a complement s of v
// opens: "to triple the fund, build a pier and …".
func (x *reporter) listed(i int, s stretch, v int) bool {
	t := x.t
	for n := 0; i >= 0 && n < maxDepth; n++ {
		h := t.Tokens[i].Head
		if t.Tokens[i].Rel == "conj" && h >= 0 && h != v && s.holds(h) {
			return t.Tokens[i].XPOS == t.Tokens[h].XPOS || nameLike(t.Tokens[i].UPOS) && nameLike(t.Tokens[h].UPOS)
		}
		if s.holds(h) {
			return false
		}
		i = h
	}
	return false
}

// objectAfter is a noun phrase that is what somebody speaks or thinks of,
// without the time and the occasion.
func (x *reporter) objectAfter(v, obj int) stretch {
	t := x.t
	s := x.phraseAfter(v, obj)
	for i := obj + 1; i < s.hi; i++ {
		if occasion[t.Tokens[i].Lower] && t.Tokens[i].UPOS != "PUNCT" {
			return stretch{s.lo, i}
		}
		if tok := &t.Tokens[i]; tok.Rel == "case" && tok.Lower == "on" && (tok.Head < 0 || t.Tokens[tok.Head].Head == v && x.timely(i+1)) {
			return stretch{s.lo, i}
		}
	}
	return s
}

// occasion are the words that open the time or occasion of an act.
var occasion = words("during since after before amid while when until once")

// infinitives: a base form tied to a verb that is none goes on with what is to
// be done: "planned to sell the mine and [to] leave".
func (x *reporter) infinitives(v, conj int) bool {
	return x.t.Tokens[conj].XPOS == "VB" && x.t.Tokens[v].XPOS != "VB" && x.t.Child(conj, "nsubj", "aux") < 0
}

// toldTo are the verbs whose object is who was told.
var toldTo = words("tell inform notify brief assure remind ask warn persuade convince")
