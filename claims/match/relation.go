package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// Thresholds of the judgement, tuned on the development scenarios.
const (
	supportAt   = 0.46 // share of the query's weight that an assertion must cover, its names and predicate besides
	namelessAt  = 0.60 // and where no name holds the two together
	relatedAt   = 0.40
	touching    = 0.10 // share of the weight in the claim itself, below which it is of something else
	contextAt   = 0.75 // what a word found only in the context counts for
	withinAt    = 0.60 // share of a short claim that must be in the query, when it covers less of it
	nearAt      = 0.80 // and one found in a sentence beside the claim
	directAt    = 0.20 // share of the weight that the claim itself must cover
	predicateAt = 0.65 // how well it must say what happened
	surelyAt    = 0.65 // the same, before it may contradict
	numbersAt   = 0.60 // how well it must bear out the numbers asked for
	numberShare = 1.0  // weight of a number
)

// Reader compares one query with many claims. It remembers what it looked up and
// is not safe for concurrent use.
type Reader struct {
	q                   side
	kin                 *kin
	spelt               map[uint64]bool // marks of the query's words
	stations            []station
	weight              []float64
	idf                 []float64
	asked               []asked
	coreName, placeName []bool // of the query's names: of a party, of a place
	untrue              bool   // the query calls something untrue
	negated             bool   // the query is a negation: q is what it negates
	pairs               map[[2]*sense]float64
	sayingOf            byMark[*saying] // of stems
	opposites           *opposites
	opposingOf          byMark[uint64]    // of stems
	countingOf          byMark[*counting] // of stems
	bits                byMark[uint64]    // of spellings
	views               map[*Context]*view
	grounds             grounds // of the claim judged last
}

// NewReader prepares a query.
func NewReader(q *claims.Claim) *Reader {
	r := &Reader{pairs: map[[2]*sense]float64{}, views: map[*Context]*view{}}
	q = tidy(q)
	r.q = makeSide(q)
	r.spelt = make(map[uint64]bool, len(r.q.tokens))
	for i := range r.q.tokens {
		r.spelt[r.q.tokens[i].small] = true
	}
	if r.q.polarity == claims.Negative {
		// What is denied is judged as if it were affirmed, and the sides exchanged.
		c := *q
		c.Polarity = claims.Positive
		r.q.c, r.q.polarity, r.negated = &c, claims.Positive, true
	}
	r.kin, r.opposites = kinOf(r.q.words), oppositesOf(r.q.words)
	r.stations = stationsOf(&r.q)
	r.weight = weightsOf(&r.q)
	r.asked = askedNumbers(&r.q)
	r.idf = make([]float64, len(r.q.words))
	for i := range r.idf {
		r.idf[i] = 1
	}
	r.coreName = coreNames(&r.q, claims.Agent, claims.Patient, claims.Recipient, claims.Partner)
	r.placeName = coreNames(&r.q, claims.PlaceRole)
	r.untrue = slices.ContainsFunc(r.q.tokens, func(t token) bool { return debunking[t.lower] })
	return r
}

// same is Same, remembered.
func (r *Reader) same(a, b *sense) float64 {
	k := [2]*sense{a, b}
	v, ok := r.pairs[k]
	if !ok {
		v = a.same(b)
		r.pairs[k] = v
	}
	return v
}

// said is how well a word is said by a claim, 0..1.
func (r *Reader) said(w *sense, d *side) float64 {
	if d.holds(w.stem) {
		return 1
	}
	best := 0.0
	for _, x := range d.words {
		best = max(best, r.same(w, x))
	}
	for _, x := range d.alsoWords {
		best = max(best, 0.95*r.same(w, x))
	}
	return best
}

// sayings is how well each word of the query is said by a claim.
func (r *Reader) sayings(d *side) []float64 {
	out := make([]float64, len(r.q.words))
	for _, x := range d.words {
		for i, v := range r.vector(x) {
			out[i] = max(out[i], v)
		}
	}
	for _, x := range d.alsoWords {
		for i, v := range r.vector(x) {
			out[i] = max(out[i], 0.95*v)
		}
	}
	for i, w := range r.q.words {
		if d.holds(w.stem) {
			out[i] = 1
		}
	}
	return out
}

