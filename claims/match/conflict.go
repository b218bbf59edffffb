package match

import (
	"fmt"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// enders turn what they govern into its end.
var enders = stemSet("end halt stop cease cessation prevent avoid avert against oppose ceasefire restraint refrain")

func reversed(text string) bool {
	for _, s := range Stems(text) {
		if enders[s] {
			return true
		}
	}
	return false
}

// opposed finds an antonym of the query's predicate, or of what it says somebody
// is, in the claim's.
func (r *Reader) opposed(d *side) (claims.ContradictionKind, string) {
	for _, p := range r.q.told {
		if d.holds(p) {
			return claims.NoContradiction, "" // it says the very word
		}
		for _, x := range d.told {
			if !r.q.holds(x) && opposite(p, x) {
				return claims.ByAntonym, fmt.Sprintf("%q and %q cannot both be so", p, x)
			}
		}
	}
	return claims.NoContradiction, ""
}

// modifiers finds words before one noun that cannot both be said of it: the left
// knee and the right.
func (r *Reader) modifiers(d *side) (claims.ContradictionKind, string) {
	for i := 1; i < len(r.q.tokens); i++ {
		p, noun := r.q.tokens[i-1].stem, r.q.tokens[i].stem
		if p == "" || noun == "" || d.holds(p) || !d.holds(noun) {
			continue
		}
		for k := 1; k < len(d.tokens); k++ {
			x := d.tokens[k-1].stem
			if d.tokens[k].stem == noun && x != "" && !r.q.holds(x) && opposite(p, x) {
				return claims.ByAntonym, fmt.Sprintf("%q and %q cannot both be said of one %s", r.q.tokens[i-1].lower, d.tokens[k-1].lower, r.q.tokens[i].lower)
			}
		}
	}
	return claims.NoContradiction, ""
}

func stemsOf(l []*sense) []string {
	out := make([]string, len(l))
	for i, x := range l {
		out[i] = x.stem
	}
	return out
}

func attributeStems(c *claims.Claim) []string {
	if a := c.Frame.Argument(claims.Attribute); a != nil {
		return Stems(a.Text)
	}
	return nil
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
var symmetric = stemSet("speak talk converse conversation meet meeting agree discuss discussion call telephone merge marry clash fight negotiate talks summit")

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
	bs, n := shortStems(b.Text), 0
	if len(bs) == 0 {
		return false
	}
	var room [16]string
	have := append(room[:0], shortStems(a.Text)...)
	for _, also := range a.Also {
		have = append(have, shortStems(also)...)
	}
	if len(have) > 1 {
		slices.Sort(have)
		have = slices.Compact(have)
	}
	for _, s := range bs {
		if slices.Contains(have, s) {
			n++
		}
	}
	return n > 0 && n*2 >= min(len(bs), len(have))
}

// shortStems is Stems, remembered for what is short. Nobody changes the result.
func shortStems(text string) []string { return stemLists.get(text, Stems) }

var stemLists memo[[]string]
