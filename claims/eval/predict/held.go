package main

import (
	"context"
	"encoding/json"
	"path/filepath"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

// tuningTenth: pairs of the Fake News Challenge whose body_id is divisible by
// ten tune thresholds.
const tuningTenth = 10

// held copies the lines of pairs.jsonl on which figures are given, as they are:
// those outside the tuning tenth that share no headline with it.
func held(_ context.Context, o options, write func(any) error) error {
	type pair struct {
		Headline string `json:"headline"`
		Body     int    `json:"body_id"`
	}
	file := filepath.Join(o.in, "pairs.jsonl")
	tuned := map[string]bool{}
	if err := dataset.Each(file, func(p pair, _ []byte) error {
		if p.Body%tuningTenth == 0 {
			tuned[p.Headline] = true
		}
		return nil
	}); err != nil {
		return err
	}
	return dataset.Each(file, func(p pair, raw []byte) error {
		if p.Body%tuningTenth == 0 || tuned[p.Headline] {
			return nil
		}
		return write(json.RawMessage(raw))
	})
}
