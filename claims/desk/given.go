package desk

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/match"
)

// Given answers a query from evidence that somebody else has judged, instead of
// the stored claims that would be found and judged: what tells errors of
// independence from errors of matching. Withdrawals and versions are looked for
// among the documents found and those of the evidence. It writes nothing.
func (d *Desk) Given(ctx context.Context, q claims.Query, evidence []claims.Evidence) (claims.Corroboration, error) {
	q.AskedAt = d.now()
	asked, text, err := d.question(ctx, q)
	if err != nil {
		return claims.Corroboration{}, err
	}
	reg, err := d.registryAsOf(ctx, q.AsOfKnown)
	if err != nil {
		return claims.Corroboration{}, err
	}
	question := match.NewReader(&asked[0]).Question(&asked[0])
	found, err := d.index.Top(ctx, question.Keys, maxCandidates)
	if err != nil {
		return claims.Corroboration{}, err
	}
	hits := ranked(question, found)
	for i := range evidence {
		hits = append(hits, seeming{claims.Hit{Claim: evidence[i].Claim.Seq, Doc: evidence[i].Document.Seq}, 1})
	}
	r, err := d.choose(ctx, hits, q, reg)
	if err != nil {
		return claims.Corroboration{}, err
	}
	return d.answer(ctx, corroborate.Input{Text: text, Claims: asked, MinOrigins: q.MinOrigins, Registry: reg, Considered: len(r.claims), Evidence: evidence}, r)
}
