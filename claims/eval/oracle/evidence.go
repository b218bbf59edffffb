package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// evidence is what gold says of each document, by the claim that was judged so
// most surely or, where none was, the one that is most like the query.
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
			e, ok := best(found, x.Document.ID, side.stance)
			if !ok {
				e, ok = likest(x, query, side.stance, out)
			}
			if ok {
				e.Relation.Score = 1 // gold is sure
				out = append(out, e)
			}
		}
	}
	return out
}

// best is the claim of a document that was judged to have the stance most surely.
func best(found *claims.Corroboration, doc string, stance claims.Stance) (best claims.Evidence, ok bool) {
	for i := range found.Origins {
		for _, e := range found.Origins[i].Evidence {
			if e.Stance == stance && e.Document.ID == doc && (!ok || e.Relation.Score > best.Relation.Score) {
				best, ok = e, true
			}
		}
	}
	return best, ok
}

// likest is the claim of a document that says most of the query's words, the
// rarer the better, in the mood that the stance calls for; taken are the claims
// that stand on the other side. What is said in a saying counts as its speaker's.
func likest(x *desk.IngestResult, query string, stance claims.Stance, taken []claims.Evidence) (best claims.Evidence, ok bool) {
	want, top := asked(query), -1.0
	for i := range x.Claims {
		cl := &x.Claims[i]
		if slices.ContainsFunc(taken, func(e claims.Evidence) bool { return e.Claim.Document == cl.Document && e.Claim.Index == cl.Index }) {
			continue
		}
		score := 1.0
		if cl.Kind == claims.Utterance {
			score = 0.5 // what was said mostly stands beside it
			if said, ok := match.Said(cl); ok {
				cl, score = &said, 0.9
			}
		}
		against := cl.Modality == claims.Denied || cl.Polarity == claims.Negative
		if cl.Modality != claims.Asserted && cl.Modality != claims.Denied || against != (stance == claims.Refutes) {
			score *= 0.7
		}
		span := cl.MainSpan()
		score *= want.share(cl.Text) + want.share(span.Of(x.Document.Text))
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

// wanted are the words of a query: those that carry meaning by their stems, names
// and numbers as they stand.
type wanted struct{ stems, names []string }

func asked(query string) wanted {
	w := wanted{stems: match.Stems(query)}
	for i, f := range words(query) {
		if r := []rune(f); len(r) > 1 && (unicode.IsDigit(r[0]) || unicode.IsUpper(r[0]) && i > 0) {
			w.names = append(w.names, strings.ToLower(f))
		}
	}
	return w
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ',' })
}

// share is how much of what is wanted a text says, in the same or like words, the
// rarer the more.
func (w wanted) share(text string) float64 {
	have, total, got := match.Stems(text), 0.0, 0.0
	for _, s := range w.stems {
		weight, like := 0.2+match.Rarity(s), 0.0
		for _, h := range have {
			like = max(like, match.Same(s, h))
		}
		total += weight
		got += weight * like
	}
	lower := strings.Fields(strings.ToLower(strings.Join(words(text), " ")))
	for _, n := range w.names {
		total += 0.5
		if slices.Contains(lower, n) {
			got += 0.5
		}
	}
	return got / max(1, total)
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
