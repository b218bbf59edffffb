package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

type predictedClaim struct {
	Document   string   `json:"document"`
	Text       string   `json:"text"`
	Start      int      `json:"start"`
	End        int      `json:"end"`
	AssertedBy string   `json:"asserted_by"`
	Chain      []string `json:"chain"`
	Cue        string   `json:"cue"`
	Directness string   `json:"directness"`
	Modality   string   `json:"modality"`
}

type prediction struct {
	ID      string           `json:"id"`
	Queries []dataset.Answer `json:"queries"`
	Claims  []predictedClaim `json:"claims"`
}

func scenarios(ctx context.Context, o options, write func(any) error) error {
	return dataset.EachScenario(o.in, func(s *dataset.Scenario) error {
		p, err := answerScenario(ctx, s)
		if err != nil {
			return err
		}
		return write(p)
	})
}

// answerScenario asks a newsroom of its own everything.
func answerScenario(ctx context.Context, s *dataset.Scenario) (p prediction, err error) {
	c, err := s.Open(ctx)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	p = prediction{ID: s.ID, Queries: []dataset.Answer{}, Claims: []predictedClaim{}}
	for i := range c.Stored {
		for k := range c.Stored[i].Claims {
			p.Claims = append(p.Claims, predicted(c, &c.Stored[i].Document, &c.Stored[i].Claims[k]))
		}
	}
	for _, q := range s.Queries {
		cq, err := c.Query(q)
		if err != nil {
			return p, err
		}
		a, err := c.Corroborate(ctx, cq)
		if err != nil {
			return p, fmt.Errorf("query %q: %w", q.Claim, err)
		}
		p.Queries = append(p.Queries, c.Answer(&a))
	}
	return p, nil
}

// called is the name of a hop: the scenario's id when it is linked.
func called(c *dataset.Corpus, h claims.Hop) string {
	if id, ok := c.SourceID(h.Source); ok {
		return id
	}
	if h.SpeaksFor != "" {
		return h.SpeaksFor
	}
	if h.Name != "" {
		return h.Name
	}
	return h.Mention
}

func predicted(corpus *dataset.Corpus, doc *claims.Document, c *claims.Claim) predictedClaim {
	span := c.MainSpan()
	out := predictedClaim{Document: corpus.DocumentID(doc.ID), Text: c.Text, Start: span.Start, End: span.End, Directness: string(c.Attribution.Directness()), Modality: string(c.Modality), Chain: []string{}}
	for _, h := range c.Attribution.Hops {
		if h.Nobody && h.Name == "" && h.Mention == "" {
			continue
		}
		out.Chain = append(out.Chain, called(corpus, h))
	}
	if n := len(out.Chain); n > 0 {
		out.AssertedBy = out.Chain[n-1]
	}
	out.Cue = cue(doc.Text, c.Attribution.Asserter())
	return out
}

// cue is the source phrase with its cue words, as the suite writes it.
func cue(text string, h claims.Hop) string {
	if h.CueSpan.Empty() {
		return ""
	}
	s := h.CueSpan
	if h.Where == claims.WhereText && !h.SourceSpan.Empty() {
		if all := s.Cover(h.SourceSpan); all.Len() < 200 {
			s = all
		}
	}
	return s.Of(text)
}
