package desk

import (
	"context"
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

// ListClaims lists claims in order of storing.
func (d *Desk) ListClaims(ctx context.Context, q ClaimQuery, p claims.Page) ([]claims.Claim, error) {
	f := claims.ClaimFilter{Document: q.Document, From: q.From, To: q.To, Kind: q.Kind}
	if q.Document != "" {
		if _, err := d.store.Document(ctx, q.Document); err != nil {
			return nil, err
		}
	}
	if q.Asserter != "" {
		keys, err := d.asserterKeys(ctx, q.Asserter)
		if err != nil {
			return nil, err
		}
		f.Asserter = keys
	}
	cs, err := d.store.Claims(ctx, f, p)
	if err != nil {
		return nil, err
	}
	return cs, d.linkStored(ctx, cs)
}

// asserterKeys are the keys of all names of a source, those that documents use
// for it among them; of a name nobody has registered, its own.
func (d *Desk) asserterKeys(ctx context.Context, name string) ([]string, error) {
	reg, err := d.registry(ctx)
	if err != nil {
		return nil, err
	}
	r, err := d.resolve(ctx, reg, name, time.Time{})
	if claims.CodeOf(err) == claims.CodeNotFound {
		return []string{claims.NameKey(name)}, nil
	}
	if err != nil {
		return nil, err
	}
	s := r.Source
	keys := []string{claims.NameKey(s.Name), claims.NameKey(name), claims.NameKey(s.ID)}
	for _, a := range s.Aliases {
		keys = append(keys, claims.NameKey(a.Name))
	}
	for _, h := range s.Handles {
		keys = append(keys, claims.NameKey(h.Handle))
	}
	if !s.Registered {
		return keys, nil
	}
	// "Russia's Foreign Ministry" is met in documents under a key of its own and
	// linked when read: a listing must have what the links will say.
	err = d.eachDerived(ctx, func(met *claims.Source) bool {
		if x, ok := reg.Find(met.Name, d.now()); ok && x.Source.ID == s.ID {
			keys = append(keys, claims.NameKey(met.Name))
		}
		return true
	})
	return keys, err
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
	ids := make([]string, 0, len(cs))
	published := map[string]time.Time{}
	for i := range cs {
		if _, ok := published[cs[i].Document]; !ok {
			published[cs[i].Document] = time.Time{}
			ids = append(ids, cs[i].Document)
		}
	}
	docs, err := d.store.DocumentsByID(ctx, ids)
	if err != nil {
		return err
	}
	for i := range docs {
		published[docs[i].ID] = docs[i].PublishedAt
	}
	return d.link(ctx, cs, published)
}
