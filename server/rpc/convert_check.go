package rpc

import (
	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// What is shown of the answer to one claim of a draft.
const (
	checkedOrigins        = 10
	checkedAssertions     = 2 // of each origin
	checkedContradictions = 10
)

func checkTo(c *desk.Check) *secondsourcev1.CheckDraftResponse {
	m := &secondsourcev1.CheckDraftResponse{Draft: briefDocument(&c.Draft), Unchecked: count(c.Unchecked), Disclaimer: claims.Disclaimer}
	for i := range c.Claims {
		checked := &c.Claims[i]
		m.Claims = append(m.Claims, &secondsourcev1.CheckedClaim{
			Claim: claimTo(&checked.Claim, c.Draft.Text), Corroboration: corroborationTo(short(checked.Corroboration))})
	}
	for i := range c.LeftOut {
		l := &c.LeftOut[i]
		out := &secondsourcev1.LeftOutDocument{Document: briefDocument(&l.Document), Reason: enumTo[secondsourcev1.LeftOutReason](l.Reason)}
		if l.Reason == desk.LeftOutText {
			out.Copy = copyTo(&l.Copy)
		}
		m.LeftOut = append(m.LeftOut, out)
	}
	return m
}

// short is an answer beside a hundred others. Its claims would point into another
// text than the answer's; the claim of the draft stands beside it.
func short(c claims.Corroboration) *claims.Corroboration {
	c.Claims, c.Merges, c.Timeline, c.Related = nil, nil, nil, nil
	c.Contradictions = c.Contradictions[:min(len(c.Contradictions), checkedContradictions)]
	origins := make([]claims.Origin, min(len(c.Origins), checkedOrigins))
	for i := range origins {
		origins[i] = c.Origins[i]
		origins[i].Evidence = c.Origins[i].Evidence[:min(len(c.Origins[i].Evidence), checkedAssertions)]
	}
	c.Origins = origins
	return &c
}
