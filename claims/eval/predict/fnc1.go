package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// fnc1 tells how the articles of bodies.jsonl bear on the headlines of
// pairs.jsonl.
func fnc1(_ context.Context, o options, write func(any) error) error {
	type body struct {
		ID   int    `json:"body_id"`
		Text string `json:"text"`
	}
	type pair struct {
		ID       string `json:"id"`
		Headline string `json:"headline"`
		Body     int    `json:"body_id"`
	}
	bodies, err := dataset.Lines[body](filepath.Join(o.in, "bodies.jsonl"))
	if err != nil {
		return err
	}
	pairs, err := dataset.Lines[pair](filepath.Join(o.in, "pairs.jsonl"))
	if err != nil {
		return err
	}
	texts := map[int]*match.Text{}
	for _, b := range bodies {
		texts[b.ID] = match.NewText(&claims.Document{Text: b.Text})
	}
	labels := map[match.Bearing]string{match.Agrees: "agree", match.Disagrees: "disagree", match.Discusses: "discuss", match.Elsewhere: "unrelated"}
	for _, p := range pairs {
		t := texts[p.Body]
		if t == nil {
			return fmt.Errorf("pair %s: there is no body %d", p.ID, p.Body)
		}
		if err := write(map[string]string{"id": p.ID, "label": labels[t.Bearing(p.Headline)]}); err != nil {
			return err
		}
	}
	return nil
}
