package match

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/secondsource/secondsource/claims"
)

// treeTable holds two forests, fitted by claims/eval/weigh: whether a claim
// supports the query, and whether it refutes it.
//
//go:embed trees.bin
var treeTable []byte

var forests = sync.OnceValue(func() (out struct {
	pro, con         Forest
	laidPro, laidCon *laidForest
}) {
	pro, rest, err := readForest(treeTable)
	if err != nil {
		panic("match: trees.bin: " + err.Error()) // a build that is broken
	}
	con, _, err := readForest(rest)
	if err != nil {
		panic("match: trees.bin: " + err.Error())
	}
	out.pro, out.con, out.laidPro, out.laidCon = *pro, *con, pro.laid(), con.laid()
	return out
})

// Logits from which a claim supports or refutes: where scenarios held out in turn
// have their best balance of what is found and what is right.
const (
	forAt     = -1.1
	againstAt = -1.3
)

// barely is the share of the query below which a claim with its document is not
// weighed: of the claims found for a query most are of something else.
const barely = 0.2

// barred says why a claim cannot bear on the query, whatever its words, or "".
func (r *Reader) barred(c *claims.Claim, d *side) string {
	switch {
	case r.ofSaying(d):
		return "that it was said and that it is so are two claims"
	case c.Modality != claims.Asserted && c.Modality != claims.Denied && c.Modality != r.q.c.Modality && !(c.Modality == claims.Planned && r.q.ahead):
		return "the document only puts it forward as " + strings.ToLower(string(c.Modality)) + ", which supports nothing beyond itself"
	}
	return ""
}

// weighed decides by all grounds together. The score becomes the chance that the
// claim bears on the query, for or against, as fitted.
func (r *Reader) weighed(rel claims.Relation, st claims.Stance, c *claims.Claim, d *side, f *fit, ctx *Context) (claims.Relation, claims.Stance) {
	if why := r.barred(c, d); why != "" {
		if rel.Kind != claims.Unrelated {
			rel.Kind, rel.Contradiction, rel.Why = claims.Related, claims.NoContradiction, why
		}
		return rel, claims.Neutral
	}
	if st == claims.Neutral && f.all < barely {
		return rel, claims.Neutral
	}
	g := &r.grounds
	g.x = g.x[:0]
	r.measure(g, c, d, f, ctx, st, rel.Score)
	t := forests()
	g.wide = widened(g.wide[:0], g.x, max(t.laidPro.width, t.laidCon.width))
	pro, con := t.laidPro.score(g.wide)-forAt, t.laidCon.score(g.wide)-againstAt
	rel.Score = logistic(max(pro+forAt, con+againstAt))
	switch {
	case st == claims.Refutes && max(pro, con) >= 0 && r.view(ctx).other == "":
		return rel, claims.Refutes // it bears on the query, and what is against it is plain
	case con >= 0 && con > pro:
		kind, why := claims.NoContradiction, r.view(ctx).other
		if why == "" {
			if kind, why = r.ground(c, d, f, ctx); kind == claims.NoContradiction {
				why = "the document tells of the same matter, but nothing in it is plainly against this"
			}
		}
		if kind == claims.NoContradiction {
			rel.Kind, rel.Contradiction, rel.Why = claims.Related, claims.NoContradiction, why
			return rel, claims.Neutral
		}
		rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, kind, why
		return rel, claims.Refutes
	case pro >= 0 && r.another(c, d, f, ctx, &rel):
		return rel, claims.Neutral
	case pro >= 0:
		if st != claims.Supports {
			rel.Kind, rel.Contradiction, rel.Why = claims.Entails, claims.NoContradiction, "the document says the same in other words"
			if len(f.missing) > 0 {
				rel.Why = fmt.Sprintf("the document says most of it, but not %q", strings.Join(f.missing, ", "))
			}
		}
		return rel, claims.Supports
	case st != claims.Neutral:
		rel.Kind, rel.Contradiction, rel.Why = claims.Related, claims.NoContradiction, "the document shares words with it, but too little of it is said there"
	}
	return rel, claims.Neutral
}

