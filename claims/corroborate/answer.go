package corroborate

import (
	"slices"
	"sort"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Input is everything an answer depends on.
type Input struct {
	Text       string // the query as understood
	Claims     []claims.Claim
	MinOrigins int
	// Evidence are the judged claims: SUPPORTS, REFUTES, and NEUTRAL ones that
	// are close. Chains need not be linked.
	Evidence []claims.Evidence
	// Documents are all documents that evidence or copies refer to, and those
	// that withdraw something.
	Documents []*claims.Document
	// Withdrawals are documents that take something back and speak of what the
	// query speaks of.
	Withdrawals []*claims.Document
	// Replaced are the ids of documents in whose place a later version stands.
	// They count no more and are not shown, but what copies them has it from
	// their publisher.
	Replaced   map[string]bool
	Registry   *Registry
	Unmeasured []claims.Unmeasured
	Considered int
}

type item struct {
	e         claims.Evidence
	who       who
	publisher string // origin key of the publisher
	replaced  bool   // its document gave way to a later version
}

type builder struct {
	in     Input
	reg    *Registry
	docs   map[string]*claims.Document
	items  []item
	saying bool
}

// Answer works out the corroboration.
func Answer(in Input) claims.Corroboration {
	b := &builder{in: in, reg: in.Registry, docs: map[string]*claims.Document{}}
	for _, d := range in.Documents {
		b.docs[d.ID] = d
	}
	b.saying = len(in.Claims) > 0 && in.Claims[0].Kind == claims.Utterance
	out := claims.Corroboration{Text: in.Text, Claims: in.Claims, MinOrigins: in.MinOrigins, Unmeasured: in.Unmeasured, Considered: in.Considered}
	if out.MinOrigins <= 0 {
		out.MinOrigins = 2
	}
	evidence := append([]claims.Evidence(nil), in.Evidence...)
	sortEvidence(evidence)
	for _, e := range evidence {
		c := *e.Claim
		c.Attribution.Hops = b.reg.Link(c.Attribution.Hops, e.Document.PublishedAt)
		e.Claim = &c
		replaced := in.Replaced[e.Document.ID]
		if e.Stance == claims.Neutral {
			if len(out.Related) < maxRelated && !replaced {
				out.Related = append(out.Related, e)
			}
			continue
		}
		b.items = append(b.items, item{e: e, who: b.asserter(&e), replaced: replaced})
	}
	b.follow()
	b.update()
	b.withdraw()
	b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.replaced })
	b.origins(&out)
	b.verdict(&out)
	b.timeline(&out)
	return out
}

// maxRelated bounds the close but undecided evidence shown.
const maxRelated = 10

// sortEvidence puts evidence in order of publication, then id, then claim, so
// that no order of arrival shows.
func sortEvidence(es []claims.Evidence) {
	sort.SliceStable(es, func(i, j int) bool {
		a, b := &es[i], &es[j]
		if !a.Document.PublishedAt.Equal(b.Document.PublishedAt) {
			return a.Document.PublishedAt.Before(b.Document.PublishedAt)
		}
		if a.Document.Publisher != b.Document.Publisher {
			return a.Document.Publisher < b.Document.Publisher
		}
		if a.Document.Text != b.Document.Text {
			return a.Document.Text < b.Document.Text
		}
		return a.Claim.Index < b.Claim.Index
	})
}

