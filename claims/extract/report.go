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
	t := x.pipeline.Annotate(d.Text, language.Meta{
		Kind: d.Kind, Publisher: d.Publisher, Title: d.Title, Byline: d.Byline, Dateline: d.Dateline, Credit: d.CreditLine,
		Published: d.PublishedAt, Language: d.Language,
	})
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

// part ends a report's content where a participle takes up another: in "rejected
// the plan, saying it was late" what was rejected ends with the plan.
func (x *reporter) part(reports []report) {
	t := x.t
	for _, b := range reports {
		at := b.cue.lo - 1
		if tok := &t.Tokens[b.head]; tok.XPOS != "VBG" || t.Child(b.head, "nsubj", "aux") >= 0 || at <= x.unit.lo || t.Tokens[at].Text != "," && !x.closes(at) {
			continue
		}
		for i := range reports {
			for k, c := range reports[i].content {
				if reports[i].cue.hi <= c.lo && c.holds(b.head) && c.lo < at {
					reports[i].content[k].hi = b.cue.lo
				}
			}
		}
	}
}

// yield ends what stands in the content of an adjunct before the adjunct: in "it
// would see prices rise, according to the bank" the bank is not seen.
func yield(reports []report) {
	for _, a := range reports {
		if !a.adjunct {
			continue
		}
		at := a.cue.lo
		if a.source.ok() {
			at = min(at, a.source.lo)
		}
		for i := range reports {
			if b := &reports[i]; !b.adjunct && a.contains(b.head) {
				for k, c := range b.content {
					if c.holds(a.head) && c.lo < at {
						b.content[k].hi = at
					}
				}
			}
		}
	}
}

// enclose widens what somebody says over the quotation of a saying inside it:
// "she said she recalled thinking, “…”".
func (x *reporter) enclose(reports []report) {
	for _, b := range reports {
		if !b.quotes || b.adjunct {
			continue
		}
		for i := range reports {
			a := &reports[i]
			if a.head == b.head || a.adjunct || a.cue.lo > b.cue.lo {
				continue
			}
			for k, c := range a.content {
				if !c.holds(b.head) {
					continue
				}
				for _, d := range b.content {
					if d.lo >= c.hi && d.lo <= c.hi+2 {
						a.content[k].hi = d.hi
					}
				}
			}
		}
	}
}

// siblings ends what somebody says where the next thing is told that he or she
// says: in "she said the port was open, but noted it was slow" the noting is the
// writer's, not hers.
func (x *reporter) siblings(reports []report) {
	t := x.t
	for _, b := range reports {
		if b.kind != Speech || t.Tokens[b.head].UPOS != "VERB" {
			continue
		}
		at := b.cue.lo
		if own := b.source.ok() && b.source.hi <= b.cue.lo && b.cue.lo-b.source.hi <= 1; own && b.source.hi-b.source.lo == 1 && t.Tokens[b.source.lo].UPOS == "PRON" {
			at = b.source.lo
		} else if !strongSpeech[t.Tokens[b.head].Lemma] || t.Child(b.head, "nsubj") >= 0 || t.Tokens[b.head].XPOS == "VB" {
			continue
		}
		if at-1 <= x.unit.lo || !joins[t.Tokens[at-1].Lower] {
			continue
		}
		for i := range reports {
			a := &reports[i]
			if a.kind != Speech || a.head == b.head || a.cue.lo >= at || t.Tokens[a.head].UPOS != "VERB" {
				continue
			}
			for k, c := range a.content {
				if a.cue.hi <= c.lo && c.holds(b.head) && c.lo < at-1 {
					a.content[k].hi = at - 1
				}
			}
		}
	}
}

var joins = words("and but though although while yet")

// withoutMedium cuts off the end of content where and when it was said: "…, in a
// statement on Monday".
func (x *reporter) withoutMedium(c stretch, r *report) stretch {
	t := x.t
	if c.lo < r.cue.hi || r.adjunct {
		return c
	}
	for i := c.hi - 1; i > c.lo+1 && i > c.hi-9; i-- {
		if t.Tokens[i].UPOS != "ADP" || x.quoteAt(i) >= 0 {
			continue
		}
		if w := t.Tokens[i].Lower; w != "in" && w != "during" && w != "at" && w != "on" {
			if x.timely(i + 1) {
				continue
			}
			return c
		}
		noun := -1
		for k := i + 1; k < c.hi && k < i+6; k++ {
			if speechNouns[t.Tokens[k].Lower] {
				noun = k
			} else if !nounLike(t.Tokens[k].UPOS) {
				break
			}
		}
		if noun < 0 {
			if x.timely(i + 1) {
				continue
			}
			return c
		}
		if h := t.Tokens[i].Head; h >= 0 && t.Tokens[h].Head >= 0 && t.Tokens[t.Tokens[h].Head].Lemma == "say" && t.Tokens[h].Head != r.head {
			return c
		}
		return stretch{c.lo, i}
	}
	return c
}

// withoutTail cuts off the end of content a participle or a "which" behind a comma:
// what is added so is the writer's more often than the speaker's ("…, making it the
// largest yet").
func (x *reporter) withoutTail(c stretch, r *report) stretch {
	t := x.t
	if c.lo < r.cue.hi || r.adjunct || r.quotes {
		return c
	}
	for i := c.hi - 3; i > c.lo+3; i-- {
		if (t.Tokens[i].XPOS == "VBG" || t.Tokens[i].Lower == "which") && t.Tokens[i-1].Text == "," && (t.Tokens[i].Rel == "advcl" || t.Tokens[i].Lower == "which") && x.quoteAt(i) < 0 && t.Tokens[i].Lower != "including" {
			return stretch{c.lo, i - 1}
		}
	}
	return c
}

// settle puts a report's content in order, mends its edges and tells whether it
// is one.
func (x *reporter) settle(r *report) bool {
	var parts []stretch
	sort.Slice(r.content, func(a, b int) bool { return r.content[a].lo < r.content[b].lo })
	for _, c := range r.content {
		c = x.trim(x.withoutTail(x.withoutMedium(c, r), r))
		if c.meets(r.cue) { // a parse that is no reading
			if c.lo < r.cue.lo {
				c = x.trim(stretch{c.lo, r.cue.lo})
			} else {
				c = x.trim(stretch{r.cue.hi, c.hi})
			}
		}
		if !c.ok() {
			continue
		}
		if n := len(parts); n > 0 && c.lo <= parts[n-1].hi+1 && (c.lo <= parts[n-1].hi || x.t.Tokens[parts[n-1].hi].UPOS == "PUNCT") && !r.cue.meets(stretch{parts[n-1].hi, c.lo}) {
			parts[n-1].hi = max(parts[n-1].hi, c.hi)
			continue
		}
		parts = append(parts, c)
	}
	r.content = parts
	if r.source.meets(r.cue) {
		r.source = stretch{}
	}
	return len(parts) > 0 && r.cue.ok()
}
