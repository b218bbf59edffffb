package main

import (
	"context"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// pairs answers suites of two texts side by side.
func pairs(label func(claim, evidence string) string) func(context.Context, options, func(any) error) error {
	type pair struct {
		ID       string `json:"id"`
		Claim    string `json:"claim"`
		Evidence string `json:"evidence"`
	}
	return func(_ context.Context, o options, write func(any) error) error {
		all, err := dataset.Lines[pair](o.in)
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := write(map[string]string{"id": p.ID, "label": label(p.Claim, p.Evidence)}); err != nil {
				return err
			}
		}
		return nil
	}
}

// msrp tells whether two sentences of the news say the same.
var msrp = pairs(func(a, b string) string {
	if match.Paraphrase(a, b) {
		return "PARAPHRASE"
	}
	return "DIFFERENT"
})

// feversym tells whether a text bears a claim out or contradicts it; it is known
// to do one of the two.
var feversym = pairs(func(claim, evidence string) string {
	if match.Holds(claim, evidence) {
		return "SUPPORTS"
	}
	return "REFUTES"
})
