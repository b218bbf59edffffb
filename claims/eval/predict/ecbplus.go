package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

// ecbDoc and ecbMention are what may be read of the suite's input: no topic, no
// cluster.
type ecbDoc struct {
	Doc       string `json:"doc"`
	Text      string `json:"text"`
	Sentences []struct {
		N    int    `json:"n"`
		Char [2]int `json:"char"`
	} `json:"sentences"`
}

type ecbMention struct {
	Mention  string `json:"mention"`
	Doc      string `json:"doc"`
	Sentence int    `json:"sentence"`
	Char     [2]int `json:"char"`
	Text     string `json:"text"`
}

// ecbplus groups the mentions of events in the documents of a folder: the pair
// of files *_docs.jsonl and *_mentions.jsonl in it, each pair apart; when there
// are several, in order of name.
func ecbplus(_ context.Context, o options, write func(any) error) error {
	files, err := filepath.Glob(filepath.Join(o.in, "*_mentions.jsonl"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no *_mentions.jsonl in %s", o.in)
	}
	for n, f := range files {
		mentions, err := dataset.Lines[ecbMention](f)
		if err != nil {
			return err
		}
		docs, err := dataset.Lines[ecbDoc](f[:len(f)-len("mentions.jsonl")] + "docs.jsonl")
		if err != nil {
			return err
		}
		events, err := eventsOf(docs, mentions)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		for i, c := range match.SameEvents(events) {
			err := write(map[string]string{"mention": mentions[i].Mention, "cluster": strconv.Itoa(n) + "." + strconv.Itoa(c)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// eventsOf puts mentions and documents in an order that does not depend on ids
// or on the order of lines.
func eventsOf(docs []ecbDoc, mentions []ecbMention) ([]match.Mention, error) {
	order := slices.Clone(docs)
	slices.SortFunc(order, func(a, b ecbDoc) int { return cmp.Compare(a.Text, b.Text) })
	number := map[string]int{}
	for i, d := range order {
		number[d.Doc] = i
	}
	out := make([]match.Mention, len(mentions))
	for i, m := range mentions {
		k, ok := number[m.Doc]
		if !ok {
			return nil, fmt.Errorf("mention %s: there is no document %s", m.Mention, m.Doc)
		}
		e := match.Mention{Doc: k, DocText: order[k].Text, At: m.Char[0], Text: m.Text}
		text := []rune(order[k].Text)
		for _, s := range order[k].Sentences {
			if s.N == m.Sentence && s.Char[0] >= 0 && s.Char[0] <= s.Char[1] && s.Char[1] <= len(text) {
				e.Sentence = string(text[s.Char[0]:s.Char[1]])
			}
		}
		out[i] = e
	}
	return out, nil
}
