package corroborate

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// shaped names the judgements that had a part in the answer, and shows sources
// under the names that editors gave them.
func (b *builder) shaped(out *claims.Corroboration) {
	var seqs []int64
	for i := range b.items {
		seqs = append(seqs, b.items[i].judged...)
		seqs = append(seqs, b.items[i].who.judged...)
	}
	for i := range out.Origins {
		o := &out.Origins[i]
		if o.Source != nil {
			if j := b.reg.judged.Graded(o.Source.ID); j != nil {
				seqs = append(seqs, j.Seq)
			}
		}
		show(b.reg, o.Evidence)
	}
	for i := range out.Contradictions {
		show(b.reg, []claims.Evidence{out.Contradictions[i].Evidence})
	}
	show(b.reg, out.Related)
	for _, e := range b.in.Evidence {
		if e.Judgement != 0 {
			seqs = append(seqs, e.Judgement)
		}
	}
	seqs = append(seqs, b.in.Judgements...)
	slices.Sort(seqs)
	out.Judgements = slices.Compact(seqs)
}

func show(reg *Registry, es []claims.Evidence) {
	for i := range es {
		reg.Show(es[i].Claim.Attribution.Hops)
	}
}
