package match

import (
	"math"

	"github.com/secondsource/secondsource/claims"
)

// The features by which the bearing of a claim on a query is weighed. Shares are
// 0..1, flags 0 or 1.
const (
	fDirect      = iota // share of the query said by the claim itself
	fNear               // share of what happened said by the claim or beside it
	fWords              // share of the query's words said by the claim
	fMissMax            // weight of the rarest word that is not said
	fMissing            // share of the words that are not said
	fNoName             // flag: a name is nowhere in the document
	fAnother            // flag: it speaks of another bearer of a name
	fNumber             // flag: the query has numbers
	fHeld               // share of them borne out
	fSameTime           // flag: both have a time and they agree
	fOtherTime          // flag: both have a time and they do not
	fOpposed            // flag: an antonym
	fModifiers          // flag: modifiers that exclude each other
	fFlip               // flag: one of the two is negated, or the claim is a denial
	fHedged             // flag: put forward otherwise than the query
	fSaying             // flag: one is about a saying
	fConflict           // flag: a number, an antonym, a modifier or swapped roles are against it
	fLength             // log of the claim's words for each of the query's
	fAbout              // share said, times the share of what happened
	fAgent              // 1, .5 or -.5: the agent is the same, is spoken of, is not
	fPatient            // the same of what it is done to
	fPlace              // the same of the place
	fRuleFor            // flag: the rules call it support
	fRuleAgainst        // flag: the rules call it refutation
	nFeatures
)

type features [nFeatures]float64

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// features measures a claim against the query.
func (r *Reader) features(c *claims.Claim, d *side, f *fit, ctx Context, rules claims.Stance) (x features) {
	q := &r.q
	near := ctx.near(c.MainSpan())
	if blind(c) {
		near = nil
	}
	happened := f.pred
	for _, p := range q.pred {
		for _, w := range near {
			happened = max(happened, r.same(p, r.sense(w)))
		}
	}
	total, said, most := 0.0, 0.0, 0.0
	for i, w := range q.words {
		v := r.said(w, d)
		beside := v
		for _, n := range near {
			beside = max(beside, r.same(w, r.sense(n)))
		}
		total += q.weight[i]
		said += q.weight[i] * v
		if beside < sameRoot {
			most = max(most, q.weight[i])
		}
	}
	if total == 0 {
		total, said = 1, 0.5
	}
	x[fDirect], x[fNear], x[fWords], x[fMissMax] = f.direct, happened, said/total, most
	x[fMissing] = float64(len(f.missing)) / float64(1+len(q.words))
	x[fNoName], x[fAnother] = flag(len(f.noName) > 0), flag(f.another != "")
	if len(q.nums) > 0 {
		x[fNumber], x[fHeld] = 1, f.numbers
	}
	late, _ := timesConflict(q.c, c)
	x[fOtherTime] = flag(late != claims.NoContradiction)
	x[fSameTime] = flag(q.c.Frame.Time.Known() && c.Frame.Time.Known() && late == claims.NoContradiction)
	opposed, _ := r.opposed(d)
	modifiers, _ := r.modifiers(d)
	swapped, _ := roles(q.c, c)
	x[fOpposed], x[fModifiers] = flag(opposed != claims.NoContradiction), flag(modifiers != claims.NoContradiction)
	x[fConflict] = max(x[fOpposed], x[fModifiers], flag(swapped != claims.NoContradiction), flag(f.clash != ""))
	denied := c.Modality == claims.Denied
	x[fFlip] = flag((d.polarity != q.polarity) != denied)
	x[fHedged] = flag(c.Modality != claims.Asserted && !denied && c.Modality != q.c.Modality)
	x[fSaying] = flag(r.ofSaying(d))
	x[fLength] = math.Log(float64(1+len(d.words)) / float64(1+len(q.words)))
	x[fAbout] = f.all * happened
	x[fAgent], x[fPatient], x[fPlace] = r.role(c, d, claims.Agent), r.role(c, d, claims.Patient), r.role(c, d, claims.PlaceRole)
	x[fRuleFor], x[fRuleAgainst] = flag(rules == claims.Supports), flag(rules == claims.Refutes)
	return x
}

// role tells whether the claim has what plays a role in the query in the same
// one (1), elsewhere (.5), or nowhere (-.5); 0 where the query has none.
func (r *Reader) role(c *claims.Claim, d *side, role claims.Role) float64 {
	a, b := r.q.c.Frame.Argument(role), c.Frame.Argument(role)
	switch {
	case a == nil:
		return 0
	case b != nil && alike(a, b):
		return 1
	case a.Entity != "" && mentions(d, a.Entity):
		return 0.5
	}
	for _, s := range Stems(a.Text) {
		if d.set[s] {
			return 0.5
		}
	}
	return -0.5
}

// weigh is the logit of a linear model.
func (x *features) weigh(w *[nFeatures + 1]float64) float64 {
	sum := w[nFeatures]
	for i, v := range x {
		sum += w[i] * v
	}
	return sum
}

// Features measures a claim against the query, for the command that fits the
// weights (claims/eval/weigh). The rules alone decide its last two.
func (r *Reader) Features(c *claims.Claim, ctx Context) []float64 {
	d := makeSide(c, r.sense)
	f := r.fit(&d, ctx)
	_, st := r.rules(c, &d, &f, ctx)
	x := r.features(c, &d, &f, ctx, st)
	return x[:]
}
