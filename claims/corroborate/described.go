package corroborate

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
	"github.com/secondsource/secondsource/claims/match"
)

// acquaint learns from the documents that bear on the answer who speaks for
// which body: what one of them says of a person holds in the others, unless they
// disagree.
func (b *builder) acquaint() {
	b.read, b.speaks = map[string][]*claims.Claim{}, map[string]string{}
	bears := map[string]bool{}
	for i := range b.items {
		bears[b.items[i].e.Document.ID] = true
	}
	for i := range b.in.Read {
		if c := &b.in.Read[i]; bears[c.Document] {
			b.read[c.Document] = append(b.read[c.Document], c)
		}
	}
	bodies := map[string]string{} // person -> origin key of the body
	learn := func(d *claims.Document, hops []claims.Hop) {
		for _, h := range hops {
			if h.SpeaksFor == "" || h.Kind != claims.SourcePerson || !properName(h.SpeaksFor) || !properName(h.Name) || strings.EqualFold(h.Name, h.SpeaksFor) {
				continue
			}
			k, body := language.VariantKey(h.Name), b.named(claims.Hop{Name: h.SpeaksFor}, d.PublishedAt).key
			switch old, known := bodies[k]; {
			case k == "":
			case !known:
				bodies[k], b.speaks[k] = body, h.SpeaksFor
			case old == body:
				b.speaks[k] = min(b.speaks[k], h.SpeaksFor) // whichever is read first
			default:
				bodies[k] = "" // two bodies: neither
				delete(b.speaks, k)
			}
		}
	}
	for i := range b.items {
		d := b.items[i].e.Document
		learn(d, b.items[i].e.Claim.Attribution.Hops)
		for _, c := range b.read[d.ID] {
			learn(d, c.Attribution.Hops)
		}
	}
}

// properName tells a name from a description ("the airline").
func properName(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) || strings.HasPrefix(s, "@")
}

// described: a source that is only described ("the airline said") is the one
// named origin of its side that it fits. Where it fits several it may be any of
// them, and counts in the upper bound alone.
func (b *builder) described() {
	for i := range b.items {
		it := &b.items[i]
		if it.hearsay || !it.who.identified || it.who.source != nil || properName(it.who.name) || it.who.key == it.publisher {
			continue
		}
		fits, others := -1, false
		for j := range b.items {
			o := &b.items[j].who
			if b.items[j].side != it.side || b.items[j].hearsay || !o.identified || o.source == nil && !properName(o.name) || !fitting(it.who.name, o) ||
				b.different(&it.who, o) || b.parted(it, &b.items[j]) != nil {
				continue
			}
			if fits >= 0 && b.items[fits].who.key != o.key {
				others = true
			}
			if fits < 0 {
				fits = j
			}
		}
		h := it.e.Claim.Attribution.Asserter()
		switch {
		case fits < 0:
		case others:
			it.who.identified = false
			it.who.key = "unknown:" + it.e.Document.ID
			it.who.why = fmt.Sprintf("%q may be any of several that are named, so it can raise the upper bound only", it.who.name)
		default:
			to := b.items[fits].who
			it.become(to, claims.Merge{Reason: claims.MergeSameSource, Document: it.e.Document.ID, Other: to.name, Span: h.SourceSpan,
				Detail: fmt.Sprintf("%q is taken as %s, the only one it fits", it.who.name, to.name)})
		}
	}
}

// fitting tells whether a description may mean an origin: its noun stands in one
// of the origin's names, or says what kind of body it is.
func fitting(description string, o *who) bool {
	ws := strings.Fields(description)
	if len(ws) == 0 || len(ws) > 3 {
		return false
	}
	noun := match.Stem(ws[len(ws)-1])
	if noun == "" {
		return false
	}
	names := append([]string{o.name}, o.members...)
	if s := o.source; s != nil {
		for _, a := range s.Aliases {
			names = append(names, a.Name)
		}
		if s.Kind == claims.SourceCompany && match.Same("company", noun) >= kindOf {
			return true
		}
	}
	for _, n := range names {
		for w := range strings.FieldsSeq(n) {
			if match.Stem(w) == noun {
				return true
			}
		}
	}
	return false
}

// kindOf is the likeness of two nouns from which on the one is a kind of the
// other.
const kindOf = 0.7
