package extract

import (
	"sort"
)

// source finds who a cue word belongs to and its stretch; -1 when nobody is
// named. top is the word whose subject it is.
func (x *reporter) sourceOf(top int, cue stretch) (subject int, span stretch) {
	t := x.t
	v := top
	for n := 0; v >= 0 && n < 8; n++ {
		if c := t.Child(v, "nsubj", "nsubj:outer"); c >= 0 {
			return c, x.sourceSpan(c, cue, n == 0)
		}
		if c := t.Child(v, "nsubj:pass"); c >= 0 && n > 0 {
			return c, x.sourceSpan(c, cue, false)
		}
		switch t.Tokens[v].Rel {
		case "conj", "advcl", "parataxis", "ccomp":
			v = t.Tokens[v].Head
		case "xcomp":
			h := t.Tokens[v].Head
			if o := t.Child(h, "obj"); o >= 0 && o < v && reportVerbs[t.Tokens[h].Lemma].takes&fOther != 0 {
				return o, x.sourceSpan(o, cue, false) // "urged him to deny": he is to deny
			}
			v = h
		case "acl", "acl:relcl":
			h := t.Tokens[v].Head
			if h < 0 || h >= cue.lo || t.Tokens[v].XPOS == "VB" {
				return -1, stretch{}
			}
			return h, x.baseSpan(h)
		default:
			return x.besides(top, cue)
		}
	}
	return x.besides(top, cue)
}

// besides finds the source of a finite verb of saying that the parse gave no
// subject: the noun phrase right before it, or right behind a verb that opens
// its clause ("…," wrote Ana Moss).
func (x *reporter) besides(v int, cue stretch) (subject int, span stretch) {
	t := x.t
	if x := t.Tokens[v].XPOS; x != "VBD" && x != "VBZ" && x != "VBP" || t.Tokens[v].Sentence < 0 {
		return -1, stretch{}
	}
	if reportVerbs[t.Tokens[v].Lemma].takes&fClause == 0 {
		return -1, stretch{}
	}
	toks := t.Sentences[t.Tokens[v].Sentence].Tokens
	k := sort.SearchInts(toks, cue.lo)
	if k == 0 {
		for _, c := range t.Children(v) {
			if c == cue.hi || c > v && nameLike(t.Tokens[c].UPOS) && t.Tokens[c].Rel != "obl" && x.extent(c, nil).lo == cue.hi {
				return c, x.sourceSpan(c, cue, true)
			}
		}
		return x.behind(cue)
	}
	s := stretch{cue.lo, cue.lo}
	for k--; k >= 0 && toks[k] == s.lo-1; k-- {
		tok := &t.Tokens[toks[k]]
		if (tok.XPOS == "VBN" || tok.XPOS == "VBD") && k > 0 && toks[k-1] == toks[k]-1 && t.Tokens[toks[k-1]].UPOS == "NOUN" && s.lo < cue.lo {
			s.lo-- // "a poll released Friday"
			continue
		}
		if !nounLike(tok.UPOS) && tok.UPOS != "PRON" && tok.UPOS != "INTJ" && tok.Text != "(" && tok.Text != ")" && !(tok.Text == "-" && tok.Glued) && !(tok.Text == "." && tok.Glued && s.lo < cue.lo) {
			break
		}
		s.lo--
	}
	if s = x.trimSource(s); !s.ok() {
		return -1, stretch{}
	}
	return s.hi - 1, s
}

// behind is the noun phrase right behind a cue that opens its clause, whatever
// the parse made of it.
func (x *reporter) behind(cue stretch) (subject int, span stretch) {
	t := x.t
	subject = -1
	i := cue.hi
	for ; i < x.unit.hi && t.Tokens[i].Sentence == t.Tokens[cue.hi-1].Sentence && (nounLike(t.Tokens[i].UPOS) || t.Tokens[i].UPOS == "PRON"); i++ {
		if nameLike(t.Tokens[i].UPOS) && t.Tokens[i].XPOS != "PRP$" {
			subject = i
		}
	}
	if subject < 0 {
		return -1, stretch{}
	}
	return subject, x.sourceSpan(subject, cue, true)
}

func nameLike(u string) bool { return u == "NOUN" || u == "PROPN" || u == "PRON" }

// baseSpan is a noun phrase without the clauses that hang on it.
func (x *reporter) baseSpan(h int) stretch {
	t := x.t
	s := x.extent(h, func(i int) bool {
		switch t.Tokens[i].Rel {
		case "acl", "acl:relcl", "parataxis", "punct", "advcl", "ccomp":
			return true
		case "case", "mark", "cc":
			return t.Tokens[i].Head == h && t.Tokens[i].XPOS != "POS"
		}
		return false
	})
	return s
}

