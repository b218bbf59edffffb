package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

type scenario struct {
	Documents []struct {
		ID          string    `json:"id"`
		Kind        string    `json:"kind"`
		Publisher   string    `json:"publisher"`
		PublishedAt time.Time `json:"published_at"`
		Title       string    `json:"title"`
		Forwarded   string    `json:"forwarded_from"`
		Text        string    `json:"text"`
	} `json:"documents"`
	Queries []struct {
		Claim  string    `json:"claim"`
		AsOf   time.Time `json:"as_of"`
		Expect struct {
			Supports []string `json:"supports"`
			Refutes  []string `json:"refutes"`
		} `json:"expect"`
	} `json:"queries"`
}

// load reads the scenarios of a folder and measures every document beside every
// query that may know it.
func load(dir string) ([]*row, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	x := extract.New(language.English())
	var rows []*row
	for n, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var s scenario
		if err := json.Unmarshal(b, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		more, err := measure(x, &s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		for _, r := range more {
			r.fold = n % folds
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func measure(x *extract.Extractor, s *scenario) ([]*row, error) {
	var latest time.Time
	read := map[string]*desk.Reading{}
	for _, d := range s.Documents {
		if d.PublishedAt.After(latest) {
			latest = d.PublishedAt
		}
		read[d.ID] = desk.Read(x, &claims.Document{ID: d.ID, Kind: claims.DocumentKind(d.Kind), Publisher: d.Publisher, Title: d.Title,
			ForwardedFrom: d.Forwarded, PublishedAt: d.PublishedAt, Text: d.Text})
	}
	var rows []*row
	for _, q := range s.Queries {
		at := q.AsOf
		if at.IsZero() {
			at = latest
		}
		asked, err := desk.Ask(x, q.Claim, at)
		if err != nil {
			return nil, err
		}
		for _, d := range s.Documents {
			if d.PublishedAt.After(at) {
				continue
			}
			rows = append(rows, &row{claims: asked.Features(read[d.ID]), supports: slices.Contains(q.Expect.Supports, d.ID), refutes: slices.Contains(q.Expect.Refutes, d.ID)})
		}
	}
	return rows, nil
}
