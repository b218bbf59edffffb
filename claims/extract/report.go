package extract

import (
	"slices"
	"sort"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// Report is one attribution of a text: who (Source), by which words (Cue), says,
// thinks or wants what (Content). Spans are byte ranges of Document.Text, each
// from the first to the last word it covers, quotation marks of a quotation
// included. It is the source-cue-content scheme of PARC (Pareti 2015).
type Report struct {
	Kind    ReportKind
	Source  claims.Span   // empty when nobody is named: "it was reported that"
	Cue     claims.Span   // never empty
	Content []claims.Span // in order of text, one or more, apart from one another
	// Inside is the index of the narrowest report whose content holds this one's
	// cue, -1 when there is none.
	Inside int
}

// Reports reads every attribution of a document, in order of their cues, with
// the same reading of the text that Document makes. d.Text must be valid UTF-8.
func (x *Extractor) Reports(d *claims.Document) []Report {
	t := x.annotate(d, nil)
	found := readReports(t)
	out := make([]Report, 0, len(found))
	for i := range found {
		f := &found[i]
		rep := Report{Kind: f.kind, Cue: t.TokenSpan(f.cue.lo, f.cue.hi-1), Inside: f.inside}
		if f.source.ok() {
			rep.Source = t.TokenSpan(f.source.lo, f.source.hi-1)
		}
		for _, c := range f.content {
			rep.Content = append(rep.Content, t.TokenSpan(c.lo, c.hi-1))
		}
		out = append(out, rep)
	}
	return out
}

// stretch is a run of tokens [lo, hi) of a text.
type stretch struct{ lo, hi int }

func (s stretch) ok() bool             { return s.lo < s.hi }
func (s stretch) holds(i int) bool     { return s.lo <= i && i < s.hi }
func (s stretch) gap(i int) int        { return max(s.lo-i, i-s.hi+1, 0) }
func (s stretch) meets(o stretch) bool { return s.lo < o.hi && o.lo < s.hi }

// report is a Report in tokens.
type report struct {
	kind    ReportKind
	head    int // token that carries the cue
	subject int // head token of the source, -1 when there is none
	source  stretch
	cue     stretch
	content []stretch
	inside  int
	sent    int  // the sentence it was read in, its host where it was cut out of one
	adjunct bool // it was cut out of its sentence and holds the rest of it
	quotes  bool // a quotation is content: one that follows may go on with it
}

func (r *report) contains(i int) bool {
	return slices.ContainsFunc(r.content, func(c stretch) bool { return c.holds(i) })
}

// reporter finds the reports of one text.
type reporter struct {
	t    *language.Text
	out  []report
	unit stretch // the sentence that is read, with its quotations
	sent int
	last int // report that a quotation on its own goes on with, -1
}

func readReports(t *language.Text) []report {
	x := &reporter{t: t, last: -1}
	block := -1
	for s := range t.Sentences {
		sent := &t.Sentences[s]
		if sent.Host >= 0 || sent.Quote >= 0 {
			continue
		}
		if sent.Block != block {
			block, x.last = sent.Block, -1
		}
		x.sentence(s)
	}
	x.nest()
	return x.out
}

// nest puts the reports in order and finds what stands inside what.
func (x *reporter) nest() {
	sort.SliceStable(x.out, func(a, b int) bool { return x.out[a].cue.lo < x.out[b].cue.lo })
	// Content may come long before its cue: look both ways, over what can reach.
	for i := range x.out {
		r := &x.out[i]
		r.inside = -1
		best := 1 << 30
		for k := max(0, i-nestReach); k < len(x.out) && k <= i+nestReach; k++ {
			o := &x.out[k]
			if k == i || !o.contains(r.head) || r.contains(o.head) && k > i {
				continue
			}
			size := 0
			for _, c := range o.content {
				size += c.hi - c.lo
			}
			if size < best {
				best, r.inside = size, k
			}
		}
	}
}

// nestReach bounds how many reports away the one around another is looked for.
const nestReach = 24

// bounds is the stretch of a sentence with its quotations and what was cut out
// of it.
func (x *reporter) bounds(s int) stretch {
	t := x.t
	sent := &t.Sentences[s]
	u := stretch{1 << 30, -1}
	add := func(lo, hi int) { u.lo, u.hi = min(u.lo, lo), max(u.hi, hi) }
	for _, i := range sent.Tokens {
		add(i, i+1)
	}
	for _, q := range sent.Holes {
		add(x.marks(q).lo, x.marks(q).hi)
	}
	for _, a := range sent.Adjuncts {
		for _, i := range t.Sentences[a].Tokens {
			add(i, i+1)
		}
		if c := t.Sentences[a].Cue; c[1] > c[0] {
			add(c[0], c[1])
		}
	}
	return u
}

// marks is a quotation with its quotation marks.
func (x *reporter) marks(q int) stretch {
	quote := &x.t.Quotes[q]
	s := stretch{quote.First - 1, quote.Last}
	if quote.Bare {
		s.lo++
	}
	if !quote.Open && quote.Last < len(x.t.Tokens) {
		s.hi++
	}
	s.lo = max(s.lo, 0)
	return s
}

func (x *reporter) sentence(s int) {
	t := x.t
	sent := &t.Sentences[s]
	if len(sent.Tokens) == 0 && len(sent.Holes) == 0 {
		return
	}
	x.unit, x.sent = x.bounds(s), s
	first := len(x.out)
	for _, a := range sent.Adjuncts {
		x.adjunct(s, a)
	}
	for _, i := range sent.Tokens {
		x.word(i)
	}
	for _, a := range sent.Adjuncts {
		for _, i := range t.Sentences[a].Tokens {
			if i != t.Sentences[a].Root {
				x.word(i)
			}
		}
	}
	x.quotations(s, first)
	x.part(x.out[first:])
	x.siblings(x.out[first:])
	yield(x.out[first:])
	x.enclose(x.out[first:])
	kept := x.out[:first]
	for _, r := range x.out[first:] {
		if x.settle(&r) {
			kept = append(kept, r)
		}
	}
	x.out = kept
	for i := first; i < len(x.out); i++ {
		if x.out[i].quotes {
			x.last = i
		}
	}
}
