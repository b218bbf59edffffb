package record

import (
	"cmp"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// Met is a name that the hops of one document mention: what a store counts as a
// derived source.
type Met struct {
	ID, Key, Name string
	Kind          claims.SourceKind
	HandleKey     string // of the handle met with the name; "" for none, or when it is Key
	Mentions      int
	Body          string // JSON as SourceBody writes it, NoBody without a handle

	handle claims.Handle
}

// NoBody is the body of a derived source of which nothing but the name is known.
const NoBody = "{}"

// NamesMet gathers the names of the claims' hops by key, sorted, so that the
// order of writing does not depend on the order of claims. A hop that has only
// a handle is met under it. Unnamed sources and nobody have no name to share.
func NamesMet(cs []claims.Claim) ([]Met, error) {
	byKey := make(map[string]*Met)
	keys := make(map[string]string) // of names: most claims have the same few
	for i := range cs {
		for _, h := range cs[i].Attribution.Hops {
			name := cmp.Or(h.Name, h.Handle)
			key, known := keys[name]
			if !known {
				key = claims.NameKey(name)
				keys[name] = key
			}
			if key == "" || h.Unnamed || h.Nobody {
				continue
			}
			m := byKey[key]
			if m == nil {
				m = &Met{ID: DerivedID(key), Key: key, Name: name}
				byKey[key] = m
			}
			m.Mentions++
			m.Kind = cmp.Or(m.Kind, h.Kind)
			if m.handle.Handle == "" && h.Handle != "" {
				m.handle.Handle = h.Handle
				if h.Medium == claims.MediumTelegram || h.Medium == claims.MediumX {
					m.handle.Medium = h.Medium
				}
			}
		}
	}
	names := make([]Met, 0, len(byKey))
	for _, m := range byKey {
		m.Body = NoBody
		if m.handle.Handle != "" {
			if key := claims.NameKey(m.handle.Handle); key != m.Key {
				m.HandleKey = key
			}
			var err error
			if m.Body, err = SourceBody(&claims.Source{Handles: []claims.Handle{m.handle}}); err != nil {
				return nil, err
			}
		}
		names = append(names, *m)
	}
	slices.SortFunc(names, func(a, b Met) int { return cmp.Compare(a.Key, b.Key) })
	return names, nil
}