// update: an origin that says otherwise has replaced what it said before, on both
// sides, and with it every relay of it, later ones too, unless it says the first
// thing again itself. Its own documents replace anything; a report of it that is
// newer replaces a value.
func (b *builder) update() {
	groups := map[string][]int{}
	for i := range b.items {
		groups[b.items[i].who.key] = append(groups[b.items[i].who.key], i)
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

// surelyAt is the score from which an assertion is sure to be of what is asked;
// tuned on the development scenarios.
const surelyAt = 0.5

// doubtful leaves origins to the upper bound whose words may not mean what is
// asked, all but the best one of each stance: independence is never made of
// guesses.
func doubtful(origins []*claims.Origin) {
	score := func(o *claims.Origin) float64 {
		best := 0.0
		for i := range o.Evidence {
			best = max(best, o.Evidence[i].Relation.Score)
		}
		return best
	}
	best := map[claims.Stance]*claims.Origin{}
	for _, o := range origins {
		if b := best[o.Stance]; o.Identified && (b == nil || score(o) > score(b)) {
			best[o.Stance] = o
		}
	}
	for _, o := range origins {
		if o.Identified && o != best[o.Stance] && score(o) < surelyAt {
			o.Identified = false
			o.Why += "; its words are too far from the claim to count for certain"
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

// withdraw applies documents that take something back: what their publisher said
// before, and every relay of it, stops counting; one that says it was untrue
// stands on the other side.
func (b *builder) withdraw() {
	for _, w := range b.in.Withdrawals {
		p := b.named(claims.Hop{Name: w.Publisher}, w.PublishedAt)
		taken := b.takenBack(w)
		hit, negated := false, false
		for i := range b.items {
			it := &b.items[i]
			if it.e.Document.ID == w.ID || it.e.Stance != taken {
				continue
			}
			own := it.publisher == p.key
			if !(own && it.e.Document.PublishedAt.Before(w.PublishedAt) || !own && it.who.key == p.key) {
				continue
			}
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
	return item{e: claims.Evidence{Document: w, Claim: c, Span: span, Text: span.Of(w.Text), Stance: s, Relation: rel}, who: p, publisher: p.key}
}

// origins groups what counts.
func (b *builder) origins(out *claims.Corroboration) {
	type group struct {
		o      claims.Origin
		key    string
		merges []claims.Merge
	}
	var groups []*group
	index := map[string]*group{}
	for i := range b.items {
		it := &b.items[i]
		k := string(it.e.Stance) + " " + it.who.key
		if it.e.Withdrawn {
			k = "withdrawn " + k
		}
		g := index[k]
		if g == nil {
			g = &group{o: claims.Origin{Name: it.who.name, Source: it.who.source, Stance: it.e.Stance, Identified: it.who.identified, Why: it.who.why}, key: it.who.key}
			index[k] = g
			if !it.e.Withdrawn {
				groups = append(groups, g)
			}
		}
		g.o.Evidence = append(g.o.Evidence, it.e)
		for _, m := range append([]string{it.who.name}, it.who.members...) {
			if m != "" && !has(g.o.Members, m) {
				g.o.Members = append(g.o.Members, m)
			}
		}
		for _, m := range it.who.merges {
			m.Origin = g.o.Name
			g.merges = append(g.merges, m)
		}
	}
	all := make([]*claims.Origin, len(groups))
	for i, g := range groups {
		all[i] = &g.o
	}
	doubtful(all)
	sort.SliceStable(groups, func(i, j int) bool {
		a, c := groups[i], groups[j]
		if a.o.Stance != c.o.Stance {
			return a.o.Stance == claims.Supports
		}
		if a.o.Identified != c.o.Identified {
			return a.o.Identified
		}
		return false
	})
	for _, g := range groups {
		out.Origins = append(out.Origins, g.o)
		out.Merges = append(out.Merges, g.merges...)
		if !g.o.Identified {
			out.Unmeasured = append(out.Unmeasured, claims.Unmeasured{Kind: claims.UnmeasuredLineage, Detail: g.o.Name + ": " + g.o.Why, Document: g.o.Evidence[0].Document.ID})
		}
	}
	out.Merges = b.sortMerges(out.Merges)
	for i := range b.items {
		it := &b.items[i]
		if it.e.Withdrawn {
			continue
		}
		if r := it.e.Relation; it.e.Stance == claims.Refutes {
			out.Contradictions = append(out.Contradictions, claims.Contradiction{Kind: r.Contradiction, Evidence: it.e, QuerySpan: r.QuerySpan,
				QueryText: r.QuerySpan.Of(out.Text), Detail: r.Why})
		}
	}
}

func has(l []string, s string) bool {
	return slices.Contains(l, s)
}

// verdict counts the origins and names the verdict.
func (b *builder) verdict(out *claims.Corroboration) {
	for _, o := range out.Origins {
		lo, hi := &out.OriginsMin, &out.OriginsMax
		if o.Stance == claims.Refutes {
			lo, hi = &out.RefutingMin, &out.RefutingMax
		}
		*hi++
		if o.Identified {
			*lo++
		}
	}
	// What is supported at all has one origin at least.
	if out.OriginsMax > 0 {
		out.OriginsMin = max(1, out.OriginsMin)
	}
	if out.RefutingMax > 0 {
		out.RefutingMin = max(1, out.RefutingMin)
	}
	switch {
	case out.OriginsMax > 0 && out.RefutingMax > 0:
		out.Verdict = claims.Disputed
	case out.RefutingMax > 0:
		out.Verdict = claims.Refuted
	case out.OriginsMin >= 2:
		out.Verdict = claims.Corroborated
	case out.OriginsMax > 0:
		out.Verdict = claims.SingleOrigin
	default:
		out.Verdict = claims.Unreported
	}
	out.ThresholdMet = out.OriginsMin >= out.MinOrigins
	if b.saying {
		b.witnesses(out)
	}
}

// witnesses counts who independently published a saying: its publishers, less
// copies and relays of one another.
func (b *builder) witnesses(out *claims.Corroboration) {
	known, unknown := map[string]bool{}, map[string]bool{}
	for i := range b.items {
		it := &b.items[i]
		if it.e.Stance != claims.Supports || it.e.Withdrawn {
			continue
		}
		hops := it.e.Claim.Attribution.Hops
		// The last hop that is not the speaker heard it from the speaker.
		var w who
		for k, hop := range slices.Backward(hops) {
			if hop.Name == "" || hop.Nobody || hop.Unnamed {
				continue
			}
			w = b.named(hop, it.e.Document.PublishedAt)
			if w.key != it.who.key || k == 0 {
				break
			}
		}
		copied := false
		for _, c := range it.e.Document.Copies {
			copied = copied || c.Kind != claims.CopyPartial && b.docs[c.Document] != nil
		}
		switch {
		case copied:
		case w.identified:
			known[w.key] = true
		default:
			unknown[it.e.Document.ID] = true
		}
	}
	out.WitnessesMin, out.WitnessesMax = len(known), len(known)+len(unknown)
}

// timeline lists every assertion in order of publication.
func (b *builder) timeline(out *claims.Corroboration) {
	type at struct {
		doc string
		st  claims.Stance
	}
	seen := map[at]bool{}
	order := make([]int, len(b.items))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(x, y int) bool {
		return b.items[order[x]].e.Document.PublishedAt.Before(b.items[order[y]].e.Document.PublishedAt)
	})
	for _, i := range order {
		it := &b.items[i]
		k := at{it.e.Document.ID, it.e.Stance}
		if seen[k] {
			continue
		}
		seen[k] = true
		ev := "ASSERTED"
		if it.e.Stance == claims.Refutes {
			ev = "DENIED"
		}
		if it.e.Withdrawn {
			ev = "WITHDRAWN"
		}
		t := claims.TimelineEntry{At: it.e.Document.PublishedAt, Document: it.e.Document.ID, Claim: it.e.Claim.Index, Origin: it.who.name, Stance: it.e.Stance, Event: ev}
		out.Timeline = append(out.Timeline, t)
		if out.First == nil && it.e.Stance == claims.Supports {
			first := t
			out.First = &first
		}
	}
}
