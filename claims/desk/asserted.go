package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/editorial"
)

// asserter is a source whose claims are listed, as editors have it.
type asserter struct {
	keys []string        // of all names that documents use for it
	ids  map[string]bool // of the sources that it is
	st   *editorial.State
}

// asserter finds whose claims are meant by a name, handle or id: those of a source
// and of what was merged with it; of a name nobody has registered, its own.
func (d *Desk) asserter(ctx context.Context, name string) (asserter, error) {
	reg, err := d.registry(ctx)
	if err != nil {
		return asserter{}, err
	}
	a := asserter{ids: map[string]bool{}, st: reg.State()}
	r, err := d.resolve(ctx, reg, name, time.Time{})
	if claims.CodeOf(err) == claims.CodeNotFound {
		a.keys = []string{claims.NameKey(name)}
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.keys = []string{claims.NameKey(name)}
	for _, id := range a.st.Sources.Members(r.Source.ID) {
		s, err := d.store.Source(ctx, id)
		if claims.CodeOf(err) == claims.CodeNotFound {
			continue // it went with what documents named so
		}
		if err != nil {
			return a, err
		}
		a.ids[id] = true
		keys, err := d.keysOf(ctx, reg, &s)
		if err != nil {
			return a, err
		}
		a.keys = append(a.keys, keys...)
	}
	return a, nil
}

// keysOf are the keys of all names of a source, those that documents use for it
// among them.
func (d *Desk) keysOf(ctx context.Context, reg *corroborate.Registry, s *claims.Source) ([]string, error) {
	keys := []string{claims.NameKey(s.Name), claims.NameKey(s.ID)}
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
	err := d.eachDerived(ctx, func(met *claims.Source) bool {
		if x, ok := reg.Find(met.Name, d.now()); ok && x.Source.ID == s.ID {
			keys = append(keys, claims.NameKey(met.Name))
		}
		return true
	})
	return keys, err
}

// listing reads claims page by page, those of an asserter as editors have it.
type listing struct {
	desk   *Desk
	filter claims.ClaimFilter
	by     asserter
	given  []claims.Claim // whose asserter an editor made this one, in order of Seq
}

func (d *Desk) listing(ctx context.Context, q ClaimQuery) (*listing, error) {
	l := &listing{desk: d, filter: claims.ClaimFilter{Document: q.Document, From: q.From, To: q.To, Kind: q.Kind}}
	if q.Asserter == "" {
		return l, nil
	}
	var err error
	if l.by, err = d.asserter(ctx, q.Asserter); err != nil {
		return nil, err
	}
	l.filter.Asserter = l.by.keys
	for name, j := range l.by.st.Attributed() {
		if !l.by.ids[strings.TrimPrefix(j.Object, "sources/")] {
			continue
		}
		document, index := claimOf(name)
		c, err := d.store.Claim(ctx, document, index)
		if claims.CodeOf(err) == claims.CodeNotFound {
			continue // erased since
		}
		if err != nil {
			return nil, err
		}
		if q.Document == "" || q.Document == document {
			l.given = append(l.given, c)
		}
	}
	slices.SortFunc(l.given, func(a, b claims.Claim) int { return cmp.Compare(a.Seq, b.Seq) })
	return l, l.within(ctx)
}

// within leaves those given out that the other filters do not let through.
func (l *listing) within(ctx context.Context) error {
	f := l.filter
	if len(l.given) == 0 {
		return nil
	}
	docs, err := l.desk.store.DocumentsByID(ctx, documentsOf(l.given))
	if err != nil {
		return err
	}
	published := map[string]time.Time{}
	for i := range docs {
		published[docs[i].ID] = docs[i].PublishedAt
	}
	l.given = slices.DeleteFunc(l.given, func(c claims.Claim) bool {
		at, stored := published[c.Document]
		return !stored || f.Kind != "" && c.Kind != f.Kind || !f.From.IsZero() && at.Before(f.From) || !f.To.IsZero() && !at.Before(f.To)
	})
	return nil
}

// page is one page; it is full as long as there are any claims.
func (l *listing) page(ctx context.Context, p claims.Page) ([]claims.Claim, error) {
	var out []claims.Claim
	for next := p; ; {
		cs, err := l.desk.store.Claims(ctx, l.filter, next)
		if err != nil {
			return nil, err
		}
		for i := range cs {
			if !l.away(&cs[i]) {
				out = append(out, cs[i])
			}
		}
		if len(cs) < next.Size || len(out) >= p.Size {
			break
		}
		next.After = claims.Cursor{Key: cs[len(cs)-1].Seq}
	}
	for i := range l.given {
		if l.given[i].Seq > p.After.Key {
			out = append(out, l.given[i])
		}
	}
	if len(l.given) > 0 {
		slices.SortFunc(out, func(a, b claims.Claim) int { return cmp.Compare(a.Seq, b.Seq) })
		out = slices.CompactFunc(out, func(a, b claims.Claim) bool { return a.Seq == b.Seq })
	}
	return out[:min(len(out), p.Size)], nil
}

// away tells whether an editor gave a claim to another asserter.
func (l *listing) away(c *claims.Claim) bool {
	if l.by.st == nil {
		return false
	}
	j := l.by.st.Asserter(corroborate.ClaimName(c))
	return j != nil && !l.by.ids[strings.TrimPrefix(j.Object, "sources/")]
}
