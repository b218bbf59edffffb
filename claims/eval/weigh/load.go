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
func load(x *extract.Extractor, dir string) ([]*row, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
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
		more, err := s.measure(x)
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

func (s *scenario) measure(x *extract.Extractor) ([]*row, error) {
	var latest time.Time
	read := map[string]*desk.Reading{}
	var all []*desk.Reading
	for _, d := range s.Documents {
		if d.PublishedAt.After(latest) {
			latest = d.PublishedAt
		}
		read[d.ID] = desk.Read(x, &claims.Document{ID: d.ID, Kind: claims.DocumentKind(d.Kind), Publisher: d.Publisher, Title: d.Title,
			ForwardedFrom: d.Forwarded, PublishedAt: d.PublishedAt, Text: d.Text})
		all = append(all, read[d.ID])
	}
	var rows []*row
	for _, q := range s.Queries {
		at := q.AsOf
		if at.IsZero() {
			at = latest
		}
		var known []*desk.Reading
		for _, d := range s.Documents {
			if !d.PublishedAt.After(at) {
				known = append(known, read[d.ID])
			}
		}
		more, err := beside(x, q.Claim, at, known)
		if err != nil {
			return nil, err
		}
		for _, r := range more {
			r.label(slices.Contains(q.Expect.Supports, r.document), slices.Contains(q.Expect.Refutes, r.document))
			rows = append(rows, r)
		}
	}
	return append(rows, ownWords(x, all, latest)...), nil
}

// beside measures documents beside a question.
func beside(x *extract.Extractor, text string, at time.Time, rs []*desk.Reading) ([]*row, error) {
	asked, err := desk.Ask(x, text, at)
	if err != nil {
		return nil, err
	}
	asked.Among(rs)
	rows := make([]*row, 0, len(rs))
	for _, r := range rs {
		rows = append(rows, &row{weight: 1, negated: asked.Negated(), document: r.Document(), claims: asked.Features(r)})
	}
	return rows, nil
}
