package editorial

import (
	"fmt"

	"github.com/secondsource/secondsource/claims"
)

// Overrules tells whether any judgement says how claims stand to one another.
func (s *State) Overrules() bool { return len(s.relations)+len(s.stances) > 0 }

// Overruled are the judgements that say how stored claims stand to a query, by the
// claims' resource names. The query is known by its words, and by the resource
// names of the stored claims that it is.
type Overruled struct {
	relations, stances map[string]*claims.Judgement
}

// Overruled gathers them; nil when there are none. Where several targets are the
// query, the latest judgement on each claim decides.
func (s *State) Overruled(text string, names ...string) *Overruled {
	o := &Overruled{map[string]*claims.Judgement{}, map[string]*claims.Judgement{}}
	gather := func(into, from map[string]*claims.Judgement) {
		for claim, j := range from {
			if old := into[claim]; old == nil || old.Seq < j.Seq {
				into[claim] = j
			}
		}
	}
	gather(o.stances, s.stances[textTarget(text)])
	for _, name := range names {
		gather(o.stances, s.stances[name])
		gather(o.relations, s.relations[name])
	}
	if len(o.relations)+len(o.stances) == 0 {
		return nil
	}
	return o
}

// Has tells whether an editor judged a claim.
func (o *Overruled) Has(name string) bool {
	return o.relations[name] != nil || o.stances[name] != nil
}

// Claims are the resource names of the claims it speaks of, each once, in no order.
func (o *Overruled) Claims() []string {
	if o == nil {
		return nil
	}
	all := make([]string, 0, len(o.relations)+len(o.stances))
	for name := range o.relations {
		all = append(all, name)
	}
	for name := range o.stances {
		if o.relations[name] == nil {
			all = append(all, name)
		}
	}
	return all
}

// On gives what editors say of a claim in the place of what was judged; by is the
// judgement that decided, nil when there is none.
func (o *Overruled) On(name string, c *claims.Claim, rel claims.Relation, st claims.Stance) (_ claims.Relation, _ claims.Stance, by *claims.Judgement) {
	if j := o.relations[name]; j != nil {
		by = j
		rel.Kind, rel.Contradiction = claims.RelationKind(j.Value[RelationValue]), claims.ContradictionKind(j.Value[ContradictionValue])
		st = follows(c, rel)
	}
	if j := o.stances[name]; j != nil {
		by = j
		st = claims.Stance(j.Value[StanceValue])
		rel.Kind, rel.Contradiction = kindOf(st, rel)
	}
	if by != nil {
		rel.Score, rel.Why = 1, "an editor judged so: "+Says(by)
	}
	return rel, st, by
}

// follows is the stance of a claim that has a relation, by how it is put forward.
func follows(c *claims.Claim, rel claims.Relation) claims.Stance {
	asserted, denied := c.Modality == claims.Asserted, c.Modality == claims.Denied
	switch rel.Kind {
	case claims.Equivalent, claims.Entails:
		if asserted {
			return claims.Supports
		}
		if denied {
			return claims.Refutes
		}
	case claims.Contradicts, claims.Updates:
		if asserted {
			return claims.Refutes
		}
		if denied && rel.Contradiction == claims.ByNegation {
			return claims.Supports
		}
	case claims.Related, claims.Unrelated:
	}
	return claims.Neutral
}

// kindOf is the relation that goes with a stance: the one there is, where it does.
func kindOf(st claims.Stance, rel claims.Relation) (claims.RelationKind, claims.ContradictionKind) {
	switch st {
	case claims.Supports:
		if rel.Kind == claims.Equivalent {
			return rel.Kind, claims.NoContradiction
		}
		return claims.Entails, claims.NoContradiction
	case claims.Refutes:
		if rel.Kind == claims.Contradicts || rel.Kind == claims.Updates {
			return rel.Kind, rel.Contradiction
		}
		return claims.Contradicts, claims.NoContradiction
	case claims.Neutral:
	}
	return claims.Related, claims.NoContradiction
}

// Says is a judgement's evidence in words: who, when and why.
func Says(j *claims.Judgement) string {
	who := j.Editor
	if who == "" {
		who = "an editor"
	}
	return fmt.Sprintf("%s, %s: %q (judgements/%d)", who, j.At.UTC().Format("2 January 2006 15:04 UTC"), j.Reason, j.Seq)
}
