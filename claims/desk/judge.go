package desk

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/match"
)

// judge compares the query with every claim read and keeps, of each document and
// asserter, what supports or refutes it best, and the closest of the rest.
func (d *Desk) judge(reader *match.Reader, r reading) []claims.Evidence {
	ctxs := map[string]*match.Context{} // by document
	type slot struct {
		doc, who string
		st       claims.Stance
	}
	speaking := map[string]bool{} // the documents whose claims are judged
	for i := range r.claims {
		speaking[r.claims[i].Document] = true
	}
	order := slices.DeleteFunc(slices.Clone(r.order), func(x *claims.Document) bool { return !speaking[x.ID] })
	var standing []*match.Context
	for i, ctx := range d.contexts.All(order) {
		ctxs[order[i].ID] = ctx
		if !r.replaced[order[i].ID] {
			standing = append(standing, ctx)
		}
	}
	reader.Prepare(standing)
	best := map[slot]int{}
	var out []claims.Evidence
	for i := range r.claims {
		c := &r.claims[i]
		x := r.docs[c.Document]
		ctx := ctxs[x.ID]
		rel, st := reader.Judge(c, ctx)
		if x.Reading.Satire && st != claims.Neutral {
			st, rel.Why = claims.Neutral, "the document calls itself satire, which asserts nothing"
		}
		var by *claims.Judgement
		if r.overruled != nil {
			if rel, st, by = r.overruled.On(corroborate.ClaimName(c), c, rel, st); by != nil {
				r.judgements.add(by.Seq)
			}
		}
		if rel.Kind == claims.Unrelated {
			continue
		}
		span := c.MainSpan()
		e := claims.Evidence{Document: x, Claim: c, Span: span, Text: span.Of(x.Text), Stance: st, Relation: rel}
		if by != nil {
			e.Judgement = by.Seq
			out = append(out, e)
			continue
		}
		k := slot{x.ID, c.Attribution.Asserter().Name, st}
		if st == claims.Neutral {
			k.who = ""
		}
		if j, ok := best[k]; ok {
			if out[j].Relation.Score < rel.Score {
				out[j] = e
			}
			continue
		}
		best[k] = len(out)
		out = append(out, e)
	}
	out = append(out, fromSayings(reader, r, ctxs, out)...)
	return surest(out)
}

// besideSurest is the share of the score of the surest assertion in a document
// that another asserter's there must have: one that only resembles it is of
// something else.
const besideSurest = 0.6

// surest leaves out what stands beside a surer judgement in its document. What an
// editor judged stays, and is no measure for the rest.
func surest(all []claims.Evidence) []claims.Evidence {
	best := map[string]float64{}
	for i := range all {
		if e := &all[i]; e.Stance != claims.Neutral && e.Judgement == 0 {
			best[e.Document.ID] = max(best[e.Document.ID], e.Relation.Score)
		}
	}
	kept := all[:0]
	for _, e := range all {
		most, decided := best[e.Document.ID]
		if !decided || e.Judgement != 0 || e.Stance != claims.Neutral && e.Relation.Score >= besideSurest*most {
			kept = append(kept, e)
		}
	}
	return kept
}

// fromSayings judges what is said in sayings, in documents whose other claims
// decide nothing: whoever said it asserts it.
func fromSayings(reader *match.Reader, r reading, ctxs map[string]*match.Context, judged []claims.Evidence) []claims.Evidence {
	decided, best := map[string]bool{}, map[string]claims.Evidence{}
	for i := range judged {
		if judged[i].Stance != claims.Neutral {
			decided[judged[i].Document.ID] = true
		}
	}
	for i := range r.claims {
		x := r.docs[r.claims[i].Document]
		if decided[x.ID] || x.Reading.Satire || r.overruled != nil && r.overruled.Has(corroborate.ClaimName(&r.claims[i])) {
			continue
		}
		c, ok := match.Said(&r.claims[i])
		if !ok {
			continue
		}
		rel, st := reader.Judge(&c, ctxs[x.ID])
		if old, had := best[x.ID]; st == claims.Neutral || had && old.Relation.Score >= rel.Score {
			continue
		}
		span := c.MainSpan()
		best[x.ID] = claims.Evidence{Document: x, Claim: &c, Span: span, Text: span.Of(x.Text), Stance: st, Relation: rel}
	}
	var out []claims.Evidence
	for _, x := range r.order {
		if e, ok := best[x.ID]; ok {
			out = append(out, e)
		}
	}
	return out
}
