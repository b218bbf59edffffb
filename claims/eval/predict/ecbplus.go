package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/match"
)

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
		mentions, events, err := dataset.Events(strings.TrimSuffix(f, "_mentions.jsonl"))
		if err != nil {
			return err
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
