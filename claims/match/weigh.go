package match

import (
	"fmt"
	"math"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// Logits from which the grounds together settle it: support when it is likelier
// than not; what the rules call support falls, and what has a ground of its own
// contradicts, from where the development scenarios say.
const (
	forAt     = 0.0
	againstAt = -2.0
	doubtAt   = -0.5
	nearBy    = 0.65 // how well what happened must be said, there or beside it
)

// weighed decides by all grounds together where the rules see none that settles
// it, and takes back a support that they rest on too little. What contradicts
// must have a ground of its own that can be named. The score becomes the chance
// that the claim bears on the query, for or against, as fitted.
func (r *Reader) weighed(rel claims.Relation, st claims.Stance, c *claims.Claim, d *side, f *fit, ctx Context) (claims.Relation, claims.Stance) {
	somebodyElse := len(f.noName) > 0 || f.another != ""
	if somebodyElse || r.ofSaying(d) || r.early(c, ctx) || f.direct < touching {
		return rel, st
	}
	x := r.features(c, d, f, ctx, st)
	pro, con := x.weigh(&weightsFor), x.weigh(&weightsAgainst)
	rel.Score = logistic(max(pro, con))
	kind, why := r.ground(c, d, f, &x)
	switch {
	case st != claims.Refutes && con >= againstAt && kind != claims.NoContradiction && x[fHedged] == 0 && f.pred >= predicateAt:
		rel.Kind, rel.Contradiction, rel.Why = claims.Contradicts, kind, why
		return rel, claims.Refutes
	case st == claims.Supports && pro < doubtAt:
		rel.Kind, rel.Why = claims.Related, "the document shares words with it, but too little of it is said there"
		return rel, claims.Neutral
	case st == claims.Neutral && pro >= forAt && x[fNear] >= nearBy && kind == claims.NoContradiction && x[fHedged] == 0 && c.Modality != claims.Denied &&
		f.numbers >= numbersAt && r.unaligned(c, d, ctx) == "":
		rel.Kind, rel.Why = claims.Entails, "the document says the same in other words"
		if len(f.missing) > 0 {
			rel.Why = fmt.Sprintf("the document says most of it, but not %q", strings.Join(f.missing, ", "))
		}
		return rel, claims.Supports
	}
	return rel, st
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// ground names what makes the two contradict each other, the surest first.
func (r *Reader) ground(c *claims.Claim, d *side, f *fit, x *features) (claims.ContradictionKind, string) {
	switch {
	case x[fFlip] > 0 && c.Modality == claims.Denied:
		return claims.ByNegation, "it is denied there"
	case x[fFlip] > 0:
		return claims.ByNegation, "the document states the opposite: one of the two is negated"
	case f.clash != "":
		return claims.ByQuantity, f.clash
	case x[fOpposed] > 0:
		return r.opposed(d)
	case x[fModifiers] > 0:
		return r.modifiers(d)
	case x[fOtherTime] > 0:
		return timesConflict(r.q.c, c)
	case x[fConflict] > 0:
		return roles(r.q.c, c)
	}
	return claims.NoContradiction, ""
}
