package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

// propsegment answers both tasks of the suite: the propositions of a sentence
// (in is the file of sentences), and whether another document bears a claim out
// (in is the folder with claims.jsonl and docs.jsonl).
func propsegment(ctx context.Context, o options, write func(any) error) error {
	switch o.task {
	case "seg":
		return segment(o, write)
	case "entail":
		return entail(ctx, o, write)
	}
	return fmt.Errorf("-task %q is not seg or entail", o.task)
}

type segmented struct {
	ID           string  `json:"id"`
	Propositions [][]int `json:"propositions"`
}

// segment marks the tokens of each proposition of a sentence.
func segment(o options, write func(any) error) error {
	x := extract.New(language.English())
	type sentence struct {
		ID     string   `json:"id"`
		Text   string   `json:"text"`
		Tokens [][2]int `json:"token_offsets"` // code points
	}
	return dataset.Each(o.in, func(s sentence, _ []byte) error {
		tokens := byteTokens(s.Text, s.Tokens)
		out := segmented{ID: s.ID, Propositions: [][]int{}}
		seen := map[string]bool{}
		for _, p := range x.Propositions(&claims.Document{Kind: claims.KindArticle, Language: "en", Text: s.Text}) {
			set := tokensIn(tokens, fullest(&p)...)
			if torn(&p, set) {
				continue
			}
			if key := fmt.Sprint(set); len(set) > 0 && !seen[key] {
				seen[key] = true
				out.Propositions = append(out.Propositions, set)
			}
		}
		return write(out)
	})
}

// minSegment is the fewest tokens of a clause that a segmenter would mark.
const minSegment = 4

// torn: a segment of next to nothing, or one whose words stand apart though
// nothing between them belongs to another proposition.
func torn(p *extract.Proposition, set []int) bool {
	if len(set) == 0 {
		return true
	}
	gaps := set[len(set)-1]-set[0]+1 != len(set)
	switch p.Kind {
	case extract.PropModifier, extract.PropBare:
		return gaps || len(set) < minSegment
	case extract.PropAside, extract.PropTitled:
		return false
	case extract.PropCore, extract.PropAdjunct, extract.PropContent, extract.PropMember, extract.PropApposed, extract.PropDescribed:
	}
	return len(set) < minSegment
}

// fullest are the slots of a proposition in its longer wording: a segment names
// its participants in full and keeps the adverbs.
func fullest(p *extract.Proposition) [][]claims.Span {
	parts := [][]claims.Span{p.Relation, p.Object, p.ObjectRest, p.Adverbs, p.Complement}
	if len(p.Topic) > 0 {
		return append(parts, p.Topic)
	}
	return append(parts, p.Subject, p.SubjectRest)
}

// byteTokens turns tokens given in code points into byte ranges.
func byteTokens(text string, tokens [][2]int) []claims.Span {
	at := make([]int, 0, len(text)+1) // byte of each code point
	for i := range text {
		at = append(at, i)
	}
	at = append(at, len(text))
	n := utf8.RuneCountInString(text)
	clip := func(i int) int { return at[max(0, min(i, n))] }
	out := make([]claims.Span, len(tokens))
	for k, tok := range tokens {
		out[k] = claims.Span{Start: clip(tok[0]), End: clip(tok[1])}
	}
	return out
}

// tokensIn numbers the tokens that lie in any of the ranges, in order. The tokens
// are in order of text and apart.
func tokensIn(tokens []claims.Span, slots ...[]claims.Span) []int {
	var out []int
	for _, slot := range slots {
		for _, s := range slot {
			k := sort.Search(len(tokens), func(k int) bool { return tokens[k].End > s.Start })
			for ; k < len(tokens) && tokens[k].Start < s.End; k++ {
				out = append(out, k)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pair is a claim and the document it is held against. Neither label nor votes
// are read.
type pair struct {
	ID      string `json:"id"`
	Claim   string `json:"claim"`
	Premise string `json:"premise_doc"`
}

type labelled struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// entail asks, for each claim, a newsroom that holds nothing but the premise.
func entail(ctx context.Context, o options, write func(any) error) error {
	texts := map[string]string{}
	type document struct {
		Doc  string `json:"doc"`
		Text string `json:"text"`
	}
	if err := dataset.Each(filepath.Join(o.in, "docs.jsonl"), func(d document, _ []byte) error {
		texts[d.Doc] = d.Text
		return nil
	}); err != nil {
		return err
	}
	var order []string
	by := map[string][]pair{}
	if err := dataset.Each(filepath.Join(o.in, "claims.jsonl"), func(p pair, _ []byte) error {
		if _, ok := texts[p.Premise]; !ok {
			return fmt.Errorf("claim %s: there is no document %q", p.ID, p.Premise)
		}
		if by[p.Premise] == nil {
			order = append(order, p.Premise)
		}
		by[p.Premise] = append(by[p.Premise], p)
		return nil
	}); err != nil {
		return err
	}
	for _, premise := range order {
		if err := entailed(ctx, texts[premise], by[premise], write); err != nil {
			return fmt.Errorf("document %s: %w", premise, err)
		}
	}
	return nil
}

// entailed asks about every claim held against one text.
func entailed(ctx context.Context, text string, pairs []pair, write func(any) error) (err error) {
	d, stop, err := dataset.Newsroom(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	at := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC) // the suite dates nothing
	if _, err := d.Ingest(ctx, desk.IngestRequest{Document: claims.Document{
		Kind: claims.KindArticle, Publisher: "Premise", PublishedAt: at, Text: text, Language: "en"}}); err != nil {
		return err
	}
	for _, p := range pairs {
		c, err := d.Corroborate(ctx, claims.Query{Text: p.Claim, AsOfPublished: at})
		var bad *claims.Error
		if errors.As(err, &bad) && bad.Reason == claims.ReasonNoClaim {
			c.Verdict = claims.Unreported // a fragment that states nothing
		} else if err != nil {
			return fmt.Errorf("claim %s: %w", p.ID, err)
		}
		if err := write(labelled{p.ID, stance(c.Verdict)}); err != nil {
			return err
		}
	}
	return nil
}

// stance is the suite's word for what one document does to a claim.
func stance(v claims.Verdict) string {
	switch v {
	case claims.SingleOrigin, claims.Corroborated, claims.Disputed:
		return "SUPPORTS"
	case claims.Refuted:
		return "REFUTES"
	case claims.Unreported:
	}
	return "NOT_ENOUGH_INFO"
}
