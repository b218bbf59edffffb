package extract

import (
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

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
			if t.Tokens[c].Rel == "conj" && !p.r.boring[c] && !p.r.verbal(c) && !p.oneTitle(out[k], c) {
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
	return p.whole(trimMarks(t, toks))
}

// maxTitle bounds the words in quotation marks that are said as one.
const maxTitle = 8

// quotedTitles are the short quotations that are no statement: titles, coined
// words. The result names the first and last token of the quotation for every
// token inside.
func quotedTitles(t *language.Text) map[int][2]int {
	out := map[int][2]int{}
	for q := range t.Quotes {
		x := &t.Quotes[q]
		if x.Clause || x.Open || x.Last-x.First > maxTitle {
			continue
		}
		for i := x.First; i < x.Last; i++ {
			out[i] = [2]int{x.First, x.Last - 1}
		}
	}
	return out
}

// whole is a phrase with what it names in quotation marks in full.
func (p *proposer) whole(toks []int) []int {
	for _, i := range toks {
		q, ok := p.titles[i]
		if !ok {
			continue
		}
		out := slices.Clone(toks)
		for k := q[0]; k <= q[1]; k++ {
			if p.t.Tokens[k].Sentence == p.t.Tokens[i].Sentence {
				out = append(out, k)
			}
		}
		slices.Sort(out)
		return trimMarks(p.t, slices.Compact(out))
	}
	return toks
}

// oneTitle: two conjuncts stand in one quotation: "Brothers and Sisters".
func (p *proposer) oneTitle(a, b int) bool {
	q, ok := p.titles[a]
	return ok && b >= q[0] && b <= q[1]
}

// glued: a name right behind the noun that says what it is: "actress Ana Dorn".
func (p *proposer) glued(app int) bool {
	t := p.t
	first := app
	if q, ok := p.titles[app]; ok {
		first = q[0] - 1 // the opening mark
	}
	return (first < app || t.Tokens[app].UPOS == "PROPN") && t.Tokens[app].Head == first-1
}

func isQuote(s string) bool { return s == "\"" || s == "''" || s == "``" || s == "`" || s == "'" }

// extend is toks with more behind them, in memory of its own.
func extend(toks []int, more ...int) []int {
	return append(append(make([]int, 0, len(toks)+len(more)), toks...), more...)
}

func (p *proposer) emit(k PropositionKind, sub, rel, obj []int) {
	p.file(k, sub, rel, obj)
	if k == PropDescribed || k == PropContent || k == PropAside {
		return
	}
	p.short = true
	for _, v := range p.apart(obj) {
		p.file(PropDescribed, sub, rel, v)
	}
	p.short = false
}

// apart are the readings of a phrase with coordinated adjectives: "political and
// social projects": "political projects", "social projects".
func (p *proposer) apart(obj []int) [][]int {
	t := p.t
	for _, a := range obj {
		if x := &t.Tokens[a]; x.Rel != "amod" || t.Child(a, "conj") < 0 {
			continue
		}
		adjectives := []int{a}
		for _, c := range t.Children(a) {
			if t.Tokens[c].Rel == "conj" && t.Tokens[c].UPOS != "VERB" {
				adjectives = append(adjectives, c)
			}
		}
		return p.each(obj, adjectives)
	}
	return nil
}

// each is a phrase with one of its adjectives at a time.
func (p *proposer) each(phrase, adjectives []int) [][]int {
	t := p.t
	cut := map[int]bool{}
	for _, a := range adjectives {
		for _, i := range t.Subtree(a, nil) {
			cut[i] = true
		}
	}
	var out [][]int
	for _, a := range adjectives {
		own := map[int]bool{}
		for _, i := range t.Subtree(a, func(i int) bool {
			return t.Tokens[i].Rel == "conj" || t.Tokens[i].Rel == "cc" || t.Tokens[i].Text == ","
		}) {
			own[i] = true
		}
		out = append(out, keep(phrase, func(i int) bool { return !cut[i] || own[i] }))
	}
	return out
}

func (p *proposer) file(k PropositionKind, sub, rel, obj []int) {
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
	if len(obj) == 0 || p.short {
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
			return p.bracket(i) || p.set(i) || t.Tokens[i].Head == h && t.Child(h, "cop") >= 0 && t.Child(i, "mark") < 0
		case "nmod":
			return p.exemplary(i)
		case "nsubj", "nsubj:pass", "cop", "aux", "aux:pass", "obl", "advcl", "advmod", "case", "mark", "punct":
			return t.Tokens[i].Head == h
		}
		return false
	})), func(i int) bool { return !in[i] })
}

// bracket: the words stand in round brackets.
func (p *proposer) bracket(i int) bool {
	sub := p.t.Subtree(i, nil)
	return p.t.Tokens[sub[0]].Text == "("
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
