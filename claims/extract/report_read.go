package extract

import (
	"sort"
)

// word reads the report that one word brings in, if it does.
func (x *reporter) word(i int) {
	tok := &x.t.Tokens[i]
	switch tok.UPOS {
	case "VERB":
		if e, ok := reportAdjectives[tok.Lower]; ok && tok.XPOS == "VBN" && x.adjective(i, e) {
			return
		}
		e, ok := reportVerbs[tok.Lemma]
		if p := i + 1; p < len(x.t.Tokens) && x.t.Tokens[p].Head == i {
			if two, known := phrasal[tok.Lemma+"_"+x.t.Tokens[p].Lower]; known {
				e, ok = two, true
			}
		}
		if ok {
			x.verb(i, e)
		}
	case "NOUN":
		if e, ok := reportNouns[tok.Lemma]; ok {
			x.noun(i, e)
		}
	case "ADJ":
		if e, ok := reportAdjectives[tok.Lower]; ok {
			x.adjective(i, e)
		}
	}
}

// file adds a report.
func (x *reporter) file(r report) {
	r.sent = x.sent
	x.out = append(x.out, r)
}

// passive: the verb's subject is what is reported.
func (x *reporter) passive(v int) bool {
	return x.t.Tokens[v].XPOS == "VBN" && (x.t.Child(v, "aux:pass") >= 0 || x.t.Child(v, "nsubj:pass") >= 0)
}

func (x *reporter) verb(v int, e entry) {
	t := x.t
	if x.passive(v) {
		x.passiveVerb(v, e)
		return
	}
	if o := t.Child(v, "obj"); o > v && supportVerbs[t.Tokens[v].Lemma] {
		if n, known := reportNouns[t.Tokens[o].Lemma]; known && x.nounHolds(o, n) {
			return // "expressed support for the strike": the noun reports
		}
	}
	content, cueEnd, ok := x.complement(v, e)
	if x.closesQuote(v, e) && !(ok && t.Tokens[content.lo].Lower == "that") {
		return // "“…,” she said on Friday": the quotation is what she said
	}
	if !ok {
		content, ok = x.rest(v, e)
	}
	if ok {
		x.fileVerb(v, e.kind, []stretch{x.question(v, content)}, cueEnd)
	}
}

// nextClause: a noun phrase and a finite verb start at token i.
func (x *reporter) nextClause(i int) bool {
	t := x.t
	for k := i; k < i+10 && k < x.unit.hi; k++ {
		tok := &t.Tokens[k]
		switch tok.XPOS {
		case "VBD", "VBZ", "VBP", "MD":
			return k > i
		}
		if !nounLike(tok.UPOS) && tok.UPOS != "PRON" && tok.XPOS != "POS" && !(tok.UPOS == "ADP" && tok.Lower == "of") || relativePronoun(tok.XPOS) {
			return false
		}
	}
	return false
}

// question widens content that is nothing but the words that open a question
// ("why", "what kind of person"): the parse has torn off the rest.
func (x *reporter) question(v int, c stretch) stretch {
	t := x.t
	if !c.ok() || c.hi-c.lo > 5 || !relativePronoun(t.Tokens[c.lo].XPOS) || c.hi >= x.unit.hi || t.Tokens[c.hi].UPOS == "PUNCT" || t.Tokens[c.hi].Sentence != t.Tokens[v].Sentence {
		return c
	}
	for i := c.lo; i < c.hi; i++ {
		if u := t.Tokens[i].UPOS; u == "VERB" || u == "AUX" {
			return c
		}
	}
	return stretch{c.lo, x.unit.hi}
}

// closesQuote: the verb stands behind a quotation that it brings in.
func (x *reporter) closesQuote(v int, e entry) bool {
	if e.takes&fQuote == 0 || x.sent < 0 {
		return false
	}
	for _, q := range x.t.Sentences[x.sent].Holes {
		if m := x.marks(q); m.hi <= v && x.quoting(x.sent, m) == v {
			return true
		}
	}
	return false
}