// around is how well a word of the query, by its place, is said by the claim's
// document: near the claim, in its lead, or anywhere.
func (r *Reader) around(i int, near *heard, v *view, ctx *Context) float64 {
	best := max(nearAt*near.words[i], contextAt*v.opening[i])
	if best >= sameRoot*contextAt {
		return best
	}
	if ctx.speaks(r.q.words[i]) {
		return elsewhereAt
	}
	return 0
}

// elsewhereAt is what a word counts for that the document uses far from the claim.
const elsewhereAt = 0.4

// modifierAt is what a name counts for that only describes a noun and is not
// said, where another name is.
const modifierAt = 0.3

// fit is how much of the query a claim says.
type fit struct {
	direct, all float64 // shares of the query's weight: in the claim, with its document
	pred        float64 // of what happened
	within      float64 // share of the claim's weight that the query says
	numbers     float64 // share of the numbers borne out
	exact       bool    // a telling number is the very same
	clash       string  // a number that cannot be so with the query's
	missing     []string
	noName      []string // names nowhere in the document
	another     string   // another bearer of a name

	own    []float64 // how well the claim says each word of the query
	beside heard     // what the sentences round it say of it; nothing where they do not count
}

func (r *Reader) fit(d *side, ctx *Context) fit {
	q := &r.q
	f := fit{numbers: 1}
	total := 0.0
	blind, seen := blind(d.c), r.view(ctx)
	if !blind {
		f.beside = r.beside(d.c.MainSpan(), ctx, seen)
	}
	f.own = r.sayings(d)
	for i, w := range q.words {
		total += q.weight[i]
		v := f.own[i]
		f.direct += q.weight[i] * v
		if v < sameRoot && !isPred(q.pred, w) && !blind {
			v = max(v, r.around(i, &f.beside, seen, ctx))
		}
		f.all += q.weight[i] * v
		if v == 0 {
			f.missing = append(f.missing, w.stem)
		}
	}
	k := 0
	for _, n := range q.names {
		w := 1 + 0.3*float64(len(n.tokens)-1)
		total += w
		x := fitName(n, d, ctx, seen.names>>min(k, maxNameWords-1))
		k += len(n.tokens)
		f.all += w * x.share
		if x.direct {
			f.direct += w * x.share
		}
		if x.share == 0 && n.modifies && len(q.names) > 1 {
			// "Ruritanian guards": a document of the country itself does not say so.
			f.all += w * modifierAt
		} else if x.share == 0 {
			f.noName = append(f.noName, n.String())
		}
		if x.another != "" {
			f.another = x.another
		}
	}
	if len(q.nums) > 0 {
		held, exact, clash := numbers(q.nums, d.nums)
		f.numbers, f.exact, f.clash = held, exact, clash
		w := numberShare * float64(len(q.nums))
		total += w
		f.all += w * held
		f.direct += w * held
	}
	if total > 0 {
		f.direct /= total
		f.all /= total
	}
	f.within = r.within(d)
	f.pred = r.predicate(d)
	if f.exact {
		// The same telling number says more than the verb it hangs on.
		f.pred = max(f.pred, predicateAt)
	}
	return f
}

// within is the share of a claim's words that the query says too: a short claim
// in the midst of a report ("No one has died") says little of its own.
func (r *Reader) within(d *side) float64 {
	total, have := 0.0, 0.0
	for i, w := range d.words {
		total += d.weight[i]
		have += d.weight[i] * r.most(w)
	}
	for _, n := range d.names {
		total++
		for _, t := range n.tokens {
			if r.spelt[t.small] {
				have++
				break
			}
		}
	}
	if total == 0 {
		return 0
	}
	return have / total
}

func isPred(l []*sense, w *sense) bool {
	for _, x := range l {
		if x.stem == w.stem {
			return true
		}
	}
	return false
}

// predicate is how well the query's predicate is said, 0..1.
func (r *Reader) predicate(d *side) float64 {
	if len(r.q.pred) == 0 {
		return 0.7
	}
	best := 0.0
	for _, p := range r.q.pred {
		best = max(best, r.said(p, d))
		for _, x := range d.pred {
			best = max(best, r.same(p, x))
		}
	}
	return best
}