// sourceSpan is the stretch of a subject, all that stands between it and its
// cue included: "Ana Moss, the head of the port,".
func (x *reporter) sourceSpan(subj int, cue stretch, near bool) stretch {
	t := x.t
	if t.Tokens[subj].UPOS == "PRON" && (!near || relativePronoun(t.Tokens[subj].XPOS)) {
		return stretch{subj, subj + 1}
	}
	s := x.extent(subj, func(i int) bool {
		switch t.Tokens[i].Rel {
		case "parataxis", "mark", "discourse":
			return true
		case "case", "cc", "advmod":
			return t.Tokens[i].Head == subj && i < subj && t.Tokens[i].Rel != "advmod"
		}
		return false
	})
	for s.ok() && s.lo < subj && t.Tokens[s.lo].UPOS == "PUNCT" && !x.opens(s.lo) {
		s.lo++
	}
	// What stands right before a noun belongs to it, whatever the parse made of it.
	for s.lo > x.unit.lo && t.Tokens[s.lo-1].Sentence == t.Tokens[subj].Sentence && nounLike(t.Tokens[s.lo-1].UPOS) && !x.timely(s.lo-1) && t.Tokens[s.lo].UPOS != "PRON" && t.Tokens[s.lo].UPOS != "DET" && (s.lo-1 >= cue.hi || subj < cue.lo) {
		s.lo--
	}
	if !near {
		s.hi = min(s.hi, max(cue.lo, subj+1))
		if cue.hi <= subj {
			s.hi = x.extent(subj, nil).hi
		}
		return x.trimSource(s)
	}
	if subj < cue.lo {
		if s.hi > cue.lo {
			s.hi = cue.lo
		}
		if s.hi < cue.lo && (x.apposed(s.hi, cue.lo) || s.hi+1 == cue.lo && t.Tokens[s.hi].Text == ",") {
			s.hi = cue.lo
		}
		return x.trimSource(s)
	}
	// "said Ana Moss, the head of the port, …": what stands behind a comma is
	// still the source where no clause follows.
	s.lo = max(s.lo, cue.hi)
	end := x.unit.hi
	if sent := t.Tokens[subj].Sentence; sent >= 0 && t.Sentences[sent].Host >= 0 {
		toks := t.Sentences[sent].Tokens
		end = toks[len(toks)-1] + 1
	}
	for _, q := range t.Sentences[x.sent].Holes {
		if m := x.marks(q); m.lo >= cue.hi {
			end = min(end, m.lo)
		}
	}
	if s.hi < end && t.Tokens[s.hi].Text == "," && s.hi+1 < end && nounLike(t.Tokens[s.hi+1].UPOS) && !x.clauseIn(s.hi+1, end) {
		s.hi = end
	}
	return x.trimSource(s)
}

func nounLike(u string) bool {
	switch u {
	case "NOUN", "PROPN", "DET", "ADJ", "NUM":
		return true
	}
	return false
}

// clauseIn: a finite verb with a subject of its own stands in [lo, hi).
func (x *reporter) clauseIn(lo, hi int) bool {
	for i := lo; i < hi; i++ {
		if tok := &x.t.Tokens[i]; tok.UPOS == "VERB" && tok.Rel != "acl" && tok.Rel != "acl:relcl" && tok.Rel != "amod" {
			return true
		}
	}
	return false
}

// apposed: what stands between a subject and its verb belongs to the subject:
// an apposition, a relative clause, an age, a bracket.
func (x *reporter) apposed(lo, hi int) bool {
	t := x.t
	if hi-lo > 40 {
		return false
	}
	k := lo
	for k < hi && (t.Tokens[k].Text == "," || t.Tokens[k].Text == "-" || t.Tokens[k].Text == "--") {
		k++
	}
	if k == hi {
		return false
	}
	switch t.Tokens[k].UPOS {
	case "ADP", "ADV", "SCONJ", "CCONJ", "VERB", "AUX":
		return t.Tokens[k].Lower == "of" || k == lo && t.Tokens[k].UPOS == "ADP"
	}
	return true
}

// trimSource takes the marks off a source's edges; a comma that closes an
// apposition stays.
func (x *reporter) trimSource(s stretch) stretch {
	t := x.t
	inner, dash := false, false
	for i := s.lo; i < s.hi-1; i++ {
		w := t.Tokens[i].Text
		inner = inner || w == "," || w == "--"
		dash = dash || w == "--" || w == "—" || w == "-" && !t.Tokens[i].Glued
	}
	for s.ok() && t.Tokens[s.hi-1].UPOS == "PUNCT" {
		w := t.Tokens[s.hi-1].Text
		if w == ")" || w == "%" || x.closes(s.hi-1) || inner && w == "," && s.hi < x.unit.hi || dash && (w == "-" || w == "--" || w == "—") {
			break
		}
		s.hi--
	}
	return s
}
