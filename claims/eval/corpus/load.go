package main

import "github.com/secondsource/secondsource/claims/eval/internal/dataset"

// corpus is the archive and what is asked of it.
type corpus struct {
	bodies    []dataset.Body
	headlines []string                  // distinct, in the order of the file
	labels    map[string]map[int]string // headline -> article -> label, those that are related
}

func load(dir string) (*corpus, error) {
	bodies, pairs, err := dataset.FakeNews(dir)
	if err != nil {
		return nil, err
	}
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
