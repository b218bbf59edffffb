package desk

import (
	"context"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/export"
)

// exportPage is how many claims of an export are read at once.
const exportPage = 50

// Export calls fn with the claims that a listing would give, those stored until it
// began, and their documents; with verdicts, with what Corroborate says of each. It
// holds some fifty claims at a time, however many there are. It ends with fn's
// first error. Claims of documents that are deleted meanwhile are left out.
func (d *Desk) Export(ctx context.Context, q ClaimQuery, verdicts bool, fn func(*export.Item) error) error {
	last := d.watches.lastClaim.Load()
	var doc claims.Document
	p := claims.Page{Size: exportPage}
	for {
		cs, err := d.ListClaims(ctx, q, p)
		if err != nil {
			return err
		}
		for i := range cs {
			if cs[i].Seq > last {
				return nil
			}
			if doc.ID != cs[i].Document {
				if doc, err = d.store.Document(ctx, cs[i].Document); claims.CodeOf(err) == claims.CodeNotFound {
					doc = claims.Document{}
					continue
				}
				if err != nil {
					return err
				}
			}
			item := &export.Item{Claim: cs[i], Document: doc}
			if verdicts {
				a, err := d.Corroborate(ctx, claims.Query{Document: cs[i].Document, Index: cs[i].Index})
				if claims.CodeOf(err) == claims.CodeNotFound {
					continue
				}
				if err != nil {
					return err
				}
				item.Answer = &a
			}
			if err := fn(item); err != nil {
				return err
			}
		}
		if len(cs) < p.Size {
			return nil
		}
		p.After = claims.Cursor{Key: cs[len(cs)-1].Seq}
	}
}