// Judge tells how a document's claim stands to the query, in the context of its
// document.
func (r *Reader) Judge(c *claims.Claim, ctx *Context) (claims.Relation, claims.Stance) {
	q := &r.q
	if len(q.words)+len(q.names)+len(q.nums) == 0 {
		return r.unrelated(c), claims.Neutral
	}
	d := ctx.side(c)
	c = d.c
	f := r.fit(d, ctx)
	rel, st := r.rules(c, d, &f, ctx)
	rel, st = r.weighed(rel, st, c, d, &f, ctx)
	if r.negated {
		return exchanged(rel, st)
	}
	return rel, st
}

// tidy is a claim without arguments that are its agent once more: an apposition
// that was read as an object ("Engineer Tor Bakke did not close it").
func tidy(c *claims.Claim) *claims.Claim {
	agent := c.Frame.Argument(claims.Agent)
	if agent == nil {
		return c
	}
	again := func(a claims.Argument) bool {
		return a.Role != claims.Agent && (a.Text == agent.Text || !a.Span.Empty() && a.Span == agent.Span)
	}
	if !slices.ContainsFunc(c.Frame.Arguments, again) {
		return c
	}
	d := *c
	d.Frame.Arguments = slices.DeleteFunc(slices.Clone(c.Frame.Arguments), again)
	return &d
}

// Negated tells whether the query is a negation, so that what Features measures is
// what it negates.
func (r *Reader) Negated() bool { return r.negated }

// exchanged turns a judgement of a statement into one of its negation.
func exchanged(rel claims.Relation, st claims.Stance) (claims.Relation, claims.Stance) {
	switch st {
	case claims.Supports:
		rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, claims.ByNegation, "the document states the opposite: one of the two is negated"
		return rel, claims.Refutes
	case claims.Refutes:
		why := "the document says that it is not so"
		if rel.Contradiction != claims.ByNegation {
			why = "what the claim negates cannot be so with the document: " + rel.Why
		}
		rel.Kind, rel.Contradiction, rel.Why = claims.Entails, claims.NoContradiction, why
		return rel, claims.Supports
	case claims.Neutral:
	}
	return rel, st
}

func (r *Reader) unrelated(c *claims.Claim) claims.Relation {
	return claims.Relation{Kind: claims.Unrelated, EvidenceSpan: c.MainSpan(), QuerySpan: claims.Span{End: len(r.q.c.Text)}}
}

// rules decide what can be told from single grounds.
func (r *Reader) rules(c *claims.Claim, d *side, f *fit, ctx *Context) (claims.Relation, claims.Stance) {
	q := &r.q
	rel := r.unrelated(c)
	rel.Score = f.all
	if r.ofSaying(d) {
		// That somebody said it is one claim, that it is so another; what was said
		// stands beside the saying as a claim of its own.
		if f.direct >= 0.5 {
			rel.Kind, rel.Why = claims.Related, "that it was said and that it is so are two claims"
		}
		return rel, claims.Neutral
	}
	if f.direct < touching || f.all < relatedAt {
		return rel, claims.Neutral
	}
	rel.Kind = claims.Related
	enough := f.direct >= directAt || f.within >= withinAt && f.pred >= surelyAt
	bar := supportAt
	if len(q.names) == 0 {
		bar = namelessAt
	}
	about := f.all >= bar && enough && len(f.noName) == 0 && f.another == ""
	if why := r.lacks(f, about); why != "" {
		rel.Why = why
		if k, why := r.opposed(d); k != claims.NoContradiction && len(f.noName) == 0 && f.another == "" && f.all >= supportAt-0.15 && f.direct >= directAt {
			return contradicts(rel, k, why, r.q.c, c)
		}
		return rel, claims.Neutral
	}
	if r.early(c, ctx) {
		rel.Why = "the document was published before the time the claim names"
		return rel, claims.Neutral
	}
	if why := r.unaligned(c, d, ctx); why != "" {
		rel.Why = why
		return rel, claims.Neutral
	}
	if f.clash != "" && f.pred >= surelyAt {
		return contradicts(rel, claims.ByQuantity, f.clash, r.q.c, c)
	}
	if k, why := r.conflict(c, d); k != claims.NoContradiction {
		return contradicts(rel, k, why, r.q.c, c)
	}
	if f.numbers < numbersAt || f.clash != "" {
		rel.Why = "the document does not give the number asked about"
		return rel, claims.Neutral
	}
	return r.stance(rel, c, d, f)
}

