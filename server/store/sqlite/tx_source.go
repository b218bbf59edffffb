package sqlite

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// Source implements claims.Tx.
func (t *tx) Source(id string) (claims.Source, error) {
	var s claims.Source
	ok, err := t.row(func(row scanner) (err error) {
		s, err = scanSource(row)
		return err
	}, sourceByID, id)
	if err == nil && !ok {
		err = claims.NotFound(claims.ReasonSourceNotFound, "sources/"+id)
	}
	if err != nil {
		return claims.Source{}, err
	}
	return s, nil
}

// state reads what decides whether a source may be written; one that is not
// stored is not registered.
func (t *tx) state(id string) (registered bool, revision int64, err error) {
	_, err = t.row(func(row scanner) error { return row.Scan(&registered, &revision) },
		`SELECT registered, revision FROM sources WHERE id = ?`, id)
	return registered, revision, err
}

// InsertSource implements claims.Tx.
func (t *tx) InsertSource(s claims.Source) error {
	registered, _, err := t.state(s.ID)
	if err != nil {
		return err
	}
	if registered {
		return &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonSourceExists,
			Message: fmt.Sprintf("sources/%s is registered already", s.ID)}
	}
	return t.putSource(s)
}

// UpdateSource implements claims.Tx.
func (t *tx) UpdateSource(s claims.Source) error {
	registered, revision, err := t.state(s.ID)
	switch {
	case err != nil:
		return err
	case !registered:
		return claims.NotFound(claims.ReasonSourceNotFound, "sources/"+s.ID)
	case revision != s.Revision:
		return &claims.Error{Code: claims.CodeConflict, Reason: claims.ReasonStaleRevision,
			Message: fmt.Sprintf("sources/%s is at revision %d, not %d: read it again", s.ID, revision, s.Revision)}
	}
	s.Revision++
	return t.putSource(s)
}

const (
	upsertSource = `INSERT INTO sources (id, registered, kind, name, name_fold, mentions, created_at, updated_at, revision, body)
	VALUES (?, 1, ?, ?, ?, 0, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET registered = 1, kind = excluded.kind, name = excluded.name, name_fold = excluded.name_fold,
	created_at = excluded.created_at, updated_at = excluded.updated_at, revision = excluded.revision, body = excluded.body`
	dropNames  = `DELETE FROM source_names WHERE source = ?`
	insertName = `INSERT INTO source_names (key, source) VALUES (?, ?) ON CONFLICT DO NOTHING`
)

// putSource stores a registered source under all its names.
func (t *tx) putSource(s claims.Source) error {
	body, err := encode("the source", sourceBody{s.Aliases, s.Handles, s.ControlledBy, s.SpeaksFor, s.Reliability})
	if err != nil {
		return err
	}
	if err := t.exec(upsertSource, s.ID, s.Kind, s.Name, fold(s.Name), micros(s.CreatedAt), micros(s.UpdatedAt), s.Revision, body); err != nil {
		return err
	}
	if err := t.exec(dropNames, s.ID); err != nil {
		return err
	}
	names := []string{s.Name}
	for _, a := range s.Aliases {
		names = append(names, a.Name)
	}
	for _, h := range s.Handles {
		names = append(names, h.Handle)
	}
	for _, name := range names {
		if key := claims.NameKey(name); key != "" {
			if err := t.exec(insertName, key, s.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// met is a name that the hops of one document mention.
type met struct {
	key, name string
	kind      claims.SourceKind
	handle    claims.Handle
	mentions  int
}

// namesMet gathers the names of the claims' hops by key, sorted, so that the
// order of writing does not depend on the order of claims. A hop that has only
// a handle is met under it. Unnamed sources and nobody have no name to share.
func namesMet(cs []claims.Claim) []met {
	byKey := make(map[string]*met)
	for i := range cs {
		for _, h := range cs[i].Attribution.Hops {
			name := cmp.Or(h.Name, h.Handle)
			key := claims.NameKey(name)
			if key == "" || h.Unnamed || h.Nobody {
				continue
			}
			m := byKey[key]
			if m == nil {
				m = &met{key: key, name: name}
				byKey[key] = m
			}
			m.mentions++
			m.kind = cmp.Or(m.kind, h.Kind)
			if m.handle.Handle == "" && h.Handle != "" {
				m.handle.Handle = h.Handle
				if h.Medium == claims.MediumTelegram || h.Medium == claims.MediumX {
					m.handle.Medium = h.Medium
				}
			}
		}
	}
	names := make([]met, 0, len(byKey))
	for _, m := range byKey {
		names = append(names, *m)
	}
	slices.SortFunc(names, func(a, b met) int { return cmp.Compare(a.key, b.key) })
	return names
}

// A derived source keeps the first name, and the first kind and handle that a
// hop tells. Once promoted only its hidden count goes on.
const (
	countName = `INSERT INTO sources (id, registered, derived_key, kind, name, name_fold, mentions, created_at, updated_at, revision, body)
	VALUES (?, 0, ?, ?, ?, ?, ?, ?7, ?7, 0, ?8)
	ON CONFLICT (id) DO UPDATE SET mentions = mentions + excluded.mentions,
	kind = iif(registered = 0 AND kind = '', excluded.kind, kind),
	body = iif(registered = 0 AND body = '{}', excluded.body, body)`
	nameDerived = `INSERT INTO source_names (key, source) SELECT ?, id FROM sources WHERE id = ? AND registered = 0 AND body = ?
	ON CONFLICT DO NOTHING`
	nameAny = `INSERT INTO source_names (key, source) SELECT ?, id FROM sources WHERE id = ? AND registered = 0 ON CONFLICT DO NOTHING`
)

// countNames counts the names in the claims' hops as derived sources.
func (t *tx) countNames(doc *claims.Document, cs []claims.Claim) error {
	for _, m := range namesMet(cs) {
		id := derivedID(m.key)
		var b sourceBody
		if m.handle.Handle != "" {
			b.Handles = []claims.Handle{m.handle}
		}
		body, err := encode("a hop", b)
		if err != nil {
			return t.fail(err)
		}
		if err := t.exec(countName, id, m.key, m.kind, m.name, fold(m.name), m.mentions, micros(doc.IngestedAt), body); err != nil {
			return err
		}
		if err := t.exec(nameAny, m.key, id); err != nil {
			return err
		}
		if key := claims.NameKey(m.handle.Handle); key != "" && key != m.key {
			if err := t.exec(nameDerived, key, id, body); err != nil {
				return err
			}
		}
	}
	return nil
}
