package desk

import (
	"context"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// GetDocument returns a stored document.
func (d *Desk) GetDocument(ctx context.Context, id string) (claims.Document, error) {
	return d.store.Document(ctx, id)
}

// ListDocuments lists documents, newest first.
func (d *Desk) ListDocuments(ctx context.Context, f claims.DocumentFilter, p claims.Page) ([]claims.Document, error) {
	return d.store.Documents(ctx, f, p)
}

// maxChain bounds the versions that are walked back to find the first.
const maxChain = 100_000

// ListVersions lists the versions of a document's publication, in the order in
// which they stand in one another's place; Cursor.ID is the id of the last of the
// page before.
func (d *Desk) ListVersions(ctx context.Context, id string, p claims.Page) ([]claims.Document, error) {
	if p.After.ID != "" {
		id = p.After.ID
	}
	x, err := d.store.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	next := x.Next
	if p.After.ID == "" {
		for range maxChain {
			if x.Previous == "" {
				break
			}
			if x, err = d.store.Document(ctx, x.Previous); err != nil {
				return nil, err
			}
		}
		next = x.ID
	}
	var out []claims.Document
	for next != "" && len(out) < p.Size {
		if x, err = d.store.Document(ctx, next); err != nil {
			return nil, err
		}
		out = append(out, x)
		next = x.Next
	}
	return out, nil
}

// GetClaim returns one claim of a document, its chain linked.
func (d *Desk) GetClaim(ctx context.Context, document string, index int) (claims.Claim, error) {
	c, err := d.store.Claim(ctx, document, index)
	if err != nil {
		return c, err
	}
	cs := []claims.Claim{c}
	err = d.linkStored(ctx, cs)
	return cs[0], err
}

// ClaimQuery narrows a listing of claims; zero fields do not filter.
type ClaimQuery struct {
	Document string // document id
	Asserter string // source id, name or handle of the deepest asserter
	From, To time.Time
	Kind     claims.Kind
}

// ListClaims lists claims in order of storing. Those of documents under embargo
// are left out, unless their document is asked for by name.
func (d *Desk) ListClaims(ctx context.Context, q ClaimQuery, p claims.Page) ([]claims.Claim, error) {
	if q.Document != "" {
		if _, err := d.store.Document(ctx, q.Document); err != nil {
			return nil, err
		}
	}
	l, err := d.listing(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.Document == "" {
		return d.freeClaims(ctx, l, p)
	}
	cs, err := l.page(ctx, p)
	if err != nil {
		return nil, err
	}
	return cs, d.linkStored(ctx, cs)
}

// freeClaims is a full page of the claims that no embargo holds back, as long as
// there are any.
func (d *Desk) freeClaims(ctx context.Context, l *listing, p claims.Page) ([]claims.Claim, error) {
	var out []claims.Claim
	now, size := d.now(), p.Size
	for {
		cs, err := l.page(ctx, p)
		if err != nil {
			return nil, err
		}
		held, err := d.held(ctx, cs, now)
		if err != nil {
			return nil, err
		}
		for i := range cs {
			if len(out) < size && !held[cs[i].Document] {
				out = append(out, cs[i])
			}
		}
		if len(out) == size || len(cs) < size {
			return out, d.linkStored(ctx, out)
		}
		p.After = claims.Cursor{Key: cs[len(cs)-1].Seq}
	}
}

// held are the ids of the claims' documents that are under embargo.
func (d *Desk) held(ctx context.Context, cs []claims.Claim, now time.Time) (map[string]bool, error) {
	docs, err := d.store.DocumentsByID(ctx, documentsOf(cs))
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for i := range docs {
		if !free(&docs[i], now) {
			held[docs[i].ID] = true
		}
	}
	return held, nil
}

// documentsOf are the ids of the documents of claims, each once.
func documentsOf(cs []claims.Claim) []string {
	ids := make([]string, 0, len(cs))
	for i := range cs {
		ids = append(ids, cs[i].Document)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// eachDerived calls fn with every derived source, by time of its first mention,
// until fn returns false.
func (d *Desk) eachDerived(ctx context.Context, fn func(*claims.Source) bool) error {
	derived := false
	for p := (claims.Page{Size: 1000}); ; {
		met, err := d.store.Sources(ctx, claims.SourceFilter{Registered: &derived}, p)
		if err != nil {
			return err
		}
		for i := range met {
			if !fn(&met[i]) {
				return nil
			}
		}
		if len(met) < p.Size {
			return nil
		}
		last := &met[len(met)-1]
		p.After = claims.Cursor{Key: last.CreatedAt.UnixMicro(), ID: last.ID}
	}
}

// linkStored links claims of stored documents.
func (d *Desk) linkStored(ctx context.Context, cs []claims.Claim) error {
	docs, err := d.store.DocumentsByID(ctx, documentsOf(cs))
	if err != nil {
		return err
	}
	published := map[string]time.Time{}
	for i := range docs {
		published[docs[i].ID] = docs[i].PublishedAt
	}
	return d.link(ctx, cs, published)
}
