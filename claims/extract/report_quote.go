package extract

import (
	"slices"

	"github.com/secondsource/secondsource/claims/language"
)

// adjunct reads a part that was cut out of sentence s because it only says who
// speaks: what is left is what it says.
func (x *reporter) adjunct(s, a int) {
	t := x.t
	adj := &t.Sentences[a]
	if adj.Root < 0 || len(adj.Tokens) == 0 || adj.Cue[1] <= adj.Cue[0] {
		return
	}
	own := stretch{min(adj.Tokens[0], adj.Cue[0]), max(adj.Tokens[len(adj.Tokens)-1]+1, adj.Cue[1])}
	var content []stretch
	switch {
	case own.lo <= x.unit.lo:
		content = []stretch{{own.hi, x.unit.hi}}
	case own.hi >= x.unit.hi-1:
		content = []stretch{{x.unit.lo, own.lo}}
	default:
		content = []stretch{{x.unit.lo, own.lo}, {own.hi, x.unit.hi}}
	}
	if adj.Cue[0] != adj.Root && t.Tokens[adj.Cue[0]].Text == ":" {
		// A turn lasts to the end of its paragraph.
		end := x.unit.hi
		for n := s + 1; n < len(t.Sentences) && t.Sentences[n].Block == t.Sentences[s].Block; n++ {
			if t.Sentences[n].Host < 0 && t.Sentences[n].Quote < 0 {
				if len(t.Sentences[n].Adjuncts) > 0 && t.Tokens[t.Sentences[t.Sentences[n].Adjuncts[0]].Cue[0]].Text == ":" {
					break
				}
				end = max(end, x.bounds(n).hi)
			}
		}
		x.file(report{adjunct: true, kind: Speech, head: adj.Cue[0], subject: adj.Root, source: stretch{own.lo, adj.Cue[0]}, cue: stretch{adj.Cue[0], adj.Cue[1]}, content: []stretch{{own.hi, end}}})
		return
	}
	if adj.Cue[0] != adj.Root {
		src := stretch{adj.Cue[1], own.hi}
		x.file(report{adjunct: true, kind: Speech, head: adj.Cue[0], subject: adj.Root, source: x.trimSource(src), cue: stretch{adj.Cue[0], adj.Cue[1]}, content: content})
		return
	}
	// "In an interview, she said that …" leaves only what follows.
	if own.lo == x.unit.lo && own.hi < x.unit.hi && t.Tokens[own.hi].Lower == "that" {
		content = []stretch{{own.hi, x.unit.hi}}
	}
	e := reportVerbs[t.Tokens[adj.Root].Lemma]
	kind := e.kind
	if kind == "" {
		kind = Speech
	}
	r := x.fileVerb(adj.Root, kind, content, 0)
	r.adjunct = true
	for _, q := range t.Sentences[s].Holes {
		r.quotes = r.quotes || r.contains(t.Quotes[q].First)
	}
}

// quotations finds the cue of each quotation in a sentence that no report holds
// yet.
func (x *reporter) quotations(s, first int) {
	t := x.t
	sent := &t.Sentences[s]
	for _, q := range sent.Holes {
		m := x.marks(q)
		held := false
		for i := first; i < len(x.out); i++ {
			if x.out[i].contains(m.lo + 1) {
				x.out[i].quotes, held = true, true
			}
		}
		if held {
			continue
		}
		v := x.quoting(s, m)
		if v < 0 && x.signed(sent, m) {
			continue
		}
		if v < 0 {
			if len(sent.Tokens) == 0 && x.last >= 0 && !x.out[x.last].cue.meets(m) {
				x.out[x.last].content = append(x.out[x.last].content, m)
			}
			continue
		}
		i := slices.IndexFunc(x.out[first:], func(r report) bool { return r.head == v })
		if i >= 0 {
			r := &x.out[first+i]
			r.content, r.quotes = append(r.content, x.around(m, r)), true
			continue
		}
		r := x.fileVerb(v, reportVerbs[t.Tokens[v].Lemma].kind, []stretch{m}, 0)
		r.content[0], r.quotes = x.around(m, r), true
	}
}

