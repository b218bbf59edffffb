package corroborate

import (
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/match"
)

// update: an origin that says otherwise has replaced what it said before, on both
// sides, and with it every relay of it, later ones too, unless it says the first
// thing again itself. Its own documents replace anything; a report of it that is
// newer replaces a value.
func (b *builder) update() {
	groups := map[string][]int{}
	for i := range b.items {
		if !b.items[i].hearsay {
			groups[b.items[i].who.key] = append(groups[b.items[i].who.key], i)
		}
	}
	for i := range b.items {
		if l := b.replaces(i, groups[b.items[i].who.key]); l >= 0 {
			it := &b.items[i]
			it.e.Withdrawn = true
			if byQuantity(it, &b.items[l]) {
				it.e.Relation.Kind = claims.Updates
				it.e.Relation.Why += "; its origin has given another value since"
			}
		}
	}
}

func byQuantity(x, y *item) bool {
	return x.e.Relation.Contradiction == claims.ByQuantity || y.e.Relation.Contradiction == claims.ByQuantity
}

func (it *item) own() bool { return it.publisher == it.who.key }

// replaces finds the item of one origin that takes the place of another, or -1.
func (b *builder) replaces(i int, group []int) int {
	it := &b.items[i]
	at := func(k int) time.Time { return b.items[k].e.Document.PublishedAt }
	for _, l := range group {
		x := &b.items[l]
		if x.e.Stance == it.e.Stance || !x.own() && !byQuantity(it, x) {
			continue
		}
		before, again := at(i).Before(at(l)), false
		for _, k := range group {
			y := &b.items[k]
			if y.e.Stance != it.e.Stance {
				continue
			}
			// A later relay repeats what had been said before it was replaced.
			before = before || !it.own() && at(l).Before(at(i)) && at(k).Before(at(l))
			again = again || y.own() && at(l).Before(at(k))
		}
		if before && !again {
			return l
		}
	}
	return -1
}

// dropped: what an outlet said in its own voice in a version that gave way to
// another, or in a document that was retracted, and says in no document that
// stands, it has dropped. Whatever relays or copies it falls too.
func (b *builder) dropped() {
	type said struct {
		key  string
		side claims.Stance
	}
	fell, stands := map[said]*item{}, map[said]bool{}
	for i := range b.items {
		it := &b.items[i]
		if it.hearsay || !it.own() {
			continue
		}
		if k := (said{it.who.key, it.side}); !it.fallen() {
			stands[k] = true
		} else {
			fell[k] = it
		}
	}
	for i := range b.items {
		it := &b.items[i]
		if it.e.Document.Status == claims.StatusRetracted {
			it.e.Withdrawn = true
		}
		k := said{it.who.key, it.side}
		if was := fell[k]; was != nil && !stands[k] && !it.hearsay {
			it.e.Withdrawn = true
			if it.e.Document != was.e.Document {
				it.e.Relation.Why += "; " + it.who.name + " says it no more"
			}
		}
	}
}

// withdraw applies documents that take something back: what their publisher said
// of it before, and every relay of it, stops counting; one that says it was
// untrue stands on the other side.
func (b *builder) withdraw() {
	for _, w := range b.in.Withdrawals {
		p := b.named(claims.Hop{Name: w.Publisher}, w.PublishedAt)
		taken := b.takenBack(w)
		own, relays := b.earlier(w, p, taken)
		about := b.takes(w, own)
		if len(own) > 0 && len(about) == 0 {
			continue // it takes back something else that it had published
		}
		hit, negated := false, false
		for _, it := range append(about, relays...) {
			it.e.Withdrawn = true
			// One controller's other outlets fall with it, but it speaks of its own.
			if samePublisher(it.e.Document, w) || it.who.name == p.name {
				hit, negated = true, negated || it.e.Relation.Contradiction == claims.ByNegation
			}
		}
		if !hit || w.Reading.Withdrawal == nil || !w.Reading.Withdrawal.Untrue || b.turned(w, taken) {
			continue
		}
		// That "12" is untrue says no other number; that it did not happen says
		// that it did.
		if taken == claims.Supports || negated {
			b.items = append(b.items, b.untrue(w, p, opposite(taken)))
		}
	}
}

// earlier are the items of one side that a withdrawal may take back: what its
// publisher had published, and what others have from it, later too.
func (b *builder) earlier(w *claims.Document, p who, taken claims.Stance) (own, relays []*item) {
	for i := range b.items {
		it := &b.items[i]
		switch {
		case it.hearsay || it.e.Document.ID == w.ID || it.side != taken:
		case it.publisher == p.key:
			if it.e.Document.PublishedAt.Before(w.PublishedAt) {
				own = append(own, it)
			}
		case it.who.key == p.key:
			relays = append(relays, it)
		}
	}
	return own, relays
}

// Of a withdrawal that says what it takes back a claim is meant when so much of
// it is said there, or nearly as much as of the claim of its document that is
// meant most.
const (
	meantAt = 0.4
	meantBy = 0.75
)

