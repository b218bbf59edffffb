package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
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
	pairs, err := readLines[pair](file)
	if err != nil {
		return err
	}
	tuned := map[string]bool{}
	for _, p := range pairs {
		if p.Body%tuningTenth == 0 {
			tuned[p.Headline] = true
		}
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 0, 1<<20), 1<<26)
	for i := 0; s.Scan(); {
		if len(s.Bytes()) == 0 {
			continue
		}
		if p := pairs[i]; p.Body%tuningTenth != 0 && !tuned[p.Headline] {
			if err := write(json.RawMessage(s.Bytes())); err != nil {
				return err
			}
		}
		i++
	}
	return s.Err()
}