// ofSaying tells whether one of the two is about a saying and the other is not.
func (r *Reader) ofSaying(d *side) bool {
	return (r.q.kind == claims.Utterance) != (d.kind == claims.Utterance)
}

// early tells whether the document was published before the time the query
// names, so that it cannot tell of it.
func (r *Reader) early(c *claims.Claim, ctx *Context) bool {
	t := r.q.c.Frame.Time
	return t.Known() && !c.Frame.Time.Known() && !ctx.Published.IsZero() && ctx.Published.Before(t.Start) && !r.q.ahead && !strings.Contains(r.q.c.Text, "until "+t.Text)
}

// lacks says what a claim lacks to speak of what is asked, or "".
func (r *Reader) lacks(f *fit, about bool) string {
	switch {
	case len(f.noName) > 0:
		return fmt.Sprintf("the document does not speak of %q here", strings.Join(f.noName, ", "))
	case f.another != "":
		return fmt.Sprintf("it speaks of %q, another bearer of the name", f.another)
	case f.pred < predicateAt:
		return "the document tells of the same things, but not that this happened"
	case !about && len(f.missing) > 0:
		return fmt.Sprintf("the document does not say %q", strings.Join(f.missing, ", "))
	case !about:
		return "the document speaks of the same matter"
	}
	return ""
}

// unaligned says which part of the query's frame has no counterpart in the
// claim or another one, or "": somebody else does it, it is elsewhere, a
// circumstance is not spoken of, or what is wanted is the end of it.
func (r *Reader) unaligned(c *claims.Claim, d *side, ctx *Context) string {
	q := r.q.c
	for i := range q.Frame.Arguments {
		a := &q.Frame.Arguments[i]
		b := c.Frame.Argument(a.Role)
		switch a.Role {
		case claims.Agent, claims.Patient:
			if a.Entity == "" && b != nil && r.otherThing(a, b, d, ctx) {
				return fmt.Sprintf("there it is %s, not %s", b.Text, a.Text)
			}
			if a.Entity == "" || mentions(d, a.Entity) {
				break
			}
			if b != nil && b.Entity != "" && !alike(a, b) && a.Role == claims.Agent {
				return fmt.Sprintf("there it is %s, not %s", b.Text, a.Text)
			}
			if b != nil && b.Entity == "" && !definite(b.Text) {
				return fmt.Sprintf("there it is %s, not %s", b.Text, a.Text)
			}
		case claims.PlaceRole:
			if a.Entity != "" && c.Frame.Place != "" && !mentions(d, a.Entity) {
				return fmt.Sprintf("there it is in %s, not %s", c.Frame.Place, a.Text)
			}
		case claims.Oblique, claims.Partner, claims.Recipient:
			if qualifying[a.Preposition] && !r.spokenOf(a, d, ctx) {
				return fmt.Sprintf("the document does not say %q here", a.Preposition+" "+a.Text)
			}
		case claims.Attribute, claims.Content, claims.TimeRole:
		}
	}
	if reversed(q.Text) != reversed(c.Text) && (q.Frame.Predicate.Lemma != "be" || c.Kind == claims.Utterance) && sayingOrDemand(c) {
		return "one of the two is about ending or preventing it"
	}
	return ""
}

// otherThing tells whether a claim has another thing of one kind (a truck, not a
// car) in the place of a common noun of the query, one that neither it nor its sentences speak of.
func (r *Reader) otherThing(a, b *claims.Argument, d *side, ctx *Context) bool {
	s := Stem(a.Head)
	if s == "" || b.Entity != "" || definite(b.Text) || isNumberWord(a.Head) {
		return false
	}
	w := senseOf(s)
	if ctx.speaks(w) {
		return false
	}
	if r.said(w, d) >= sameSpecific {
		return false
	}
	for _, x := range ctx.near(d.c.MainSpan()) {
		if r.same(w, x) >= sameSpecific {
			return false
		}
	}
	o := Stem(b.Head)
	return o != "" && !r.q.holds(o) && w.sister(senseOf(o))
}

