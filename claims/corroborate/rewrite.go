package corroborate

import (
	"fmt"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/match"
)

// Limits and thresholds of the search for rewrites. Two reporters of one event
// share names, figures and what is asked about; none of these counts.
const (
	maxRewrites = 48   // documents of one side compared with each other, the earliest
	runWords    = 5    // words of a shared run
	rareWord    = 0.65 // match.Rarity of a word that makes a run telling
	rareInRun   = 2    // such words in a telling run
)

// rewritten finds documents that state it in their own voice and whose wording
// betrays that one was written from the other: rare runs of words, the same
// quotations in the same order, the same misspellings. The later one has it from
// the earlier one; where neither is earlier, one of the two counts in the upper
// bound alone.
func (b *builder) rewritten() {
	asked := map[string]bool{}
	for _, s := range match.Stems(b.in.Text) {
		asked[s] = true
	}
	for _, side := range [...]claims.Stance{claims.Supports, claims.Refutes} {
		var own []*item
		seen := map[string]bool{}
		for i := range b.items {
			it := &b.items[i]
			if it.side == side && !it.hearsay && it.who.identified && it.own() && !seen[it.e.Document.ID] && len(own) < maxRewrites {
				seen[it.e.Document.ID] = true
				own = append(own, it)
			}
		}
		if len(own) < 2 {
			continue
		}
		worded := make([]*wording, len(own))
		for k, it := range own {
			worded[k] = newWording(it.e.Document.Text)
			for i, o := range own[:k] {
				if o.who.key == it.who.key || !it.own() || !o.own() {
					continue
				}
				b.rewrite(it, o, traces(worded[k], worded[i], asked))
			}
		}
	}
}

// rewrite weighs what an item's text shares with that of one that was published no
// later.
func (b *builder) rewrite(it, o *item, t trace) {
	x, y := it.e.Document, o.e.Document
	if t.points() == 0 {
		return
	}
	m := claims.Merge{Reason: claims.MergeRewrite, Document: x.ID, Other: y.ID, Span: t.span, Origin: it.who.name,
		Detail: fmt.Sprintf("shares with the document of %s %s", b.publisherName(y), t)}
	switch {
	case t.points() < enough:
		m.Close = true
		m.Detail += ", which two writers may hit on"
		b.kept = append(b.kept, m)
	case b.parted(it, o) != nil:
		b.keep(it, y.ID, b.parted(it, o))
	case y.PublishedAt.Before(x.PublishedAt) && !y.PublishedAt.IsZero():
		m.Detail += ", and was published later"
		it.become(o.who, m)
	default:
		m.Close = true
		m.Detail += "; which of the two has it from the other does not show"
		b.kept = append(b.kept, m)
		it.who.identified = false
		it.who.key = "unknown:" + x.ID
		it.who.why = it.who.name + " states it in its own voice, but shares rare wording with " + b.publisherName(y) + ", so it can raise the upper bound only"
	}
}

// trace is what betrays a rewrite.
type trace struct {
	runs, quotes int
	misspelt     []string
	span         claims.Span // the first sign, in the first text
}

// enough points make a rewrite: three telling runs, four quotations in one order
// (a speech that both heard gives one or two), two slips, or some of each.
const enough = 6

func (t trace) points() int { return 2*t.runs + 2*max(0, t.quotes-1) + 3*len(t.misspelt) }

func (t trace) String() string {
	var parts []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(t.runs, "rare run of words", "rare runs of words")
	add(t.quotes, "quotation", "quotations in the same order")
	if len(t.misspelt) > 0 {
		parts = append(parts, fmt.Sprintf("the misspelling %q", strings.Join(t.misspelt, ", ")))
	}
	return strings.Join(parts, ", ")
}

// wording is a text made ready to be compared with others.
type wording struct {
	text  *copies.Text
	plain []string        // its longer words in small letters
	has   map[string]bool // the same
}

func newWording(text string) *wording {
	w := &wording{text: copies.NewText(text, runWords), plain: plainWords(text), has: map[string]bool{}}
	for _, p := range w.plain {
		w.has[p] = true
	}
	return w
}

// traces compares two texts. asked are the stems of the query, which both share
// whoever wrote them.
func traces(wx, wy *wording, asked map[string]bool) trace {
	var t trace
	x := wx.text.String()
	for _, p := range wx.text.Passages(wy.text) {
		rare := 0
		for w := range strings.FieldsSeq(p.A.Of(x)) {
			if s := match.Stem(w); s != "" && w == strings.ToLower(w) && !strings.ContainsAny(w, "0123456789") && !asked[s] && match.Rarity(s) >= rareWord {
				rare++
			}
		}
		if rare >= rareInRun {
			t.runs++
			if t.span.Empty() {
				t.span = p.A
			}
		}
	}
	qs := wx.text.Quotations(wy.text)
	t.quotes = len(qs)
	if len(qs) > 1 && t.span.Empty() {
		t.span = qs[0]
	}
	told := map[string]bool{}
	for _, w := range wx.plain {
		if wy.has[w] && !told[w] && len(t.misspelt) < maxMisspelt {
			told[w] = true
			if match.Misspelt(w) {
				t.misspelt = append(t.misspelt, w)
				if at := strings.Index(x, w); t.span.Empty() && at >= 0 {
					t.span = claims.Span{Start: at, End: at + len(w)}
				}
			}
		}
	}
	return t
}

const maxMisspelt = 4

// plainWords are the longer words of a text in small letters.
func plainWords(text string) []string {
	var out []string
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, `.,;:!?"'()[]“”‘’`)
		if len(w) >= 6 && !strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
			out = append(out, w)
		}
	}
	return out
}