// rest is all that follows a verb of saying whose clause the parse has torn:
// "said that …", "said: …", "said the …" before a finite verb.
func (x *reporter) rest(v int, e entry) (content stretch, ok bool) {
	t := x.t
	s := t.Tokens[v].Sentence
	if e.takes&fClause == 0 || s < 0 || v+1 >= x.unit.hi || t.Child(v, "xcomp") > v {
		return stretch{}, false
	}
	switch t.Tokens[v].XPOS {
	case "VBD", "VBZ", "VBP", "VBG":
	case "VBN":
		if t.Child(v, "aux") < 0 {
			return stretch{}, false
		}
	default:
		return stretch{}, false
	}
	after := stretch{v + 1, x.unit.hi}
	if t.Sentences[s].Host >= 0 {
		return stretch{}, false
	}
	for _, q := range t.Sentences[s].Holes {
		if m := x.marks(q); m.lo > v {
			after.hi = min(after.hi, m.lo)
		}
	}
	next := t.Tokens[v+1].Lower
	if e.takes&(fObject|fQuote) == 0 && t.Tokens[v].XPOS != "VBG" && x.nextClause(v+1) {
		return after, true // "thought the whole thing was outrageous"
	}
	if next != "that" && next != ":" && (e.takes&fQuote == 0 || !strongSpeech[t.Tokens[v].Lemma] || next == ",") {
		return stretch{}, false
	}
	if k := sort.SearchInts(t.Sentences[s].Tokens, v); k == 0 {
		return stretch{}, false // "Said Ana Moss: …"
	}
	for i := v + 1; i < after.hi && t.Tokens[i].UPOS != "VERB" && t.Tokens[i].UPOS != "AUX"; i++ {
		if t.Tokens[i].Lower == "that" && i > v+1 && (t.Tokens[i].UPOS == "SCONJ" || t.Tokens[i].Rel == "mark") {
			after.lo = i // "tweeted in the morning that"
			break
		}
	}
	finite := t.Tokens[v].Lemma == "say" && nounLike(t.Tokens[v+1].UPOS)
	for i := after.lo; i < after.hi && !finite; i++ {
		switch t.Tokens[i].XPOS {
		case "VBD", "VBZ", "VBP", "MD":
			if t.Tokens[i].Rel == "conj" && t.Tokens[i].Head == v && t.Child(i, "cc") >= 0 {
				return stretch{}, false
			}
			finite = t.Tokens[i].Sentence == s
		}
	}
	return after, finite
}

// fileVerb files a report of an active verb. cueEnd is where the cue ends, 0 for
// right behind the verb.
func (x *reporter) fileVerb(v int, kind ReportKind, content []stretch, cueEnd int) *report {
	t := x.t
	cue, top := x.cueOf(v)
	if cueEnd > cue.hi {
		cue.hi = cueEnd
	}
	r := report{kind: kind, head: v, cue: cue, content: content}
	r.subject, r.source = x.sourceOf(top, cue)
	// "the target it pledged to reach": the noun is part of what is pledged.
	if t.Tokens[top].Rel == "acl:relcl" {
		if subj := t.Child(top, "nsubj"); subj >= 0 && !relativePronoun(t.Tokens[subj].XPOS) {
			if h := t.Tokens[top].Head; h >= 0 && h < cue.lo && x.gapped(v) {
				r.content = append(r.content, x.baseSpan(h))
			}
		}
	}
	x.file(r)
	return &x.out[len(x.out)-1]
}

// gapped: something is missing from the clause under the verb, which the noun
// before it fills.
func (x *reporter) gapped(v int) bool {
	t := x.t
	c := t.Child(v, "xcomp", "ccomp")
	return c < 0 || t.Child(c, "obj") < 0
}

// complement finds what an active verb brings in: its stretch, and the end of
// the cue where a preposition belongs to it.
func (x *reporter) complement(v int, e entry) (content stretch, cueEnd int, ok bool) {
	t := x.t
	var clause, inf, ger, obj, as, obl, purpose = -1, -1, -1, -1, -1, -1, -1
	for _, c := range t.Children(v) {
		tok := &t.Tokens[c]
		switch tok.Rel {
		case "ccomp":
			if _, cue := reportVerbs[tok.Lemma]; cue && tok.XPOS == "VBG" && t.Child(c, "nsubj", "aux") < 0 {
				continue // "said …, adding that": beside it, not under it
			}
			if x.marked(c, "after", "before", "while", "because", "since", "although", "though", "until", "unless", "as") {
				continue // the clause of a time or reason, labelled amiss
			}
			if clause < v {
				clause = c // the first behind the verb, else the last before it
			}
		case "xcomp":
			switch {
			case t.Child(c, "mark") >= 0 && tok.XPOS != "VBG":
				inf = c
			case tok.XPOS == "VBG":
				ger = c
			default:
				as = c
			}
		case "obj", "iobj":
			if obj >= 0 && c > obj {
				as = c // "called him a master"
				continue
			}
			obj = c
		case "advcl":
			if m := t.Child(c, "mark"); m >= 0 && c > v && t.Tokens[m].Lower == "to" {
				if obj >= 0 && !x.timely(obj) {
					purpose = c
				} else {
					inf = c
				}
			} else if m > v && obl < 0 && e.prep(t.Tokens[m].Lower) && tok.XPOS == "VBG" {
				obl = c // "called for closing the port"
			}
		case "obl":
			if k := t.Child(c, "case"); k > v && obl < 0 && e.prep(t.Tokens[k].Lower) {
				obl = c
			}
			if k := t.Child(c, "case"); k > v && t.Tokens[k].Lower == "as" {
				as = c
			}
		}
	}
	if naming[t.Tokens[v].Lemma] && obl < 0 {
		if s, ok := x.named(v); ok {
			return s, 0, true
		}
	}
	switch {
	case clause >= 0 && e.takes&fClause != 0:
		if clause < v {
			return x.extent(clause, func(i int) bool { return i == v }), 0, true
		}
		return x.clauseAfter(v, clause), 0, true
	case clause > v && e.takes&(fAs|fObject) != 0:
		return x.clauseAfter(v, clause), 0, true
	case obj > v && (inf > obj || purpose > obj) && e.takes&fOther != 0:
		s := x.extent(obj, nil)
		s.hi = max(s.hi, x.phraseAfter(v, max(inf, purpose)).hi)
		return s, 0, true
	case inf > v && e.takes&fTo != 0:
		return x.phraseAfter(v, inf), 0, true
	case inf > v && e.takes&fOther != 0 && e.kind == Demand: // "asked to leave"
		return x.phraseAfter(v, inf), 0, true
	case obj > v && as > obj && e.takes&fAs != 0:
		s := x.extent(obj, nil)
		s.hi = max(s.hi, x.phraseAfter(v, as).hi)
		return s, 0, true
	case ger > v && e.takes&fGerund != 0:
		return x.phraseAfter(v, ger), 0, true
	case obl > v && (obj < 0 || obl < obj || e.kind == Demand && caseOf(t, obl) == "about"):
		k := t.Child(obl, "case", "mark")
		s := x.phraseAfter(v, obl)
		s.lo = k + 1
		return s, k + 1, s.ok()
	case obj > v && e.takes&fObject != 0 && t.Tokens[obj].XPOS != "WP":
		return x.objectAfter(v, obj), 0, true
	}
	return stretch{}, 0, false
}

