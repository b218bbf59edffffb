package rpc

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// claimTo converts a claim; text is its document's, from which the verbatim
// words of its spans are read.
func claimTo(c *claims.Claim, text string) *secondsourcev1.Claim {
	m := &secondsourcev1.Claim{
		Name:            claimName(c.Document, c.Index),
		Index:           count(c.Index),
		Text:            c.Text,
		Frame:           frameTo(&c.Frame),
		Polarity:        enumTo[secondsourcev1.Polarity](c.Polarity),
		Modality:        enumTo[secondsourcev1.Modality](c.Modality),
		Kind:            enumTo[secondsourcev1.ClaimKind](c.Kind),
		CheckWorthiness: c.CheckWorthiness,
		Confidence:      c.Confidence,
		Doubts:          c.Doubts,
		Attribution:     attributionTo(c.Attribution, text),
	}
	for _, s := range c.Evidence {
		m.Evidence = append(m.Evidence, excerpt(s, text))
	}
	return m
}

func claimsTo(cs []claims.Claim, text string) []*secondsourcev1.Claim {
	ms := make([]*secondsourcev1.Claim, len(cs))
	for i := range cs {
		ms[i] = claimTo(&cs[i], text)
	}
	return ms
}

// storedClaims converts claims of any number of documents, each of which is read
// once for its text.
func storedClaims(ctx context.Context, d Desk, cs []claims.Claim) ([]*secondsourcev1.Claim, error) {
	texts := map[string]string{}
	ms := make([]*secondsourcev1.Claim, len(cs))
	for i := range cs {
		id := cs[i].Document
		text, ok := texts[id]
		if !ok {
			document, err := d.GetDocument(ctx, id)
			if err != nil {
				return nil, err
			}
			text = document.Text
			texts[id] = text
		}
		ms[i] = claimTo(&cs[i], text)
	}
	return ms, nil
}

func frameTo(f *claims.Frame) *secondsourcev1.Frame {
	m := &secondsourcev1.Frame{
		Predicate: &secondsourcev1.Predicate{Lemma: f.Predicate.Lemma, Span: span(f.Predicate.Span), Nominal: f.Predicate.Nominal},
		Place:     f.Place,
		PlaceSpan: span(f.PlaceSpan),
	}
	for _, a := range f.Arguments {
		m.Arguments = append(m.Arguments, &secondsourcev1.Argument{
			Role: enumTo[secondsourcev1.ArgumentRole](a.Role), Text: a.Text, Head: a.Head,
			Entity: a.Entity, Preposition: a.Preposition, Also: a.Also, Span: span(a.Span)})
	}
	if t := f.Time; t != (claims.TimeSpan{}) {
		m.Time = &secondsourcev1.ClaimTime{Start: timestamp(t.Start), End: timestamp(t.End), Text: t.Text, Span: span(t.Span), Inferred: t.Inferred}
	}
	for _, q := range f.Quantities {
		m.Quantities = append(m.Quantities, &secondsourcev1.Quantity{
			Min: q.Min, Max: q.Max, Open: q.Open, Approximate: q.Approx, Unit: q.Unit, Counted: q.Of, Text: q.Text, Span: span(q.Span)})
	}
	return m
}

func attributionTo(a claims.Attribution, text string) *secondsourcev1.Attribution {
	m := &secondsourcev1.Attribution{Directness: enumTo[secondsourcev1.Manner](a.Directness())}
	for _, h := range a.Hops {
		m.Hops = append(m.Hops, &secondsourcev1.Hop{
			Mention:       h.Mention,
			CanonicalName: h.Name,
			Handle:        h.Handle,
			Kind:          enumTo[secondsourcev1.SourceKind](h.Kind),
			SpeaksFor:     h.SpeaksFor,
			Source:        sourceName(h.Source),
			SourceSpan:    span(h.SourceSpan),
			SourcePart:    partTo(h.Where),
			CueSpan:       span(h.CueSpan),
			CueText:       h.CueSpan.Of(text),
			Manner:        enumTo[secondsourcev1.Manner](h.Manner),
			Medium:        enumTo[secondsourcev1.Medium](h.Medium),
			Unnamed:       h.Unnamed,
			Nobody:        h.Nobody,
			SaidAt:        timestamp(h.At),
			Judgement:     judgementOrNone(h.Judgement),
		})
	}
	return m
}

func claimQuery(req *secondsourcev1.ListClaimsRequest) desk.ClaimQuery {
	published := interval(req.GetPublished())
	return desk.ClaimQuery{
		Document: documentID(req.GetDocument()),
		Asserter: sourceID(req.GetAsserter()),
		From:     published.From,
		To:       published.To,
		Kind:     enumFrom[claims.Kind](req.GetKind()),
	}
}