// takes are those of the items that a withdrawal takes back. One that does not
// say what ("We have removed an earlier report") takes back all of them; one that
// takes back some of what a document said leaves the rest.
func (b *builder) takes(w *claims.Document, own []*item) []*item {
	said := match.Stems(passage(w))
	best, specific := map[string]float64{}, false
	for _, it := range own {
		for _, c := range b.read[it.e.Document.ID] {
			best[c.Document] = max(best[c.Document], within(c.Text, said))
		}
		best[it.e.Document.ID] = max(best[it.e.Document.ID], within(it.e.Claim.Text, said))
		specific = specific || best[it.e.Document.ID] >= meantAt
	}
	if !specific {
		return own
	}
	var out []*item
	for _, it := range own {
		if x := within(it.e.Claim.Text, said); x >= meantAt || x > 0 && x >= meantBy*best[it.e.Document.ID] && best[it.e.Document.ID] >= meantAt {
			out = append(out, it)
		}
	}
	return out
}

// passage is the paragraph in which a document takes something back.
func passage(w *claims.Document) string {
	if w.Reading.Withdrawal == nil || !w.Reading.Withdrawal.Span.In(len(w.Text)) {
		return w.Text
	}
	s := w.Reading.Withdrawal.Span
	s.Start = strings.LastIndexByte(w.Text[:s.Start], '\n') + 1
	if i := strings.IndexByte(w.Text[s.End:], '\n'); i >= 0 {
		s.End += i
	} else {
		s.End = len(w.Text)
	}
	return s.Of(w.Text)
}

// within is the share of a claim's words, by rarity, that are said in a passage.
func within(claim string, said []string) float64 {
	total, have := 0.0, 0.0
	for _, s := range match.Stems(claim) {
		weight, like := 0.2+match.Rarity(s), 0.0
		for _, x := range said {
			like = max(like, match.Same(s, x))
		}
		total += weight
		have += weight * like
	}
	if total == 0 {
		return 0
	}
	return have / total
}

func opposite(s claims.Stance) claims.Stance {
	if s == claims.Supports {
		return claims.Refutes
	}
	return claims.Supports
}

func samePublisher(x, y *claims.Document) bool {
	return claims.NameKey(x.Publisher) == claims.NameKey(y.Publisher)
}

// takenBack is the side that a withdrawal leaves: the one on which its publisher
// was last, or else the one that it does not speak for itself. Earlier
// withdrawals are no side to leave.
func (b *builder) takenBack(w *claims.Document) claims.Stance {
	said, says := claims.Neutral, claims.Neutral
	for i := range b.items { // by time of publication
		switch it := &b.items[i]; {
		case it.e.Document.ID == w.ID:
			says = it.e.Stance
		case samePublisher(it.e.Document, w) && it.e.Document.Reading.Withdrawal == nil && it.e.Document.PublishedAt.Before(w.PublishedAt):
			said = it.e.Stance
		}
	}
	switch {
	case said != claims.Neutral:
		return said
	case says != claims.Neutral:
		return opposite(says)
	}
	return claims.Supports
}

// turned tells whether a withdrawal states the other side itself. What it says of
// the side it leaves is then there to be denied and counts no more.
func (b *builder) turned(w *claims.Document, taken claims.Stance) bool {
	turned := false
	for i := range b.items {
		turned = turned || b.items[i].e.Document.ID == w.ID && b.items[i].e.Stance != taken
	}
	for i := range b.items {
		if it := &b.items[i]; turned && it.e.Document.ID == w.ID && it.e.Stance == taken {
			it.e.Withdrawn = true
		}
	}
	return turned
}

// untrue is what a withdrawal says by calling untrue what it takes back.
func (b *builder) untrue(w *claims.Document, p who, s claims.Stance) item {
	span := w.Reading.Withdrawal.Span
	c := &claims.Claim{Document: w.ID, Index: 0, Text: span.Of(w.Text), Evidence: []claims.Span{span}, Kind: claims.Event, Modality: claims.Asserted, Polarity: claims.Negative,
		Attribution: claims.Attribution{Hops: b.reg.Link([]claims.Hop{{Name: w.Publisher, Manner: claims.OwnVoice, Where: claims.WhereMetadata}}, w.PublishedAt)}}
	rel := claims.Relation{Kind: claims.Contradicts, Contradiction: claims.ByNegation, Score: 0.8, Why: "it takes back what its publisher said before and calls it untrue", EvidenceSpan: span}
	if s == claims.Supports {
		rel.Kind, rel.Contradiction = claims.Entails, claims.NoContradiction
	}
	p.why = p.name + " has withdrawn it"
	if s == claims.Supports {
		p.why = p.name + " has withdrawn its denial"
	}
	return item{e: claims.Evidence{Document: w, Claim: c, Span: span, Text: span.Of(w.Text), Stance: s, Relation: rel}, side: s, who: p, publisher: p.key}
}
