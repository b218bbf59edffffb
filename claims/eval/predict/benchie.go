package main

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
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
	return dataset.Each(o.in, func(s sentence, _ []byte) error {
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
