package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

type triples struct {
	ID      string      `json:"id"`
	Triples [][3]string `json:"triples"`
}

// benchie prints the propositions of each sentence as triples. What stands beside
// a noun without a verb is none: a triple's words are the sentence's own.
func benchie(_ context.Context, o options, write func(any) error) error {
	x := extract.New(language.English())
	type sentence struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	return eachLine(o.in, func(s sentence) error {
		d := &claims.Document{Kind: claims.KindArticle, Language: "en", Text: s.Text}
		out := triples{ID: s.ID, Triples: [][3]string{}}
		seen := map[[3]string]bool{}
		for _, p := range x.Propositions(d) {
			switch p.Kind {
			case extract.PropCore, extract.PropAdjunct, extract.PropModifier, extract.PropContent:
			case extract.PropBare, extract.PropMember, extract.PropTitled, extract.PropAside, extract.PropApposed, extract.PropDescribed:
				continue
			}
			t := [3]string{extract.Words(s.Text, p.Subject), extract.Words(s.Text, p.Relation), extract.Words(s.Text, p.Object)}
			if !seen[t] {
				seen[t] = true
				out.Triples = append(out.Triples, t)
			}
		}
		return write(out)
	})
}

// eachLine decodes a file of JSON lines, one value a line.
func eachLine[T any](file string, do func(T) error) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("%s, line %d: %w", file, n, err)
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return lines.Err()
}