// another tells whether the claim speaks of another matter, however much of the
// words it says, and why.
func (r *Reader) another(c *claims.Claim, d *side, f *fit, ctx *Context, rel *claims.Relation) bool {
	why := r.otherMatter(c, d, f, ctx)
	if why == "" {
		return false
	}
	rel.Kind, rel.Contradiction, rel.Why = claims.Related, claims.NoContradiction, why
	return true
}

// otherMatter says in what the claim speaks of another matter, or "".
func (r *Reader) otherMatter(c *claims.Claim, d *side, f *fit, ctx *Context) string {
	if f.another != "" {
		return fmt.Sprintf("it speaks of %q, another bearer of the name", f.another)
	}
	if r.early(c, ctx) {
		return "the document was published before the time the claim names"
	}
	if name := r.elsewhere(ctx); name != "" {
		return fmt.Sprintf("the document does not speak of %q", name)
	}
	if why := r.ofAnother(c, ctx); why != "" {
		return why
	}
	if why := cmp.Or(r.view(ctx).other, r.otherSpeaker(c, d)); why != "" {
		return why
	}
	if f.numbers < numbersAt && !r.gives(ctx) {
		return "the document does not give the number asked about"
	}
	return r.unaligned(c, d, ctx)
}

// ofAnother tells whether somebody or something in the query belongs to a name
// that the document never says and in the claim to another one: the mayor of
// Ruritania, the mayor of Borduria.
func (r *Reader) ofAnother(c *claims.Claim, ctx *Context) string {
	said := r.view(ctx).all.names
	for _, role := range [...]claims.Role{claims.Agent, claims.Patient} {
		a, b := r.q.c.Frame.Argument(role), c.Frame.Argument(role)
		if a == nil || b == nil || a.Entity != "" || r.own(tokens(a.Text), said) {
			continue
		}
		for _, n := range namesOf(tokens(b.Text), nil) {
			strange := true
			for i := range n.tokens {
				strange = strange && r.nameBits(&n.tokens[i]) == 0
			}
			if strange {
				return fmt.Sprintf("there it is %s, not %s", b.Text, a.Text)
			}
		}
	}
	return ""
}

// actAt is how well some word of the document must say what the query says happened,
// and restAt the share of its other words that makes up for it: a paraphrase has
// those at least.
const (
	actAt  = 0.3
	restAt = 0.3
)

// objectAt is how well some word of a document must say what somebody named did it
// to: who bought a ferry bought no airline.
const objectAt = 0.3

// otherObject tells whether nothing in a document says what a named party did it to.
// Without one the object is what the query is about, which may be paraphrased.
func (r *Reader) otherObject(v *view) string {
	by, to := r.q.c.Frame.Argument(claims.Agent), r.q.c.Frame.Argument(claims.Patient)
	if by == nil || by.Entity == "" || to == nil || to.Entity != "" {
		return ""
	}
	stem, said := Stem(to.Head), v.all.words
	for i, w := range r.q.words {
		if w.stem == stem && r.stations[i] != head && said[i] < objectAt {
			return fmt.Sprintf("the document does not speak of %q", to.Text)
		}
	}
	return ""
}

// otherAct tells whether nothing in a document says what the query says happened,
// nor enough of the rest of it: who and where alone make no claim.
func (r *Reader) otherAct(v *view) string {
	act, total, have := 0.0, 0.0, 0.0
	hasHead := false
	for i, said := range v.all.words {
		if r.stations[i] == head {
			hasHead = true
			act = max(act, said)
			continue
		}
		if !r.inName(r.q.words[i].stem) {
			total += r.weight[i]
			have += r.weight[i] * said
		}
	}
	if !hasHead || act >= actAt || total > 0 && have >= restAt*total {
		return ""
	}
	return "the document tells of the same things, but not that this happened"
}

