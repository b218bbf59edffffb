package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// evidence is what gold says of each document: the claims that were judged so,
// or, where none was, the one that shares the most words with the query.
func evidence(c *dataset.Corpus, found *claims.Corroboration, query string, gold *expected) []claims.Evidence {
	var out []claims.Evidence
	for _, side := range [...]struct {
		stance claims.Stance
		docs   []string
	}{{claims.Supports, gold.Supports}, {claims.Refutes, gold.Refutes}} {
		for i := range c.Stored {
			x := &c.Stored[i]
			if !slices.Contains(side.docs, c.DocumentID(x.Document.ID)) {
				continue
			}
			var judged []claims.Evidence
			for _, o := range found.Origins {
				for _, e := range o.Evidence {
					if o.Stance == side.stance && e.Document.ID == x.Document.ID {
						judged = append(judged, e)
					}
				}
			}
			if len(judged) == 0 {
				if e, ok := likest(x, query, side.stance, out); ok {
					judged = append(judged, e)
				}
			}
			for _, e := range judged {
				e.Relation.Score = 1 // gold is sure
				out = append(out, e)
			}
		}
	}
	return out
}

// likest is the claim of a document that says most of the query's words, the
// rarer the better, in the mood that the stance calls for; taken are the claims
// that stand on the other side.
func likest(x *desk.IngestResult, query string, stance claims.Stance, taken []claims.Evidence) (best claims.Evidence, ok bool) {
	want, top := match.Stems(query), -1.0
	for i := range x.Claims {
		cl := &x.Claims[i]
		if slices.ContainsFunc(taken, func(e claims.Evidence) bool { return e.Claim.Document == cl.Document && e.Claim.Index == cl.Index }) {
			continue
		}
		span := cl.MainSpan()
		have, near := match.Stems(cl.Text), match.Stems(span.Of(x.Document.Text))
		score := 0.0
		for _, s := range want {
			w := 0.2 + match.Rarity(s)
			if slices.Contains(have, s) {
				score += w
			} else if slices.Contains(near, s) {
				score += w / 2
			}
		}
		against := cl.Modality == claims.Denied || cl.Polarity == claims.Negative
		switch {
		case cl.Modality != claims.Asserted && cl.Modality != claims.Denied, against != (stance == claims.Refutes):
			score *= 0.7
		}
		if cl.Kind == claims.Utterance {
			score *= 0.9 // what was said stands beside it
		}
		if score <= top {
			continue
		}
		top, ok = score, true
		rel := claims.Relation{Kind: claims.Entails, Why: "gold", EvidenceSpan: span, QuerySpan: claims.Span{End: len(query)}}
		if stance == claims.Refutes {
			rel.Kind, rel.Contradiction = claims.Contradicts, contradiction(query, cl)
		}
		best = claims.Evidence{Document: &x.Document, Claim: cl, Span: span, Text: span.Of(x.Document.Text), Stance: stance, Relation: rel}
	}
	return best, ok
}

// contradiction guesses in what a claim contradicts a query, which gold does not
// tell: by a value where both give one and nothing is negated.
func contradiction(query string, c *claims.Claim) claims.ContradictionKind {
	if c.Modality == claims.Denied || c.Polarity == claims.Negative || len(c.Frame.Quantities) == 0 || !slices.ContainsFunc([]rune(query), func(r rune) bool { return r >= '0' && r <= '9' }) {
		return claims.ByNegation
	}
	return claims.ByQuantity
}

// show prints an answer that is wrong with what it rests on.
func show(w io.Writer, c *dataset.Corpus, title string, gold *expected, a *claims.Corroboration) error {
	_, err := fmt.Fprintf(w, "%s\n  want %s %d %v supports %v refutes %v (%s)\n  got  %s %d-%d\n", title, gold.Verdict, gold.IndependentOrigins, gold.Origins,
		gold.Supports, gold.Refutes, gold.Why, a.Verdict, a.OriginsMin, a.OriginsMax)
	for _, o := range a.Origins {
		_, e := fmt.Fprintf(w, "    %s %q identified=%v: %s\n", o.Stance, o.Name, o.Identified, o.Why)
		err = errors.Join(err, e)
		for _, e := range o.Evidence {
			hops := make([]string, 0, len(e.Claim.Attribution.Hops))
			for _, h := range e.Claim.Attribution.Hops {
				hops = append(hops, fmt.Sprintf("%s[%s]", h.Name, h.Manner))
			}
			_, e2 := fmt.Fprintf(w, "      %s %v %q\n", c.DocumentID(e.Document.ID), hops, e.Text)
			err = errors.Join(err, e2)
		}
	}
	for _, m := range a.Merges {
		_, e := fmt.Fprintf(w, "    merge %s %s: %s\n", m.Reason, c.DocumentID(m.Document), m.Detail)
		err = errors.Join(err, e)
	}
	return err
}

