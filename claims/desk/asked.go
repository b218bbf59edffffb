package desk

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
)

// severalAsked says which of the sentences of a query was asked about, where it has
// claims in more than one.
func severalAsked(asked []claims.Claim, text string) []claims.Unmeasured {
	main := asked[0].MainSpan()
	for _, c := range asked[1:] {
		s := c.MainSpan()
		first, second := main, s
		if s.Start < main.Start {
			first, second = s, main
		}
		if first.Empty() || second.Empty() || second.Start < first.End || second.Start > len(text) {
			continue
		}
		if sentenceEnds(text[first.End:second.Start], text[second.Start:]) {
			return []claims.Unmeasured{{Kind: claims.UnmeasuredQuery, Detail: fmt.Sprintf("several things were asked at once: only %q was looked for; ask about each by itself", asked[0].Text)}}
		}
	}
	return nil
}

// sentenceEnds tells whether a sentence ends in what stands between two claims.
func sentenceEnds(between, after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return strings.ContainsAny(between, ".!?\n") && strings.ContainsAny(between, " \t\n") && unicode.IsUpper(r)
}

// strangers says which of the publishers that a query is narrowed to nobody has heard
// of: a slip of the pen would read as a finding.
func (d *Desk) strangers(ctx context.Context, reg *corroborate.Registry, names []string) ([]claims.Unmeasured, error) {
	var out []claims.Unmeasured
	for _, name := range names {
		if _, ok := reg.Find(name, time.Time{}); ok {
			continue
		}
		met, err := d.store.SourcesByKey(ctx, []string{claims.NameKey(name)})
		if err != nil {
			return nil, err
		}
		if len(met) > 0 {
			continue
		}
		docs, err := d.store.Documents(ctx, claims.DocumentFilter{Publisher: name}, claims.Page{Size: 1})
		if err != nil {
			return nil, err
		}
		if len(docs) == 0 {
			out = append(out, claims.Unmeasured{Kind: claims.UnmeasuredQuery, Detail: fmt.Sprintf("no source or publisher is called %q", name)})
		}
	}
	return out, nil
}