// naming are the verbs of calling something something: both follow them, one
// behind the other, and parsers seldom see where the first ends.
var naming = words("call label brand dub deem term pronounce declare")

// named is all that follows a naming verb, where it is more than one phrase.
func (x *reporter) named(v int) (stretch, bool) {
	t := x.t
	first := -1
	phrases := 0
	for _, c := range t.Children(v) {
		if c < v || t.Tokens[c].UPOS == "PUNCT" {
			continue
		}
		switch t.Tokens[c].Rel {
		case "obj", "iobj", "xcomp", "obl", "ccomp", "nmod", "dep":
			if first < 0 {
				first = c
			}
			phrases++
			if t.Tokens[c].Rel == "xcomp" && t.Child(c, "obj", "nsubj") >= 0 {
				phrases++
			}
		}
	}
	if t.Tokens[v].Rel == "acl:relcl" && t.Tokens[v].Head >= 0 && t.Tokens[t.Tokens[v].Head].Lower == "what" {
		phrases++ // "what she called a trap"
	}
	if first < 0 || phrases < 2 || t.Child(first, "case") >= 0 {
		return stretch{}, false
	}
	s := x.clauseAfter(v, first)
	return s, s.ok()
}

// passiveVerb: "X was criticised by Y", "X is expected to do so".
func (x *reporter) passiveVerb(v int, e entry) {
	t := x.t
	cue, top := x.cueOf(v)
	r := report{kind: e.kind, head: v, cue: cue, subject: -1}
	subj := t.Child(top, "nsubj:pass", "nsubj")
	agent := -1
	for _, c := range t.Children(v) {
		if k := t.Child(c, "case"); (t.Tokens[c].Rel == "obl:agent" || t.Tokens[c].Rel == "obl") && k > v && t.Tokens[k].Lower == "by" {
			agent = c
		}
	}
	if agent >= 0 {
		r.subject = agent
		r.source = x.extent(agent, func(i int) bool { return t.Tokens[i].Rel == "case" && t.Tokens[i].Head == agent })
	}
	clause, inf := t.Child(v, "ccomp"), t.Child(v, "xcomp")
	named := subj >= 0 && t.Tokens[subj].Lower != "it" && t.Child(top, "expl") < 0
	switch {
	case clause > v && e.takes&fClause != 0:
		r.content = append(r.content, x.clauseAfter(v, clause))
		if named {
			return // "X was told that": X is who heard it
		}
	case inf > v && e.takes&(fTo|fClause|fOther|fAs) != 0 && named && t.Tokens[v].Lemma != "suppose":
		r.content = append(r.content, x.sourceSpan(subj, cue, true), x.phraseAfter(v, inf))
	case named && agent < 0 && x.charge(v, e, &r):
		r.content = append(r.content, x.sourceSpan(subj, cue, true))
	case named && agent >= 0 && e.takes&(fObject|fAs|fClause) != 0:
		r.content = append(r.content, x.sourceSpan(subj, cue, true))
	default:
		return
	}
	x.file(r)
}

// charge reads what the subject of a passive is charged or credited with: "was
// accused of using the fund".
func (x *reporter) charge(v int, e entry, r *report) bool {
	t := x.t
	for _, c := range t.Children(v) {
		k := t.Child(c, "case", "mark")
		if rel := t.Tokens[c].Rel; c > v && (rel == "obl" || rel == "advcl") && k > v && k <= v+2 && (e.prep(t.Tokens[k].Lower) || t.Tokens[k].Lower == "for" && e.kind == Judgement) {
			s := x.phraseAfter(v, c)
			r.content, r.cue.hi = append(r.content, stretch{k + 1, s.hi}), k+1
			return s.hi > k+1
		}
	}
	return false
}