// quoting is the verb that brings in the quotation in a hole of sentence s: the
// nearest that can, verbs of plain speech first; -1 when there is none.
func (x *reporter) quoting(s int, hole stretch) int {
	t := x.t
	best, bestGap := -1, 1<<30
	try := func(i int) {
		tok := &t.Tokens[i]
		if tok.UPOS != "VERB" || reportVerbs[tok.Lemma].takes&fQuote == 0 {
			return
		}
		gap := hole.gap(i)
		if strongSpeech[tok.Lemma] {
			gap -= 6
		}
		if tok.XPOS == "VBG" && i > hole.lo {
			gap += 20 // "…," he said, adding that
		}
		if c := t.Child(i, "ccomp"); c >= 0 && c != i+1 && !hole.holds(c) && i > hole.lo {
			gap += 20
		}
		if gap < bestGap {
			best, bestGap = i, gap
		}
	}
	for _, i := range t.Sentences[s].Tokens {
		try(i)
	}
	for _, a := range t.Sentences[s].Adjuncts {
		for _, i := range t.Sentences[a].Tokens {
			try(i)
		}
	}
	return best
}

// around widens a quotation over the words outside its marks that are said with
// it: "With so many ballots, “there is no risk,” she said", "said that “…”".
func (x *reporter) around(m stretch, r *report) stretch {
	t := x.t
	from := r.cue.lo
	if r.source.ok() {
		from = min(from, r.source.lo)
	}
	if m.hi <= from {
		if m.lo > x.unit.lo && !x.clauseIn(x.unit.lo, m.lo) {
			m.lo = x.unit.lo
		}
		if !x.clauseIn(m.hi, from) && m.hi < from && t.Tokens[m.hi].UPOS != "PUNCT" {
			m.hi = from
		}
		return m
	}
	for m.lo > r.cue.hi && m.lo > 0 {
		w := t.Tokens[m.lo-1].Lower
		if w == "that" || w == "but" || w == "and" || w == "," && m.lo-1 > r.cue.hi && t.Tokens[m.lo-2].Lower == "that" {
			m.lo--
			continue
		}
		break
	}
	return m
}

// signed files the report of a quotation whose speaker only stands beside it:
// "Orta Air: “All are safe.”" and "“All are safe.” -- Ana Moss".
func (x *reporter) signed(sent *language.Sentence, m stretch) bool {
	t := x.t
	toks := sent.Tokens
	if n := len(toks); n > 1 && n < 8 && toks[n-1] == m.lo-1 && t.Tokens[m.lo-1].Text == ":" {
		x.file(report{kind: Speech, head: m.lo - 1, subject: toks[n-2], source: stretch{toks[0], m.lo - 1}, cue: stretch{m.lo - 1, m.lo}, content: []stretch{m}, quotes: true})
		return true
	}
	i := m.hi
	for i < len(t.Tokens) && (t.Tokens[i].Text == "-" || t.Tokens[i].Text == "--" || t.Tokens[i].Text == "—" || t.Tokens[i].Text == "–" || t.Tokens[i].Text == "―") && i < m.hi+2 {
		i++
	}
	if i == m.hi {
		return false
	}
	end := i
	for end < len(t.Tokens) && end < i+7 && t.Tokens[end].Sentence >= 0 && t.Tokens[end].Text != "." && (t.Tokens[end].UPOS == "PROPN" || nounLike(t.Tokens[end].UPOS)) {
		end++
	}
	if end == i || t.Tokens[i].UPOS != "PROPN" {
		return false
	}
	x.file(report{kind: Speech, head: i - 1, subject: end - 1, source: stretch{i, end}, cue: stretch{m.hi, i}, content: []stretch{m}, quotes: true})
	return true
}
