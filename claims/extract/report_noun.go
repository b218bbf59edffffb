package extract

import (
	"slices"
	"sort"
	"strings"
)

// nounHolds: the noun brings in content of its own.
func (x *reporter) nounHolds(n int, e entry) bool {
	for _, c := range x.t.Children(n) {
		switch x.t.Tokens[c].Rel {
		case "nmod":
			if k := x.t.Child(c, "case"); k > n && e.prep(x.t.Tokens[k].Lower) {
				return true
			}
		case "acl", "ccomp":
			if c > n && (x.marked(c, "that") && e.takes&fClause != 0 || x.marked(c, "to") && e.takes&fTo != 0) {
				return true
			}
		}
	}
	return false
}

// noun: "her claim that …", "made a decision to …", "a call for …".
func (x *reporter) noun(n int, e entry) {
	t := x.t
	clause, nmod := -1, -1
	for _, c := range t.Children(n) {
		tok := &t.Tokens[c]
		if c < n {
			continue
		}
		m := t.Child(c, "mark")
		switch {
		case (tok.Rel == "acl" || tok.Rel == "ccomp" || tok.Rel == "acl:relcl" || tok.Rel == "xcomp") && m > n && t.Tokens[m].Lower == "that" && e.takes&fClause != 0,
			(tok.Rel == "acl" || tok.Rel == "xcomp") && m > n && t.Tokens[m].Lower == "to" && e.takes&fTo != 0:
			clause = c
		case tok.Rel == "nmod" && nmod < 0:
			if k := t.Child(c, "case"); k > n && e.prep(t.Tokens[k].Lower) {
				nmod = c
			}
		}
	}
	r := report{kind: e.kind, head: n, cue: stretch{n, n + 1}, subject: -1}
	switch {
	case clause >= 0:
		r.content = append(r.content, x.phraseAfter(n, clause))
	case nmod >= 0:
		k := t.Child(nmod, "case")
		s := x.extent(nmod, nil)
		r.content = append(r.content, stretch{k + 1, s.hi})
		r.cue.hi = k + 1
	default:
		return
	}
	if p := t.Child(n, "nmod:poss"); p >= 0 && p < n {
		r.subject, r.source = p, x.extent(p, nil)
		r.cue.lo = max(r.source.hi, n-3)
		if t.Tokens[p].UPOS != "PRON" && t.Tokens[r.source.hi-1].XPOS == "POS" {
			r.source.hi--
			r.cue.lo = r.source.hi
		}
		x.file(r)
		return
	}
	if h := t.Tokens[n].Head; h >= 0 && t.Tokens[n].Rel == "obj" && h < n && t.Tokens[h].UPOS == "VERB" && supportVerbs[t.Tokens[h].Lemma] && !x.passive(h) {
		cue, top := x.cueOf(h)
		if subj, span := x.sourceOf(top, cue); subj >= 0 {
			r.subject, r.source = subj, span
			r.cue.lo = cue.lo
			x.file(r)
			return
		}
	}
	if nmod >= 0 {
		return // "a report on X": a thing, as often as not
	}
	x.file(r)
}

// adjective: "is confident that …", "was willing to …", "were angry about …".
func (x *reporter) adjective(a int, e entry) bool {
	t := x.t
	if t.Child(a, "cop", "aux:pass") < 0 && !(t.Tokens[a].UPOS == "ADJ" && strings.HasSuffix(t.Tokens[a].Lower, "ed") && t.Child(a, "ccomp", "obl") > a) {
		return false
	}
	subj := t.Child(a, "nsubj", "nsubj:pass")
	if subj < 0 || t.Tokens[subj].Lower == "it" {
		return false
	}
	cue := x.group(a)
	r := report{kind: e.kind, head: a, cue: cue, subject: subj}
	for _, c := range t.Children(a) {
		if c < a {
			continue
		}
		switch tok := &t.Tokens[c]; {
		case (tok.Rel == "ccomp" || tok.Rel == "advcl") && e.takes&fClause != 0 && x.marked(c, "that", "whether"), tok.Rel == "ccomp" && e.takes&fClause != 0:
			r.content = []stretch{x.clauseAfter(a, c)}
		case (tok.Rel == "xcomp" || tok.Rel == "advcl" || tok.Rel == "ccomp") && e.takes&fTo != 0 && x.marked(c, "to"):
			r.content = []stretch{x.phraseAfter(a, c)}
		case tok.Rel == "obl":
			if k := t.Child(c, "case"); k > a && e.prep(t.Tokens[k].Lower) {
				s := x.extent(c, nil)
				r.content = []stretch{{k + 1, s.hi}}
				r.cue.hi = k + 1
			}
		default:
			continue
		}
		if len(r.content) > 0 {
			break
		}
	}
	if len(r.content) == 0 {
		return false
	}
	r.source = x.sourceSpan(subj, r.cue, true)
	x.file(r)
	return true
}

// timely: the token stands in a time expression.
func (x *reporter) timely(i int) bool {
	n := sort.Search(len(x.t.Times), func(n int) bool { return x.t.Times[n].Tokens[1] > i })
	return n < len(x.t.Times) && x.t.Times[n].Tokens[0] <= i
}

func (x *reporter) marked(c int, marks ...string) bool {
	m := x.t.Child(c, "mark")
	return m >= 0 && slices.Contains(marks, x.t.Tokens[m].Lower)
}
