package match

import (
	"fmt"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Thresholds of the judgement, tuned on the development scenarios.
const (
	supportAt = 0.72 // share of the query's weight that an assertion must cover
	relatedAt = 0.40
	contextAt = 0.75 // what a word found only in the context counts for
	directAt  = 0.38 // share of the weight that the claim itself must cover
)

// Context is what a document says around a claim. A claim that does not repeat
// where or of whom it speaks is read in it: a name may stand anywhere in the
// document, other words in its title or its lead.
type Context struct {
	stems map[string]bool
	lead  map[string]bool
	// Published anchors claims that name no time.
	Published time.Time
}

// maxContext and maxLead bound the words of a context, in stems.
const (
	maxContext = 3000
	maxLead    = 40
)

// NewContext reads a document's context.
func NewContext(d *claims.Document) Context {
	c := Context{map[string]bool{}, map[string]bool{}, d.PublishedAt}
	for _, s := range Stems(d.Title) {
		c.stems[s], c.lead[s] = true, true
	}
	for n, s := range Stems(d.Text) {
		if n > maxContext {
			break
		}
		c.stems[s] = true
		if n < maxLead {
			c.lead[s] = true
		}
	}
	return c
}

// says tells whether the context has a stem of the query for a claim.
func (c Context) says(stem string, name bool, claim *claims.Claim) bool {
	if name {
		return c.stems[stem]
	}
	for _, h := range claim.Attribution.Hops {
		if h.Manner == claims.EmbedManner {
			return false // the post knows nothing of the text round it
		}
	}
	return c.lead[stem]
}

// Has tells whether the document uses a word of the stem, or one of its class.
func (c Context) Has(stem string) bool {
	if c.stems[stem] {
		return true
	}
	for x := range c.stems {
		if Same(stem, x) > 0 {
			return true
		}
	}
	return false
}

// side is one claim made ready for comparison.
type side struct {
	c      *claims.Claim
	stems  []string
	weight []float64
	set    map[string]bool
	also   map[string]bool // names and descriptions of its entities
	pred   []string        // stems that carry the predicate
	names  map[string]bool // stems of names
}

// Reader compares one query with many claims.
type Reader struct{ q side }

// NewReader prepares a query.
func NewReader(q *claims.Claim) *Reader { return &Reader{makeSide(q)} }

func makeSide(c *claims.Claim) side {
	s := side{c: c, set: map[string]bool{}, also: map[string]bool{}, names: map[string]bool{}}
	for _, w := range Stems(c.Text) {
		if !s.set[w] {
			s.set[w] = true
			s.stems = append(s.stems, w)
			s.weight = append(s.weight, 0.25+0.75*Rarity(w))
		}
		if len(s.stems) >= maxTerms {
			break
		}
	}
	for _, a := range c.Frame.Arguments {
		for _, x := range append([]string{a.Entity}, a.Also...) {
			for _, w := range Stems(x) {
				s.also[w] = true
				if x == a.Entity {
					s.names[w] = true
				}
			}
		}
	}
	if p := c.Frame.Predicate.Lemma; p != "" && p != "be" {
		for _, w := range strings.Fields(p) {
			if x := Stem(w); x != "" {
				s.pred = append(s.pred, x)
			}
		}
	}
	if len(s.pred) == 0 {
		// A copula says what its complement says.
		if a := c.Frame.Argument(claims.Attribute); a != nil {
			s.pred = Stems(a.Head)
		}
	}
	return s
}

// covered is how well one stem of the query is said by a claim, 0..1, and the
// stem that says it.
func covered(w string, d *side) (float64, string) {
	if d.set[w] {
		return 1, w
	}
	if d.also[w] {
		return 0.95, w
	}
	best, by := 0.0, ""
	for _, x := range d.stems {
		if v := Same(w, x); v > best {
			best, by = v, x
		}
	}
	return best, by
}

// Judge tells how a document's claim stands to the query, in the context of its
// document.
func (r *Reader) Judge(c *claims.Claim, ctx Context) (claims.Relation, claims.Stance) {
	q := &r.q
	d := makeSide(c)
	rel := claims.Relation{Kind: claims.Unrelated, EvidenceSpan: c.MainSpan(), QuerySpan: claims.Span{End: len(q.c.Text)}}
	var total, direct, all float64
	missing, missingName := []string{}, []string{}
	for i, w := range q.stems {
		total += q.weight[i]
		if isNumber(w) {
			// Numbers are compared as quantities and times, not as words.
			if r.numberHeld(w, c) {
				direct += q.weight[i]
				all += q.weight[i]
				continue
			}
		}
		v, _ := covered(w, &d)
		switch {
		case v > 0:
			direct += q.weight[i] * v
			all += q.weight[i] * v
		case !contains(q.pred, w) && ctx.says(w, q.names[w], c):
			all += q.weight[i] * contextAt
		default:
			missing = append(missing, w)
			if q.names[w] {
				missingName = append(missingName, w)
			}
		}
	}
	if total == 0 {
		return rel, claims.Neutral
	}
	if q.c.Kind != c.Kind && (q.c.Kind == claims.Utterance || c.Kind == claims.Utterance) {
		// That somebody said it is one claim, that it is so another; what was said
		// stands beside the saying as a claim of its own.
		if direct/total >= 0.5 {
			rel.Kind, rel.Score = claims.Related, all/total
			rel.Why = "that it was said and that it is so are two claims"
		}
		return rel, claims.Neutral
	}
	direct /= total
	all /= total
	rel.Score = all
	if direct < 0.2 || all < relatedAt {
		return rel, claims.Neutral
	}
	rel.Kind = claims.Related
	pred := r.predicate(&d)
	// What the query says happened must be said.
	if all < supportAt || direct < directAt || len(missingName) > 0 || pred == 0 {
		rel.Why = explainMissing(missing, missingName, pred)
		if k, why := r.opposed(&d); k != claims.NoContradiction && all >= 0.6 && direct >= directAt && len(missingName) == 0 {
			return contradicts(rel, k, why, c)
		}
		return rel, claims.Neutral
	}
	if t := q.c.Frame.Time; t.Known() && !c.Frame.Time.Known() && !ctx.Published.IsZero() && ctx.Published.Before(t.Start) {
		rel.Why = "the document was published before the time the claim names"
		return rel, claims.Neutral
	}
	if why := r.unaligned(c, &d, ctx); why != "" {
		rel.Why = why
		return rel, claims.Neutral
	}
	if k, why := r.conflict(c, &d); k != claims.NoContradiction {
		return contradicts(rel, k, why, c)
	}
	return r.stance(rel, c, &d, missing)
}

// unaligned says which part of the query's frame has no counterpart in the
// claim, or "": another agent does it, an argument is not spoken of at all, or
// what is wanted is the end of it.
func (r *Reader) unaligned(c *claims.Claim, d *side, ctx Context) string {
	q := r.q.c
	for i := range q.Frame.Arguments {
		a := &q.Frame.Arguments[i]
		if a.Role == claims.Content || a.Role == claims.TimeRole {
			continue
		}
		ss := Stems(a.Text)
		if len(ss) == 0 {
			continue
		}
		held := false
		for _, w := range ss {
			if v, _ := covered(w, d); v > 0 || ctx.says(w, r.q.names[w], c) && (a.Role != claims.Oblique || a.Entity != "") || isNumber(w) {
				held = true
				break
			}
		}
		if !held {
			return fmt.Sprintf("the document does not say %q here", strings.TrimSpace(a.Preposition+" "+a.Text))
		}
		if a.Role == claims.Agent && a.Entity != "" {
			if b := c.Frame.Argument(claims.Agent); b != nil && b.Entity != "" && !alike(a, b) && !mentions(d, a.Entity) {
				return fmt.Sprintf("there it is %s, not %s", b.Text, a.Text)
			}
		}
	}
	if reversed(q.Text) != reversed(c.Text) && (q.Frame.Predicate.Lemma != "be" || c.Kind == claims.Utterance) && sayingOrDemand(c) {
		return "one of the two is about ending or preventing it"
	}
	return ""
}

// mentions tells whether a name stands in a claim.
func mentions(d *side, name string) bool {
	for _, w := range Stems(name) {
		if d.set[w] || d.also[w] {
			return true
		}
	}
	return false
}

// enders turn what they govern into its end.
var enders = map[string]bool{}

func init() {
	for _, w := range strings.Fields("end halt stop cease cessation prevent avoid avert against oppose ceasefire restraint refrain") {
		enders[Stem(w)] = true
	}
}

func reversed(text string) bool {
	for _, s := range Stems(text) {
		if enders[s] {
			return true
		}
	}
	return false
}

// sayingOrDemand: what is said or wanted, where the object decides the sense.
func sayingOrDemand(c *claims.Claim) bool {
	return c.Kind == claims.Utterance || c.Modality == claims.Demanded
}

func contradicts(rel claims.Relation, k claims.ContradictionKind, why string, c *claims.Claim) (claims.Relation, claims.Stance) {
	rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, k, why
	if c.Modality != claims.Asserted || c.Polarity == claims.Negative {
		rel.Kind, rel.Contradiction = claims.Related, claims.NoContradiction
		return rel, claims.Neutral
	}
	return rel, claims.Refutes
}

// stance weighs polarity and modality once the propositions match.
func (r *Reader) stance(rel claims.Relation, c *claims.Claim, d *side, missing []string) (claims.Relation, claims.Stance) {
	q := r.q.c
	same := c.Polarity == q.Polarity
	rel.Kind = claims.Entails
	if rel.Score > 0.95 && len(d.stems) <= len(r.q.stems)+2 {
		rel.Kind = claims.Equivalent
	}
	what := "says the same"
	if len(missing) > 0 {
		what = fmt.Sprintf("says the same but for %q", strings.Join(missing, ", "))
	}
	switch c.Modality {
	case claims.Denied:
		if same {
			rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, claims.ByNegation, "it is denied there"
			return rel, claims.Refutes
		}
		rel.Why = "its negation is denied there"
		return rel, claims.Supports
	case claims.Asserted:
		if same {
			rel.Why = "the document " + what
			return rel, claims.Supports
		}
		rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, claims.ByNegation, "the document states the opposite: one of the two is negated"
		return rel, claims.Refutes
	default:
		if c.Modality == q.Modality && same {
			rel.Why = "the document " + what + ", put forward in the same way"
			return rel, claims.Supports
		}
		rel.Kind = claims.Related
		rel.Why = "the document only puts it forward as " + strings.ToLower(string(c.Modality)) + ", which supports nothing beyond itself"
		return rel, claims.Neutral
	}
}

// predicate is how well the query's predicate is said, 0..1.
func (r *Reader) predicate(d *side) float64 {
	if len(r.q.pred) == 0 {
		return 0.5
	}
	best := 0.0
	for _, p := range r.q.pred {
		for _, x := range d.pred {
			best = max(best, Same(p, x))
		}
		for _, x := range d.stems {
			best = max(best, 0.8*Same(p, x))
		}
	}
	if best == 0 && lightQuery[r.q.pred[0]] {
		return 0.5
	}
	return best
}

// lightQuery are predicates that say little by themselves.
var lightQuery = map[string]bool{}

func init() {
	for _, w := range strings.Fields("happen occur take place make have get go come hold carry give put remain become exist include involve") {
		lightQuery[Stem(w)] = true
	}
}

// opposed finds an antonym of the query's predicate in the claim's.
func (r *Reader) opposed(d *side) (claims.ContradictionKind, string) {
	for _, p := range append(append([]string(nil), r.q.pred...), attributeStems(r.q.c)...) {
		for _, x := range append(append([]string(nil), d.pred...), attributeStems(d.c)...) {
			if Opposite(p, x) {
				return claims.ByAntonym, fmt.Sprintf("%q and %q cannot both be so", p, x)
			}
		}
	}
	return claims.NoContradiction, ""
}

func attributeStems(c *claims.Claim) []string {
	if a := c.Frame.Argument(claims.Attribute); a != nil {
		return Stems(a.Text)
	}
	return nil
}

// conflict finds in what two claims about one thing cannot both be so.
func (r *Reader) conflict(c *claims.Claim, d *side) (claims.ContradictionKind, string) {
	q := r.q.c
	if k, why := quantities(q, c); k != claims.NoContradiction {
		return k, why
	}
	if k, why := timesConflict(q, c); k != claims.NoContradiction {
		return k, why
	}
	if k, why := r.opposed(d); k != claims.NoContradiction {
		return k, why
	}
	return roles(q, c)
}

// quantities compares numbers of the same unit and thing.
func quantities(q, c *claims.Claim) (claims.ContradictionKind, string) {
	for _, a := range q.Frame.Quantities {
		matched, against := false, ""
		for _, b := range c.Frame.Quantities {
			if a.Unit != b.Unit || a.Of != "" && b.Of != "" && Same(Stem(a.Of), Stem(b.Of)) == 0 {
				continue
			}
			if compatible(a, b) {
				matched = true
				break
			}
			against = b.Text
		}
		if !matched && against != "" {
			return claims.ByQuantity, fmt.Sprintf("the document gives %s, the claim %s", against, a.Text)
		}
	}
	return claims.NoContradiction, ""
}

// compatible tells whether two quantities can both be so: whether a claim of b
// bears out a claim of a.
func compatible(a, b claims.Quantity) bool {
	lo := func(x claims.Quantity) float64 {
		if x.Approx {
			return x.Min * 0.9
		}
		return x.Min
	}
	hi := func(x claims.Quantity) float64 {
		switch {
		case x.Open:
			return 1e18
		case x.Approx:
			return x.Max * 1.1
		}
		return x.Max
	}
	return lo(a) <= hi(b) && lo(b) <= hi(a)
}

// timesConflict compares when the two say it happened.
func timesConflict(q, c *claims.Claim) (claims.ContradictionKind, string) {
	a, b := q.Frame.Time, c.Frame.Time
	if !a.Known() || !b.Known() {
		return claims.NoContradiction, ""
	}
	if a.Start.Before(b.End) && b.Start.Before(a.End) {
		return claims.NoContradiction, ""
	}
	gap := b.Start.Sub(a.End)
	if gap < 0 {
		gap = a.Start.Sub(b.End)
	}
	if gap <= 12*time.Hour {
		return claims.NoContradiction, "" // nights and time zones
	}
	return claims.ByTime, fmt.Sprintf("the document says %s, the claim %s", b.Text, a.Text)
}

// symmetric predicates have no roles to swap.
var symmetric = map[string]bool{}

func init() {
	for _, w := range strings.Fields("speak talk converse conversation meet meeting agree discuss discussion call telephone merge marry clash fight negotiate talks summit") {
		symmetric[Stem(w)] = true
	}
}

// roles: the query's agent is the claim's patient and the other way round.
func roles(q, c *claims.Claim) (claims.ContradictionKind, string) {
	qa, qp := q.Frame.Argument(claims.Agent), q.Frame.Argument(claims.Patient)
	ca, cp := c.Frame.Argument(claims.Agent), c.Frame.Argument(claims.Patient)
	if qa == nil || qp == nil || ca == nil || cp == nil || symmetric[Stem(q.Frame.Predicate.Lemma)] {
		return claims.NoContradiction, ""
	}
	if Same(Stem(q.Frame.Predicate.Lemma), Stem(c.Frame.Predicate.Lemma)) == 0 {
		return claims.NoContradiction, ""
	}
	named := func(a *claims.Argument) bool { return a.Entity != "" }
	if named(qa) && named(qp) && alike(qa, cp) && alike(qp, ca) && !alike(qa, ca) && !alike(qp, cp) {
		return claims.ByRole, fmt.Sprintf("there it is %s that does it to %s", ca.Text, cp.Text)
	}
	return claims.NoContradiction, ""
}

// alike: two arguments share a stem of their name or head.
func alike(a, b *claims.Argument) bool {
	have := map[string]bool{}
	for _, s := range Stems(a.Text + " " + strings.Join(a.Also, " ")) {
		have[s] = true
	}
	n := 0
	bs := Stems(b.Text)
	for _, s := range bs {
		if have[s] {
			n++
		}
	}
	return n > 0 && n*2 >= min(len(bs), len(have))
}

func explainMissing(missing, names []string, pred float64) string {
	switch {
	case len(names) > 0:
		return fmt.Sprintf("the document does not speak of %q here", strings.Join(names, " "))
	case pred == 0:
		return "the document tells of the same things, but not that this happened"
	case len(missing) > 0:
		return fmt.Sprintf("the document does not say %q", strings.Join(missing, ", "))
	}
	return "the document speaks of the same matter"
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// numberHeld: a number of the query stands in the claim as a quantity or a date.
func (r *Reader) numberHeld(w string, c *claims.Claim) bool {
	q := r.q.c
	if t := q.Frame.Time; t.Known() && strings.Contains(t.Text, strings.TrimLeft(w, "0")) {
		return true // compared as time
	}
	for _, a := range q.Frame.Quantities {
		if strings.Contains(strings.ReplaceAll(a.Text, ",", ""), w) || strings.Contains(a.Text, w) {
			return true // compared as a quantity
		}
	}
	return false
}

func contains(l []string, s string) bool {
	for _, x := range l {
		if x == s {
			return true
		}
	}
	return false
}
