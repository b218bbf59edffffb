package corroborate

import (
	"cmp"
	"slices"
	"sort"

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
	// Read are the claims read for the answer, of any document. They tell who
	// speaks for whom and what a withdrawal takes back; they count for nothing
	// themselves.
	Read []claims.Claim
	// Documents are all documents that evidence or copies refer to, and those
	// that withdraw something.
	Documents []*claims.Document
	// Withdrawals are documents that take something back and speak of what the
	// query speaks of.
	Withdrawals []*claims.Document
	// Replaced are the ids of documents in whose place a later version stands.
	// They count no more and are not shown, but what copies them has it from
	// their publisher, and falls when that publisher says it no more.
	Replaced   map[string]bool
	Registry   *Registry
	Unmeasured []claims.Unmeasured
	Considered int
	// Judgements are the Seqs of judgements that shaped what is given here, beside
	// those that Evidence names.
	Judgements []int64
}

type item struct {
	e         claims.Evidence
	side      claims.Stance // the side it counts on: its stance, or where hearsay would stand
	who       who
	publisher string // origin key of the publisher
	replaced  bool   // its document gave way to a later version
	hearsay   bool   // "reports say": it asserts nothing and may have an origin of its own
	asserted  who    // whom it names, before anything was followed
	judged    []int64
}

// fallen: its document stands no more.
func (it *item) fallen() bool { return it.replaced || it.e.Document.Status == claims.StatusRetracted }

type builder struct {
	in     Input
	reg    *Registry
	docs   map[string]*claims.Document
	items  []item
	saying bool
	speaks map[string]string // person, by variant key -> body he or she speaks for
	read   map[string][]*claims.Claim
	kept   []claims.Merge // looked at and not merged

	ones  map[string]string // origin keys that editors made one: key -> the one that stands for it
	depth int               // of named

	supported, refuted bool // somebody asserts it, or the opposite
}

// Answer works out the corroboration.
func Answer(in Input) claims.Corroboration {
	b := &builder{in: in, reg: in.Registry, docs: map[string]*claims.Document{}, ones: map[string]string{}}
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
		c.Attribution.Hops = b.reg.Link(b.reg.Attributed(&c, e.Document.PublishedAt), e.Document.PublishedAt)
		e.Claim = &c
		it := item{e: e, side: e.Stance, replaced: in.Replaced[e.Document.ID]}
		if e.Stance == claims.Neutral {
			if it.hearsay = hearsay(&e); !it.hearsay || it.fallen() {
				if len(out.Related) < maxRelated && !it.fallen() {
					out.Related = append(out.Related, e)
				}
				continue
			}
			it.side = claims.Supports
		}
		b.items = append(b.items, it)
	}
	b.acquaint()
	b.unite()
	for i := range b.items {
		it := &b.items[i]
		it.who = b.asserter(&it.e)
		it.asserted = it.who
		if j := it.e.Claim.Attribution.Asserter().Judgement; j != 0 {
			it.judged = append(it.judged, j)
		}
	}
	b.follow()
	b.described()
	b.rewritten()
	b.part()
	b.update()
	b.dropped()
	b.withdraw()
	b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.replaced })
	b.origins(&out)
	b.verdict(&out)
	b.timeline(&out)
	b.shaped(&out)
	return out
}

// hearsay tells whether a claim that supports nothing passes on what "reports
// say": an assertion of the claim may stand behind it that nobody can trace.
func hearsay(e *claims.Evidence) bool {
	k := e.Relation.Kind
	return (k == claims.Entails || k == claims.Equivalent) && e.Claim.Modality == claims.Hedged && e.Claim.Attribution.Asserter().Nobody
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

// origins groups what counts.
func (b *builder) origins(out *claims.Corroboration) {
	var groups []*group
	index := map[string]*group{}
	for i := range b.items {
		it := &b.items[i]
		k := string(it.side) + " " + it.who.key
		if it.e.Withdrawn {
			k = "withdrawn " + k
		}
		g := index[k]
		if g == nil {
			g = &group{o: claims.Origin{Name: it.who.name, Source: it.who.source, Stance: it.side, Identified: it.who.identified, Why: it.who.why}}
			index[k] = g
			if !it.e.Withdrawn {
				groups = append(groups, g)
			}
		}
		g.asserted = g.asserted || !it.hearsay
		g.items = append(g.items, i)
		g.o.Source = cmp.Or(g.o.Source, it.who.shown)
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
	groups = b.joined(groups)
	for _, g := range groups {
		g.o.Evidence = nil
		for _, i := range g.items {
			g.o.Evidence = append(g.o.Evidence, b.items[i].e)
		}
	}
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
		b.supported = b.supported || g.asserted && g.o.Stance == claims.Supports
		b.refuted = b.refuted || g.asserted && g.o.Stance == claims.Refutes
		out.Origins = append(out.Origins, g.o)
		out.Merges = append(out.Merges, g.merges...)
		if !g.o.Identified {
			out.Unmeasured = append(out.Unmeasured, claims.Unmeasured{Kind: claims.UnmeasuredLineage, Detail: g.o.Name + ": " + g.o.Why, Document: g.o.Evidence[0].Document.ID})
		}
	}
	out.Merges = b.sortMerges(append(out.Merges, b.kept...))
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
	// What is supported at all has one origin at least; "reports say" supports
	// nothing.
	if b.supported {
		out.OriginsMin = max(1, out.OriginsMin)
	}
	if b.refuted {
		out.RefutingMin = max(1, out.RefutingMin)
	}
	switch {
	case b.supported && b.refuted:
		out.Verdict = claims.Disputed
	case b.refuted:
		out.Verdict = claims.Refuted
	case out.OriginsMin >= 2:
		out.Verdict = claims.Corroborated
	case b.supported:
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
		if seen[k] || it.hearsay {
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
