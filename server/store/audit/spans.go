package audit

import (
	"fmt"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// span checks that a span lies in a text, between characters.
func (c *checker) span(name, what string, s claims.Span, text string) {
	switch {
	case !s.In(len(text)):
		c.find(name, "has a span of its %s, [%d, %d), outside the text of %d bytes", what, s.Start, s.End, len(text))
	case !boundary(text, s.Start) || !boundary(text, s.End):
		c.find(name, "has a span of its %s, [%d, %d), that cuts a character", what, s.Start, s.End)
	}
}

func boundary(text string, at int) bool { return at == len(text) || utf8.RuneStart(text[at]) }

// part is the part of a document that spans point into; ok is false for metadata,
// which has none.
func part(d *claims.Document, w claims.Where) (text string, ok bool) {
	switch w {
	case claims.WhereText:
		return d.Text, true
	case claims.WhereTitle:
		return d.Title, true
	case claims.WhereByline:
		return d.Byline, true
	case claims.WhereDateline:
		return d.Dateline, true
	case claims.WhereCredit:
		return d.CreditLine, true
	default:
		return "", false
	}
}

// spansOfDocument checks what the reading of a document points at.
func (c *checker) spansOfDocument(name string, d *claims.Document) {
	if !utf8.ValidString(d.Text) {
		c.find(name, "has a text that is not valid UTF-8")
	}
	for _, a := range d.Reading.SetAside {
		c.span(name, "reading", a.Span, d.Text)
	}
	for _, e := range d.Reading.Embeds {
		c.span(name, "reading", e.Span, d.Text)
	}
	for _, credit := range d.Reading.Credits {
		if text, ok := part(d, credit.Where); ok {
			c.span(name, "credits", credit.Span, text)
		}
	}
	if w := d.Reading.Withdrawal; w != nil {
		c.span(name, "withdrawal", w.Span, d.Text)
	}
	for _, copied := range d.Copies {
		c.span(name, "copies", copied.Span, d.Text)
	}
}

// spansOfClaim checks what a claim and its chain point at.
func (c *checker) spansOfClaim(d *claims.Document, cl *claims.Claim) {
	name := fmt.Sprintf("documents/%s/claims/%d", d.ID, cl.Index)
	if len(cl.Evidence) == 0 {
		c.find(name, "has no evidence")
	}
	if len(cl.Attribution.Hops) == 0 {
		c.find(name, "has no asserter")
	}
	for _, s := range cl.Evidence {
		c.span(name, "evidence", s, d.Text)
	}
	f := &cl.Frame
	c.span(name, "predicate", f.Predicate.Span, d.Text)
	for i := range f.Arguments {
		c.span(name, "arguments", f.Arguments[i].Span, d.Text)
	}
	c.span(name, "time", f.Time.Span, d.Text)
	c.span(name, "place", f.PlaceSpan, d.Text)
	for i := range f.Quantities {
		c.span(name, "quantities", f.Quantities[i].Span, d.Text)
	}
	for i := range cl.Attribution.Hops {
		h := &cl.Attribution.Hops[i]
		if text, ok := part(d, h.Where); ok {
			c.span(name, "sources", h.SourceSpan, text)
		}
		c.span(name, "cues", h.CueSpan, d.Text)
	}
}
