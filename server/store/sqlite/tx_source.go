package sqlite

import (
	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
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
	if err := record.RefuseInsert(&s, registered); err != nil {
		return err
	}
	return t.putSource(s)
}

// UpdateSource implements claims.Tx.
func (t *tx) UpdateSource(s claims.Source) error {
	registered, revision, err := t.state(s.ID)
	if err != nil {
		return err
	}
	if err := record.RefuseUpdate(&s, registered, revision); err != nil {
		return err
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
	body, err := record.SourceBody(&s)
	if err != nil {
		return err
	}
	if err := t.exec(upsertSource, s.ID, s.Kind, s.Name, record.Fold(s.Name), record.Micros(s.CreatedAt), record.Micros(s.UpdatedAt), s.Revision, body); err != nil {
		return err
	}
	if err := t.exec(dropNames, s.ID); err != nil {
		return err
	}
	for _, key := range record.SourceKeys(&s) {
		if err := t.exec(insertName, key, s.ID); err != nil {
			return err
		}
	}
	return nil
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
	names, err := record.NamesMet(cs)
	if err != nil {
		return t.fail(err)
	}
	at := record.Micros(doc.IngestedAt)
	for i := range names {
		if err := t.countName(&names[i], at); err != nil {
			return err
		}
	}
	return nil
}
