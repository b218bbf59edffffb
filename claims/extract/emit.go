package extract

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// evidence is the span that covers tokens, in whatever order they come.
func (r *reader) evidence(toks []int) []claims.Span {
	if len(toks) == 0 {
		return nil
	}
	span := claims.Span{}
	for _, i := range toks {
		span = span.Cover(r.t.Tokens[i].Span)
	}
	return []claims.Span{span}
}

// emit completes a claim and files it.
func (r *reader) emit(c claims.Claim, who speech, confidence float64) {
	c.Text = upperFirst(strings.TrimSpace(c.Text))
	if c.Text == "" || len(c.Evidence) == 0 || utf8.RuneCountInString(c.Text) < 4 || unfinished(&c) {
		return
	}
	if len(c.Text) > maxText {
		c.Text = strings.ToValidUTF8(c.Text[:maxText], "")
		confidence *= 0.5
	}
	c.Attribution = claims.Attribution{Hops: slices.Clone(who.hops)}
	if who.modality != "" && (c.Modality == claims.Asserted || who.modality == claims.Denied || who.modality == claims.Questioned) {
		c.Modality = who.modality
	}
	if r.t.Satire {
		c.Modality = claims.Hedged
		c.Doubts = append(c.Doubts, "the document calls itself satire")
	}
	c.Doubts = append(c.Doubts, who.doubts...)
	c.Confidence = confidence
	for range who.doubts {
		c.Confidence *= 0.8
	}
	c.CheckWorthiness = worthiness(&c)
	key := fmt.Sprint(c.MainSpan(), c.Kind, c.Text)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	r.out = append(r.out, c)
}

// openEnds are words that no claim ends with: what they lead to was read apart.
var openEnds = words("the a an and or")

// unfinished: the wording breaks off ("Dorn is the"), or says whose somebody is and
// not what ("Dorn is the agency's").
func unfinished(c *claims.Claim) bool {
	f := strings.Fields(c.Text)
	last := strings.ToLower(f[len(f)-1])
	return c.Kind == claims.Event && (openEnds[last] || c.Frame.Predicate.Lemma == "be" && len(c.Frame.Arguments) == 2 && strings.HasSuffix(last, "'s"))
}

// worthiness guesses how much an editor would want a claim checked: figures,
// names and dates raise it; hedges, questions and opinions do not.
func worthiness(c *claims.Claim) float64 {
	w := 0.3
	if len(c.Frame.Quantities) > 0 {
		w += 0.2
	}
	if c.Frame.Time.Known() {
		w += 0.1
	}
	for _, a := range c.Frame.Arguments {
		if a.Entity != "" {
			w += 0.1
			break
		}
	}
	if c.Kind == claims.Event {
		w += 0.15
	}
	if c.Modality != claims.Asserted && c.Modality != claims.Denied {
		w -= 0.15
	}
	return min(1, max(0, w))
}

// sortClaims puts claims in the order of the text, the wider one first.
func sortClaims(cs []claims.Claim) {
	sort.SliceStable(cs, func(a, b int) bool {
		x, y := cs[a].MainSpan(), cs[b].MainSpan()
		if x.Start != y.Start {
			return x.Start < y.Start
		}
		return x.End > y.End
	})
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
