package desk

import (
	"context"
	"fmt"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/match"
)

// maxCandidates is how many claims are looked at for one answer.
const maxCandidates = 600

// Corroborate answers which stored documents support or contradict a claim, how
// many independent origins are behind it, and why. It reads what was published
// and known by the query's times and writes nothing.
func (d *Desk) Corroborate(ctx context.Context, q claims.Query) (claims.Corroboration, error) {
	q.AskedAt = d.now()
	asked, text, err := d.question(ctx, q)
	if err != nil {
		return claims.Corroboration{}, err
	}
	return d.ask(ctx, q, asked, text)
}

// ask answers a question that was read: its claims, the main one first, and its
// text.
func (d *Desk) ask(ctx context.Context, q claims.Query, asked []claims.Claim, text string) (claims.Corroboration, error) {
	a, _, err := d.consider(ctx, q, asked, text)
	return a, err
}

// consider is ask, with what was read for the answer.
func (d *Desk) consider(ctx context.Context, q claims.Query, asked []claims.Claim, text string) (claims.Corroboration, reading, error) {
	reg, err := d.registryAsOf(ctx, q.AsOfKnown)
	if err != nil {
		return claims.Corroboration{}, reading{}, err
	}
	main := asked[0]
	reader := match.NewReader(&main)
	r, err := d.find(ctx, reader, &main, q, reg)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	if err := d.overrule(ctx, &r, q, text, reg); err != nil {
		return claims.Corroboration{}, r, err
	}
	in := corroborate.Input{Text: text, Claims: asked, MinOrigins: q.MinOrigins, Registry: reg, Considered: len(r.claims)}
	if r.more {
		in.Unmeasured = append(in.Unmeasured, claims.Unmeasured{Kind: claims.UnmeasuredLimit, Detail: fmt.Sprintf("only the %d claims that share most with it were looked at", maxCandidates)})
	}
	in.Unmeasured = append(in.Unmeasured, notUnderstood(&main, q.Text)...)
	if q.Text != "" {
		in.Unmeasured = append(in.Unmeasured, severalAsked(asked, text)...)
	}
	strangers, err := d.strangers(ctx, reg, q.Sources)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	in.Unmeasured = append(in.Unmeasured, strangers...)
	unread, err := d.unreadOf(ctx, &main, q)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	in.Unmeasured = append(in.Unmeasured, unread...)
	in.Evidence = d.judge(reader, r)
	a, err := d.answer(ctx, in, r)
	return a, r, err
}

// answer adds to what was judged what its independence depends on.
func (d *Desk) answer(ctx context.Context, in corroborate.Input, r reading) (claims.Corroboration, error) {
	var err error
	in.Documents, err = d.withCopies(ctx, in.Evidence)
	if err != nil {
		return claims.Corroboration{}, err
	}
	in.Withdrawals, in.Replaced, in.Read, in.Judgements = withdrawals(&in.Claims[0], r), r.replaced, r.claims, r.judgements.seqs()
	return corroborate.Answer(in), nil
}
