package desk

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/match"
)

// withCopies finds which of the documents that bear on the answer share their
// wording, whatever was known when each was stored, and sets their Copies: the
// earlier published is the original. It returns all documents concerned.
func (d *Desk) withCopies(ctx context.Context, evidence []claims.Evidence) ([]*claims.Document, error) {
	seen := map[string]*claims.Document{}
	var docs []*claims.Document
	for _, e := range evidence {
		// What was seen when it was stored depends on the order of arrival.
		e.Document.Copies = nil
		if e.Stance != claims.Neutral && seen[e.Document.ID] == nil {
			seen[e.Document.ID] = e.Document
			docs = append(docs, e.Document)
		}
	}
	slices.SortStableFunc(docs, originalFirst)
	var known copies.Few
	for i, x := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := d.compared.Sign(x.Text, x.Seq)
		x.Copies = nil
		for _, k := range known.Similar(s, maxSimilar) {
			o := docs[k-1]
			if sameSeries(x, o) {
				continue
			}
			ov := d.compared.Compare(x.Text, o.Text, x.Seq, o.Seq)
			if kind := copies.Kind(ov); kind != "" {
				x.Copies = append(x.Copies, claims.Copy{Document: o.ID, Kind: kind, Containment: ov.Containment, Resemblance: ov.Resemblance, Span: ov.A, Other: ov.B})
			}
		}
		sortCopies(x.Copies)
		known.Add(int64(i+1), s)
	}
	return docs, nil
}

// originalFirst puts the likelier original of two documents of one wording first:
// the earlier published, one whose time is known, one whose publisher is known.
func originalFirst(a, b *claims.Document) int {
	unknown := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(unknown(a.PublishedAt.IsZero()), unknown(b.PublishedAt.IsZero())), a.PublishedAt.Compare(b.PublishedAt),
		cmp.Compare(unknown(a.Publisher == ""), unknown(b.Publisher == "")), cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Text, b.Text))
}

// withdrawals are the documents read that take something back and speak of what
// the query speaks of.
func withdrawals(main *claims.Claim, r reading) []*claims.Document {
	want := match.Stems(main.Text)
	var out []*claims.Document
	for _, x := range r.order {
		if x.Reading.Withdrawal == nil || r.replaced[x.ID] || x.Status == claims.StatusRetracted {
			continue
		}
		ctx := match.NewContext(x)
		total, have := 0.0, 0.0
		for _, s := range want {
			w := 0.2 + match.Rarity(s)
			total += w
			if ctx.Has(s) {
				have += w
			}
		}
		if total > 0 && have >= 0.4*total {
			out = append(out, x)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].PublishedAt.Before(out[j].PublishedAt) })
	return out
}
