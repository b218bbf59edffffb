package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

type body struct {
	ID   int    `json:"body_id"`
	Text string `json:"text"`
}

// corpus is the archive and what is asked of it.
type corpus struct {
	bodies    []body
	headlines []string                  // distinct, in the order of the file
	labels    map[string]map[int]string // headline -> article -> label, those that are related
}

func load(dir string) (*corpus, error) {
	type pair struct {
		Headline string `json:"headline"`
		Body     int    `json:"body_id"`
		Label    string `json:"label"`
	}
	bodies, err := readLines[body](filepath.Join(dir, "bodies.jsonl"))
	if err != nil {
		return nil, err
	}
	pairs, err := readLines[pair](filepath.Join(dir, "pairs.jsonl"))
	if err != nil {
		return nil, err
	}
	sort.Slice(bodies, func(i, j int) bool { return bodies[i].ID < bodies[j].ID })
	c := &corpus{bodies: bodies, labels: map[string]map[int]string{}}
	for _, p := range pairs {
		if c.labels[p.Headline] == nil {
			c.labels[p.Headline] = map[int]string{}
			c.headlines = append(c.headlines, p.Headline)
		}
		if p.Label != "unrelated" {
			c.labels[p.Headline][p.Body] = p.Label
		}
	}
	return c, nil
}

// readLines reads a file of JSON lines. Fields that T lacks are not read.
func readLines[T any](file string) ([]T, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(make([]byte, 0, 1<<20), 1<<26)
	for n := 1; s.Scan(); n++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		out = append(out, v)
	}
	return out, s.Err()
}