// qualifying prepositions bring in what makes it another claim when it is not
// said: how, with whom, what for.
var qualifying = map[string]bool{"by": true, "with": true, "via": true, "for": true, "over": true, "against": true, "without": true, "between": true}

// definite: the words point to something told before, so that they may mean the
// one asked about.
func definite(text string) bool {
	w, _, _ := strings.Cut(strings.ToLower(text), " ")
	switch w {
	case "the", "this", "that", "these", "those", "its", "his", "her", "their", "he", "she", "it", "they":
		return true
	}
	return false
}

// spokenOf tells whether a word of an argument is said in the claim, or its name
// in the document.
func (r *Reader) spokenOf(a *claims.Argument, d *side, ctx *Context) bool {
	content := false
	for _, t := range tokens(a.Text) {
		if t.stem == "" {
			continue
		}
		if isNumberWord(t.lower) || calendar[t.lower] || t.capital && (ctx.hasWord(t.lower) || ctx.hasName(t)) || r.said(senseOf(t.stem), d) >= sameSpecific {
			return true
		}
		content = true
	}
	return !content
}

// mentions tells whether a word of a name stands in a claim.
func mentions(d *side, name string) bool {
	for _, t := range tokens(name) {
		for _, x := range d.tokens {
			if sameName(t, x) {
				return true
			}
		}
		for _, x := range d.also {
			if sameName(t, x) {
				return true
			}
		}
	}
	return false
}

// sayingOrDemand: what is said or wanted, where the object decides the sense.
func sayingOrDemand(c *claims.Claim) bool {
	return c.Kind == claims.Utterance || c.Modality == claims.Demanded
}

// contradicts refutes when the claim is put forward as so, and affirmed; what
// cannot be so with the negation of something does not refute it.
func contradicts(rel claims.Relation, k claims.ContradictionKind, why string, q, c *claims.Claim) (claims.Relation, claims.Stance) {
	rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, k, why
	if c.Modality != claims.Asserted || c.Polarity == claims.Negative || q.Polarity == claims.Negative {
		rel.Kind, rel.Contradiction = claims.Related, claims.NoContradiction
		return rel, claims.Neutral
	}
	return rel, claims.Refutes
}

// conflict finds in what two claims about one thing cannot both be so.
func (r *Reader) conflict(c *claims.Claim, d *side) (claims.ContradictionKind, string) {
	if k, why := timesConflict(r.q.c, c); k != claims.NoContradiction {
		return k, why
	}
	if k, why := r.opposed(d); k != claims.NoContradiction {
		return k, why
	}
	if k, why := r.modifiers(d); k != claims.NoContradiction {
		return k, why
	}
	return roles(r.q.c, c)
}

// stance weighs polarity and modality once the propositions match.
func (r *Reader) stance(rel claims.Relation, c *claims.Claim, d *side, f *fit) (claims.Relation, claims.Stance) {
	q, missing := r.q.c, f.missing
	same := d.polarity == r.q.polarity
	rel.Kind = claims.Entails
	if rel.Score > 0.95 && len(d.words) <= len(r.q.words)+2 {
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
		if f.pred < surelyAt {
			rel.Kind, rel.Why = claims.Related, "one of the two is negated, but they may not speak of the same act"
			return rel, claims.Neutral
		}
		rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, claims.ByNegation, "the document states the opposite: one of the two is negated"
		return rel, claims.Refutes
	default:
		if same && (c.Modality == q.Modality || c.Modality == claims.Planned && r.q.ahead) {
			rel.Why = "the document " + what + ", put forward in the same way"
			return rel, claims.Supports
		}
		rel.Kind = claims.Related
		rel.Why = "the document only puts it forward as " + strings.ToLower(string(c.Modality)) + ", which supports nothing beyond itself"
		return rel, claims.Neutral
	}
}