// inName tells whether a word is part of one of the query's names: the bridge of
// "the Halden Bridge".
func (r *Reader) inName(stem string) bool {
	for _, n := range r.q.names {
		for i := range n.tokens {
			if n.tokens[i].stem == stem {
				return true
			}
		}
	}
	return false
}

// otherSpeaker says who else says it, where both are about a saying and the query's
// speaker is nobody by name whom the claim never mentions; or that it is denied
// there.
func (r *Reader) otherSpeaker(c *claims.Claim, d *side) string {
	if r.q.kind != claims.Utterance || d.kind != claims.Utterance {
		return ""
	}
	if debunking[c.Frame.Predicate.Lemma] != debunking[r.q.c.Frame.Predicate.Lemma] {
		return "one of the two sayings is a denial"
	}
	a, b := r.q.c.Frame.Argument(claims.Agent), c.Frame.Argument(claims.Agent)
	if a == nil || b == nil || a.Entity != "" || b.Entity == "" || alike(a, b) {
		return ""
	}
	if head := Stem(a.Head); head != "" && r.said(senseOf(head), d) < sameSpecific {
		return fmt.Sprintf("there %s says it, not %s", b.Text, a.Text)
	}
	return ""
}

// own tells whether some words hold no name of the query, or one that is said.
func (r *Reader) own(ts []token, said uint64) bool {
	var all uint64
	for i := range ts {
		if ts[i].capital {
			all |= r.nameBits(&ts[i])
		}
	}
	return all == 0 || all&said != 0
}

// elsewhere is a place or a party of the query that the document never names, or
// "".
func (r *Reader) elsewhere(ctx *Context) string {
	said := r.view(ctx).all.names
	k := 0
	for ni, n := range r.q.names {
		var need uint64
		for i := range n.tokens {
			if k < maxNameWords && n.required[i] {
				need |= 1 << k
			}
			k++
		}
		if need != 0 && said&need == 0 && (r.coreName[ni] || r.placeName[ni]) {
			return n.String()
		}
	}
	return ""
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// ground names what makes the two contradict each other, the surest first.
func (r *Reader) ground(c *claims.Claim, d *side, f *fit, ctx *Context) (claims.ContradictionKind, string) {
	flip := (d.polarity != r.q.polarity) != (c.Modality == claims.Denied)
	switch {
	case f.another != "":
		return claims.NoContradiction, ""
	case flip && c.Modality == claims.Denied:
		return claims.ByNegation, "it is denied there"
	case flip:
		return claims.ByNegation, "the document states the opposite: one of the two is negated"
	case f.clash != "":
		return claims.ByQuantity, f.clash
	}
	if k, why := r.conflict(c, d); k != claims.NoContradiction {
		return k, why
	}
	v := r.view(ctx)
	zs, at := r.zones(c, d, f, ctx, v)
	if w, x := r.contrary(&zs[inSentence], ctx, at); w != "" {
		return claims.ByAntonym, fmt.Sprintf("%q and %q cannot both be so", w, x)
	}
	if why := r.otherFigure(v, at); why != "" {
		return claims.ByQuantity, why
	}
	for _, x := range [...]struct {
		role claims.Role
		kind claims.ContradictionKind
	}{{claims.PlaceRole, claims.ByPlace}, {claims.Agent, claims.ByEntity}, {claims.Patient, claims.ByEntity}, {claims.Attribute, claims.ByEntity}} {
		if r.replaced(c, d, x.role) >= 0.5 {
			return x.kind, fmt.Sprintf("there it is %q, not %q", c.Frame.Argument(x.role).Text, r.q.c.Frame.Argument(x.role).Text)
		}
	}
	for _, i := range at {
		if v.said[i].untrue && !r.untrue {
			return claims.ByNegation, "the document calls it untrue"
		}
		if v.said[i].denies != (r.q.polarity == claims.Negative) {
			return claims.ByNegation, "the document says that it is not so"
		}
	}
	return claims.NoContradiction, ""
}
